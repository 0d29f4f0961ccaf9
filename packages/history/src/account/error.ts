/**
 * Why a folder is not the history of an account: one error with a reason.
 */
import * as Schema from "effect/Schema"

const id = (tag: string) => `@effect-kalshi/history/FolderError/${tag}`

const Names = Schema.Array(Schema.String)

/** The names of a list, in words. */
export const listed = (names: ReadonlyArray<string>): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`

/**
 * The folder cannot be read, or is none; `description` is what the system says.
 *
 * @since 0.1.0
 * @category reasons
 */
export class NotAFolder extends Schema.TaggedError<NotAFolder>(id("NotAFolder"))("NotAFolder", {
  description: Schema.String
}) {
  override get message(): string {
    return `is no folder that can be read (${this.description}); name the one that an export of the account was written to`
  }
}

/**
 * Files that a ledger cannot do without are not there.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Missing extends Schema.TaggedError<Missing>(id("Missing"))("Missing", { kinds: Names }) {
  override get message(): string {
    const first = this.kinds[0] ?? "fills"
    return `has no ${listed(this.kinds)} (as ${first}.csv, .ndjson, .parquet, or .csv.gz): export the whole account into it`
  }
}

/**
 * Exports into the folder were not finished.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Unfinished extends Schema.TaggedError<Unfinished>(id("Unfinished"))("Unfinished", { kinds: Names }) {
  override get message(): string {
    return `has an export of ${listed(this.kinds)} that is not finished: run the same export again, which goes on there`
  }
}

/**
 * There are several files of a kind of records.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Ambiguous extends Schema.TaggedError<Ambiguous>(id("Ambiguous"))("Ambiguous", {
  kind: Schema.String,
  files: Names
}) {
  override get message(): string {
    return `has the ${this.kind} more than once, in ${listed(this.files)}: leave one of them there`
  }
}

/**
 * The files are of different accounts.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Mixed extends Schema.TaggedError<Mixed>(id("Mixed"))("Mixed", { accounts: Names }) {
  override get message(): string {
    return `has records of different accounts, ${listed(this.accounts)}: export each into a folder of its own`
  }
}

const Reason = Schema.Union([NotAFolder, Missing, Unfinished, Ambiguous, Mixed])

/**
 * Why a folder is not the history of an account; one reason each.
 *
 * @since 0.1.0
 * @category models
 */
export type FolderReason = typeof Reason.Type

/**
 * A folder is not the history of an account; `reason` says why, and its message
 * what to do.
 *
 * @since 0.1.0
 * @category errors
 */
export class FolderError extends Schema.TaggedError<FolderError>("@effect-kalshi/history/FolderError")("FolderError", {
  path: Schema.String,
  reason: Reason
}) {
  /** What is the matter, and what to do. */
  override get message(): string {
    return `${this.path} ${this.reason.message}`
  }
}
