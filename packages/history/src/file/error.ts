/**
 * Why a file cannot be read back: one error with a reason.
 */
import * as Schema from "effect/Schema"

const id = (tag: string) => `@effect-kalshi/history/FileError/${tag}`

/**
 * The file cannot be opened or read; `description` is what the system says.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Unreadable extends Schema.TaggedError<Unreadable>(id("Unreadable"))("Unreadable", {
  description: Schema.String
}) {
  override get message(): string {
    return `it cannot be read (${this.description}); name a file that is there and that you may read`
  }
}

/**
 * The file breaks off: in NDJSON and CSV on this line, from 1.
 *
 * @since 0.1.0
 * @category reasons
 */
export class CutOff extends Schema.TaggedError<CutOff>(id("CutOff"))("CutOff", {
  line: Schema.optionalKey(Schema.Int)
}) {
  override get message(): string {
    const where = this.line === undefined ? "" : ` on line ${this.line}`
    return `it breaks off${where}; what wrote or copied it did not finish: write or copy it again`
  }
}

/**
 * What is in the file, in NDJSON and CSV on this line, from 1, is none of the
 * records that were asked for.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Foreign extends Schema.TaggedError<Foreign>(id("Foreign"))("Foreign", {
  line: Schema.optionalKey(Schema.Int),
  description: Schema.String
}) {
  override get message(): string {
    const where = this.line === undefined ? "" : `line ${this.line}: `
    return `${where}${this.description}; name the format, the compression and the records that it was written with`
  }
}

const Reason = Schema.Union([Unreadable, CutOff, Foreign])

/**
 * Why a file cannot be read back; one reason each.
 *
 * @since 0.1.0
 * @category models
 */
export type FileReason = typeof Reason.Type

/**
 * A file of records cannot be read back; `reason` says why, and its message
 * what to do.
 *
 * @since 0.1.0
 * @category errors
 */
export class FileError extends Schema.TaggedError<FileError>("@effect-kalshi/history/FileError")("FileError", {
  path: Schema.String,
  reason: Reason,
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message(): string {
    return `${this.path}: ${this.reason.message}`
  }
}
