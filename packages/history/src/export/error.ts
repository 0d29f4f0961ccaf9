/**
 * Why an export could not begin or go on: one error with a reason.
 */
import * as Schema from "effect/Schema"

const id = (tag: string) => `@effect-kalshi/history/ExportError/${tag}`

/**
 * What is kept beside the output is of an export of something else.
 *
 * @since 0.1.0
 * @category reasons
 */
export class AnotherExport extends Schema.TaggedError<AnotherExport>(id("AnotherExport"))("AnotherExport", {
  path: Schema.String,
  field: Schema.String,
  was: Schema.String,
  is: Schema.String
}) {
  override get message(): string {
    return (
      `${this.path} is of another export: its ${this.field} was ${this.was} and is ${this.is} here; ` +
      "say the same again, name another output, or restart to replace it"
    )
  }
}

/**
 * What is kept beside the output cannot be gone on with.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Damaged extends Schema.TaggedError<Damaged>(id("Damaged"))("Damaged", {
  path: Schema.String,
  description: Schema.String
}) {
  override get message(): string {
    return `${this.path} is damaged (${this.description}) and was left as it is; put it back, or restart to read everything again`
  }
}

/**
 * The output is there already, and nothing says that it is of an export.
 *
 * @since 0.1.0
 * @category reasons
 */
export class NotOurs extends Schema.TaggedError<NotOurs>(id("NotOurs"))("NotOurs", { path: Schema.String }) {
  override get message(): string {
    return `${this.path} is there already, and not of an export that can be gone on with; name another output, or restart to replace it`
  }
}

/**
 * The output that should be added to is gone.
 *
 * @since 0.1.0
 * @category reasons
 */
export class OutputGone extends Schema.TaggedError<OutputGone>(id("OutputGone"))("OutputGone", {
  path: Schema.String
}) {
  override get message(): string {
    return `${this.path} is gone, to which what is new would be added; put it back, or restart to read everything again`
  }
}

/**
 * Another process is at the same export.
 *
 * @since 0.1.0
 * @category reasons
 */
export class InUse extends Schema.TaggedError<InUse>(id("InUse"))("InUse", {
  path: Schema.String,
  process: Schema.optionalKey(Schema.Int)
}) {
  override get message(): string {
    return this.process === undefined
      ? `another process is at the export to ${this.path}; wait for it`
      : `process ${this.process} is at this export; wait for it, or, if it is something else, remove ${this.path}`
  }
}

const Reason = Schema.Union([AnotherExport, Damaged, NotOurs, OutputGone, InUse])

/**
 * Why an export could not begin or go on; one reason each.
 *
 * @since 0.1.0
 * @category models
 */
export type ExportReason = typeof Reason.Type

/**
 * An export could not begin or go on; nothing that it had is lost.
 *
 * @since 0.1.0
 * @category errors
 */
export class ExportError extends Schema.TaggedError<ExportError>("@effect-kalshi/history/ExportError")("ExportError", {
  reason: Reason
}) {
  /** What is the matter, and what to do. */
  override get message(): string {
    return this.reason.message
  }
}

export const because = (reason: ExportReason): ExportError => new ExportError({ reason })
