/**
 * Bytes as text, cut behind a line break, and nothing that is no text.
 */

/** Text up to where it is none any more, if it is anywhere. */
export interface Text {
  readonly text: string
  readonly problem?: string | undefined
}

/** Makes text of bytes. */
export interface Lines {
  /** The lines that are whole by now, with their breaks. */
  readonly add: (bytes: Uint8Array) => Text
  /** Whether anything is behind the last break, and if so whether it may be the beginning of a line. */
  readonly end: () => { readonly isCut: boolean; readonly problem?: string | undefined }
}

const BREAK = 10

// a file that is none of ours may have no break at all, and is not to be read into memory for it
const LONGEST = 16 * 1024 * 1024

const NOT_TEXT = "it is not UTF-8 text"

const join = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  if (a.length === 0) return b
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}

/** Reads one file; it is not asked again after a problem. */
export const make = (): Lines => {
  // a mark at the beginning is not taken off: no file of ours has one
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  let rest = new Uint8Array()

  const decode = (bytes: Uint8Array): Text => {
    try {
      return { text: decoder.decode(bytes) }
    } catch {
      return { text: "", problem: NOT_TEXT }
    }
  }

  /** Reads whole lines; where one is no text, those before it. */
  const read = (bytes: Uint8Array): Text => {
    const all = decode(bytes)
    if (all.problem === undefined) return all
    let text = ""
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf(BREAK, from) + 1 || bytes.length
      const line = decode(bytes.subarray(from, end))
      if (line.problem !== undefined) return { text, problem: line.problem }
      text += line.text
      from = end
    }
    return { text }
  }

  return {
    add: (bytes) => {
      const all = join(rest, bytes)
      const end = all.lastIndexOf(BREAK) + 1
      rest = all.slice(end)
      return rest.length > LONGEST
        ? { text: "", problem: "it has no line break for 16 MiB" }
        : read(all.subarray(0, end))
    },
    end: () => {
      try {
        // half of a character may be what it broke off in
        decoder.decode(rest, { stream: true })
        return { isCut: rest.length > 0 }
      } catch {
        return { isCut: false, problem: NOT_TEXT }
      }
    }
  }
}
