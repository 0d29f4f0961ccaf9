/**
 * HTML from values: what is not markup already is escaped, so that no ticker or
 * title can be anything but text.
 */

/** Text that is HTML already. */
export interface Markup {
  readonly _tag: "Markup"
  readonly text: string
}

type Part = Markup | string | number | undefined | ReadonlyArray<Markup>

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

/** Writes text so that it is text in content and in quoted attributes. */
export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character)

/** Takes text for HTML; only for what was made here. */
export const raw = (text: string): Markup => ({ _tag: "Markup", text })

/** Nothing. */
export const none: Markup = raw("")

const isList = (part: Part): part is ReadonlyArray<Markup> => Array.isArray(part)

const write = (part: Part): string => {
  if (part === undefined) return ""
  if (isList(part)) return part.map((each) => each.text).join("")
  return typeof part === "object" ? part.text : escape(String(part))
}

/** A template of HTML: what stands in it is escaped unless it is markup, and nothing where it is `undefined`. */
export const markup = (strings: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Markup =>
  raw(strings.reduce((text, string, index) => text + write(parts[index - 1]) + string))

/** Pieces of markup one after the other. */
export const join = (pieces: ReadonlyArray<Markup>): Markup => raw(write(pieces))
