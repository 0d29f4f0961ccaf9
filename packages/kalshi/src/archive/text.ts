/**
 * The JSON values in the text of an archive, each with the line that it
 * begins on.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as scan from "./scan.ts"

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

const parse = (text: string): Result.Result<unknown, string> =>
  Result.try({ try: (): unknown => JSON.parse(text), catch: () => "it is not JSON" })

/** Tells the line and the column of places in a text, both from 1, as long as they only go forward. */
const places = (text: string, first: number) => {
  let line = first
  let from = 0
  return (at: number): { readonly line: number; readonly column: number } => {
    for (let end = text.indexOf("\n", from); end !== -1 && end < at; end = text.indexOf("\n", from)) {
      line++
      from = end + 1
    }
    return { line, column: at - from + 1 }
  }
}

// every other byte of what UTF-16 has of ASCII is 0, behind two that UTF-8 cannot read
const UTF_16 = /^[^]{0,3}\0/

/** Why a text is no JSON from a value on. */
const problem = (text: string, { at, isCut, start }: scan.Stop, placeOf: ReturnType<typeof places>): string => {
  if (UTF_16.test(text.slice(start, start + 4))) return "it is not JSON but UTF-16 that was read as UTF-8"
  if (text[start] === "<") return "it is not JSON but a web page"
  const { line } = placeOf(start)
  const stop = placeOf(at)
  const isElsewhere = stop.line !== line
  if (isCut) return `it is not JSON: it breaks off${isElsewhere ? ` at line ${stop.line}` : ""}`
  if (isElsewhere) return `it is not JSON from line ${stop.line}, column ${stop.column} on`
  return stop.column === 1 ? "it is not JSON" : `it is not JSON from column ${stop.column} on`
}

/** What was found in a text whose first line has this number. */
function* several(text: string, { spans, stop }: ReturnType<typeof scan.values>, first: number): Iterable<Value> {
  const placeOf = places(text, first)
  for (const { end, start } of spans) yield { line: placeOf(start).line, json: parse(text.slice(start, end)) }
  if (stop !== undefined) {
    yield { line: placeOf(stop.start).line, json: Result.fail(problem(text, stop, placeOf)) }
  }
}

/** The values of one line, nearly always one. */
function* ofLine(text: string, line: number): Iterable<Value> {
  // which takes a byte order mark off, too
  const content = text.trim()
  if (content === "") return
  const json = parse(content)
  if (Result.isSuccess(json)) yield { line, json }
  else yield* several(text, scan.values(text.trimEnd()), line)
}

/** The lines of a text. */
function* split(text: string): Iterable<string> {
  for (let start = 0; start <= text.length;) {
    const end = text.indexOf("\n", start)
    yield text.slice(start, end === -1 ? text.length : end)
    if (end === -1) return
    start = end + 1
  }
}

const looksWhole = (text: string): boolean =>
  (text.startsWith("{") && text.endsWith("}")) || (text.startsWith("[") && text.endsWith("]"))

/** Whether every line looks like a value by itself, which tells at a glance what is nearly always so. */
const isAllLines = (text: string): boolean => {
  for (const line of split(text)) {
    const content = line.trim()
    if (content !== "" && !looksWhole(content)) return false
  }
  return true
}

/** Whether any line is an object or a list by itself. */
const hasLines = (text: string): boolean => {
  for (const line of split(text)) {
    const content = line.trim()
    if (looksWhole(content) && Result.isSuccess(parse(content))) return true
  }
  return false
}

/**
 * The values of one file: one or several, however many lines each is printed
 * on. Where that breaks, the values before are given, then the problem, so that
 * a file that breaks off is one problem and not one a line; each line is by
 * itself as soon as any of them is an object or a list.
 *
 * @since 0.1.0
 * @category combinators
 */
export function* ofFile(text: string): Iterable<Value> {
  const content = text.trim()
  if (content === "") return yield { line: 1, json: Result.fail("it is empty") }
  const json = parse(content)
  const { line } = places(text, 1)(text.search(/\S/))
  if (Result.isSuccess(json)) {
    yield { line, json }
  } else if (!/[{[<\n]/.test(content)) {
    const description = "it is not JSON, and there is no { or [ in it: this takes the text of a file, not its path"
    yield { line, json: Result.fail(description) }
  } else if (isAllLines(text)) {
    yield* ofLines(split(text), 1)
  } else {
    const found = scan.values(text.trimEnd())
    if (found.stop !== undefined && hasLines(text)) yield* ofLines(split(text), 1)
    else yield* several(text, found, 1)
  }
}

/**
 * The values of lines that follow each other, nearly always one each; `first`
 * is the number of the first. Empty lines are passed over.
 *
 * @since 0.1.0
 * @category combinators
 */
export function* ofLines(lines: Iterable<string>, first: number): Iterable<Value> {
  let line = first
  for (const text of lines) yield* ofLine(text, line++)
}
