/**
 * Where JSON values end in a text, and where a text stops being JSON: what
 * `JSON.parse` says of neither in words that can be relied on.
 *
 * @since 0.1.0
 */

/**
 * An object or a list in a text, from its first character to behind its last.
 *
 * @since 0.1.0
 * @category models
 */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Where a text stops being JSON: the value that begins at `start` is none from
 * `at` on, or is cut off by the end of the text.
 *
 * @since 0.1.0
 * @category models
 */
export interface Stop {
  readonly start: number
  readonly at: number
  readonly isCut: boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20

// sticky: each looks at one place alone
const WHITE = /[ \t\r\n]*/y
// between values may be what an editor or a `cat` leaves, such as byte order marks
const BETWEEN = /\s*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// the beginning of one that the end of the text has cut
const CUT = /[-+.\w\\]*$/y

/** The place behind what a pattern matches at a place, or -1. */
const behind = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

/** Reads an object or a list; gives the place behind it, or where it stops being one. */
const read = (text: string, start: number): { readonly at: number; readonly isWhole: boolean } => {
  // what closes each that is open
  const open: Array<"}" | "]"> = []
  let at = start

  const white = (): void => {
    at = behind(WHITE, text, at)
  }
  // each of these goes on, or stays where it stops
  const match = (pattern: RegExp): boolean => {
    const next = behind(pattern, text, at)
    if (next !== -1) at = next
    return next !== -1
  }
  const string = (): boolean => {
    for (at++; ;) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        at++
        return true
      }
      if (code === BACKSLASH) {
        if (!match(ESCAPE)) return false
      } else if (code >= SPACE) at++
      // the end of the text has no code
      else return false
    }
  }
  const name = (): boolean => {
    white()
    if (text[at] !== '"' || !string()) return false
    white()
    if (text[at] !== ":") return false
    at++
    return true
  }
  const stopped = () => ({ at, isWhole: false })

  for (;;) {
    white()
    const first = text[at]
    if (first === "{" || first === "[") {
      const closer = first === "{" ? "}" : "]"
      at++
      white()
      if (text[at] !== closer) {
        open.push(closer)
        if (closer === "}" && !name()) return stopped()
        continue
      }
      at++
    } else if (!(first === '"' ? string() : match(SCALAR))) return stopped()
    // it may be the last one of those around it
    while (open.length > 0) {
      white()
      if (text[at] !== open.at(-1)) break
      at++
      open.pop()
    }
    const closer = open.at(-1)
    if (closer === undefined) return { at, isWhole: true }
    if (text[at] !== ",") return stopped()
    at++
    if (closer === "}" && !name()) return stopped()
  }
}

/**
 * The objects and lists that follow each other in a text, and where it stops
 * being any: anything else at the top of a text is none.
 *
 * @since 0.1.0
 * @category combinators
 */
export const values = (text: string): { readonly spans: ReadonlyArray<Span>; readonly stop?: Stop } => {
  const spans: Array<Span> = []
  for (let start = behind(BETWEEN, text, 0); start < text.length;) {
    if (text[start] !== "{" && text[start] !== "[") return { spans, stop: { start, at: start, isCut: false } }
    const { at, isWhole } = read(text, start)
    if (!isWhole) return { spans, stop: { start, at, isCut: behind(CUT, text, at) !== -1 } }
    spans.push({ start, end: at })
    start = behind(BETWEEN, text, at)
  }
  return { spans }
}
