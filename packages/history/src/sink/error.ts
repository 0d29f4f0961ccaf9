/**
 * Why records could not be kept: one error with a reason.
 */
import * as Predicate from "effect/Predicate"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"

const id = (tag: string) => `@effect-kalshi/history/SinkError/${tag}`

/**
 * The file cannot be written where it is wanted; `description` is what the
 * system says.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Unwritable extends Schema.TaggedError<Unwritable>(id("Unwritable"))("Unwritable", {
  path: Schema.String,
  description: Schema.String
}) {
  override get message(): string {
    return `${this.path} cannot be written (${this.description}); name a file in a folder that you may write to`
  }
}

/**
 * The disk, or what this user may have of it, is full.
 *
 * @since 0.1.0
 * @category reasons
 */
export class DiskFull extends Schema.TaggedError<DiskFull>(id("DiskFull"))("DiskFull", { path: Schema.String }) {
  override get message(): string {
    return `the disk is full: ${this.path} is as it was before; make room, or name a file on another disk, and run it again`
  }
}

/**
 * What has the name already is no file but a folder or a device.
 *
 * @since 0.1.0
 * @category reasons
 */
export class NotAFile extends Schema.TaggedError<NotAFile>(id("NotAFile"))("NotAFile", { path: Schema.String }) {
  override get message(): string {
    return `${this.path} is a folder or a device, which is not replaced; name a file`
  }
}

/**
 * Somebody else writes the same file at the same time: theirs goes on.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Contended extends Schema.TaggedError<Contended>(id("Contended"))("Contended", { path: Schema.String }) {
  override get message(): string {
    return `another program began to write ${this.path} meanwhile; run one at a time, or name another file`
  }
}

/**
 * A record holds what the format cannot say; `key` is the record's own.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Unsayable extends Schema.TaggedError<Unsayable>(id("Unsayable"))("Unsayable", {
  key: Schema.String,
  description: Schema.String
}) {
  override get message(): string {
    return `the record ${JSON.stringify(this.key)} cannot be written: ${this.description}; NDJSON holds every text`
  }
}

/**
 * The database could not do it; what it says is `description`.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Database extends Schema.TaggedError<Database>(id("Database"))("Database", {
  table: Schema.String,
  description: Schema.String
}) {
  override get message(): string {
    return (
      `the table ${this.table} cannot be written (${this.description}); what was written before is kept, ` +
      "and running it again writes no row twice"
    )
  }
}

/**
 * A table of that name is there, and is none of these records.
 *
 * @since 0.1.0
 * @category reasons
 */
export class AnotherTable extends Schema.TaggedError<AnotherTable>(id("AnotherTable"))("AnotherTable", {
  table: Schema.String,
  description: Schema.String
}) {
  override get message(): string {
    return `the table ${this.table} is something else (${this.description}) and was left alone; name another table`
  }
}

const Reason = Schema.Union([Unwritable, DiskFull, NotAFile, Contended, Unsayable, Database, AnotherTable])

/**
 * Why a sink failed; one reason each.
 *
 * @since 0.1.0
 * @category models
 */
export type SinkReason = typeof Reason.Type

/**
 * Records could not be kept; `reason` says why, and its message what to do.
 *
 * @since 0.1.0
 * @category errors
 */
export class SinkError extends Schema.TaggedError<SinkError>("@effect-kalshi/history/SinkError")("SinkError", {
  reason: Reason,
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message(): string {
    return this.reason.message
  }
}

/** Makes the error of a reason. */
export const because = (reason: SinkReason, cause?: unknown): SinkError =>
  new SinkError({ reason, ...(cause === undefined ? {} : { cause }) })

const FULL = new Set<unknown>(["ENOSPC", "EDQUOT"])

/** Says of what the file system refused what it was. */
export const refused =
  (path: string) =>
  (error: PlatformError): SinkError => {
    const { cause } = error.reason
    if (Predicate.hasProperty(cause, "code") && FULL.has(cause.code)) return because(new DiskFull({ path }), error)
    const description = cause instanceof Error ? cause.message : error.message
    return because(new Unwritable({ path, description }), error)
  }
