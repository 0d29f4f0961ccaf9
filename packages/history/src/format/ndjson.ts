/**
 * Newline-delimited JSON: a record a line, as its schema writes it.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Kind } from "../Kind.ts"
import type { Decoder, Read } from "./Decoder.ts"
import type { Encoder } from "./Encoder.ts"
import * as lines from "./lines.ts"

const inLine = (text: string): string => text.replace(/\s*\n\s*/g, " ")

/** Writes records as lines. */
export const encoder = <A>(kind: Kind<A>): Encoder<A> => {
  const encode = Schema.encodeUnknownResult(Schema.Array(kind.schema))
  const text = new TextEncoder()
  return {
    add: (records) =>
      Result.mapBoth(encode(records), {
        onSuccess: (encoded) => text.encode(encoded.map((record) => `${JSON.stringify(record)}\n`).join("")),
        onFailure: ({ message }) => {
          const wrong = records.find((record) => Result.isFailure(encode([record])))
          return { key: wrong === undefined ? "" : kind.key(wrong), description: inLine(message) }
        }
      }),
    end: () => new Uint8Array()
  }
}

const parse = (text: string): Result.Result<unknown, string> =>
  Result.try({ try: (): unknown => JSON.parse(text), catch: () => "it is not JSON" })

/** Reads lines as records. */
export const decoder = <A>(kind: Kind<A>): Decoder<A> => {
  const decode = Schema.decodeUnknownResult(kind.schema)
  const split = lines.make()
  let line = 1

  const read = ({ problem, text }: lines.Text): Read<A> => {
    const records: Array<A> = []
    for (let from = 0; from < text.length; line++) {
      const end = text.indexOf("\n", from)
      const json = parse(text.slice(from, end))
      if (Result.isFailure(json)) return { records, problem: { line, description: json.failure } }
      const record = decode(json.success)
      if (Result.isFailure(record)) return { records, problem: { line, description: inLine(record.failure.message) } }
      records.push(record.success)
      from = end + 1
    }
    return { records, problem: problem === undefined ? undefined : { line, description: problem } }
  }

  return {
    add: (bytes) => read(split.add(bytes)),
    end: () => {
      // every line of ours has an end, the last one too
      const { isCut, problem } = split.end()
      return isCut || problem !== undefined
        ? { records: [], problem: { line, description: problem ?? "", isCut } }
        : { records: [] }
    }
  }
}
