/**
 * Recorded responses of January 2026.
 */
import { readFileSync } from "node:fs"
import * as Schema from "effect/Schema"

const File = Schema.fromJsonString(Schema.Struct({ response: Schema.Unknown }))

/** The recorded response of that name, read by the wire's schema. */
export const read = <A, I>(name: string, wire: Schema.Codec<A, I>): A => {
  const text = readFileSync(new URL(`../fixtures/golden/${name}_response.json`, import.meta.url), "utf8")
  return Schema.decodeUnknownSync(wire)(Schema.decodeUnknownSync(File)(text).response)
}

/** The first of a list that must have one. */
export const first = <A>(list: ReadonlyArray<A> | null | undefined): A => {
  const item = list?.[0]
  if (item === undefined) throw new Error("the recorded list is empty")
  return item
}
