/**
 * The JSON values in the text of an archive, each with the line that it
 * begins on.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"

/**
 * A JSON value and the line that it begins on, from 1; or why there is none,
 * without showing the text.
 *
 * @since 0.1.0
 * @category models
 */
export interface Value {
  readonly line: number
  readonly json: Result.Result<unknown, string>
}

/** Why text is no JSON, as far as its ends tell. */
const problem = (text: string): string => {
  if (text === "") return "it is empty"
  if (text.startsWith("<")) return "it is not JSON but a web page"
  const end = text.startsWith("{") ? "}" : text.startsWith("[") ? "]" : undefined
  return end !== undefined && !text.endsWith(end) ? "it is not JSON: it breaks off" : "it is not JSON"
}

/** Reads text that is trimmed, which takes a byte order mark off, too. */
const parse = (text: string): Result.Result<unknown, string> =>
  Result.try({ try: (): unknown => JSON.parse(text), catch: () => problem(text) })

/** The lines that are not empty, without what is white at their ends. */
function* split(text: string): Iterable<readonly [line: number, text: string]> {
  for (let line = 1, start = 0; start <= text.length; line++) {
    const end = text.indexOf("\n", start)
    const content = text.slice(start, end === -1 ? text.length : end).trim()
    if (content !== "") yield [line, content]
    if (end === -1) return
    start = end + 1
  }
}

const isWhole = (text: string): boolean =>
  ((text.startsWith("{") && text.endsWith("}")) || (text.startsWith("[") && text.endsWith("]"))) &&
  Result.isSuccess(parse(text))

const isJsonLines = (text: string): boolean => {
  for (const [, content] of split(text)) if (isWhole(content)) return true
  return false
}

const firstLine = (text: string): number => {
  for (const [line] of split(text)) return line
  return 1
}

/**
 * The values of one file: its only one, however many lines it is printed on,
 * or one a line. Text that is neither is one value that cannot be read, so that
 * a file that breaks off is one problem and not one a line; it is one a line
 * as soon as any of its lines is an object or a list by itself.
 *
 * @since 0.1.0
 * @category combinators
 */
export function* ofFile(text: string): Iterable<Value> {
  const json = parse(text.trim())
  if (Result.isFailure(json) && isJsonLines(text)) {
    for (const [line, content] of split(text)) yield { line, json: parse(content) }
  } else yield { line: firstLine(text), json }
}

/**
 * The values of lines that follow each other, one each; `first` is the number
 * of the first. Empty lines are passed over.
 *
 * @since 0.1.0
 * @category combinators
 */
export function* ofLines(lines: Iterable<string>, first: number): Iterable<Value> {
  let line = first
  for (const text of lines) {
    const content = text.trim()
    if (content !== "") yield { line, json: parse(content) }
    line++
  }
}
