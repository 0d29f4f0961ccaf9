/**
 * Answers that the contract does not declare and that are right all the same:
 * the complete list, each entry with its reason. Answers of a broken gateway
 * are not among them: those own up to their fault (`breaking` in
 * `Recorder.ts`), or a test says so.
 */

/** An answer that is right although the contract does not declare it. */
export interface Exception {
  /** Of an operation of the contract, or of a path where it has none. */
  readonly at: "operation" | "elsewhere"
  readonly status: number
  /** What the body must be; the body of a redirect says nothing. */
  readonly body: "JSONError" | "text/plain" | "anything"
  /** Which paths; all when left out. */
  readonly path?: RegExp
  readonly because: string
}

/** Every known exception. */
export const exceptions: ReadonlyArray<Exception> = [
  {
    at: "operation",
    status: 429,
    body: "JSONError",
    because: "the contract knows no limits, and the exchange always had some"
  },
  {
    at: "elsewhere",
    status: 404,
    body: "text/plain",
    because: "the exchange's router answers an unknown path itself, in plain text"
  },
  {
    at: "elsewhere",
    status: 301,
    body: "anything",
    path: /.\/$/,
    because: "the exchange's router sends a trailing slash to the path without it"
  }
]

/** The exception that an answer of this status at this place may be, if any. */
export const find = (at: Exception["at"], status: number, path: string): Exception | undefined =>
  exceptions.find(
    (exception) =>
      exception.at === at && exception.status === status && (exception.path === undefined || exception.path.test(path))
  )
