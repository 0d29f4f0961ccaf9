/**
 * What holds for every model and every wire that it is read from.
 */
import { assert, it } from "@effect/vitest"
import * as Schema from "effect/Schema"

/** Through JSON and back; the value again. */
export const roundTrip = <A, I>(model: Schema.Codec<A, I>, value: A): void => {
  const text = JSON.stringify(Schema.encodeSync(model)(value))
  assert.deepStrictEqual(Schema.decodeUnknownSync(model)(JSON.parse(text)), value)
}

/** Reading any record gives a model, with no key set to `undefined`, that survives JSON. */
export const reads = <W, A, I>(
  name: string,
  wire: Schema.Codec<W, unknown>,
  model: Schema.Codec<A, I>,
  fromWire: (wire: W) => A
): void =>
  it.prop(`${name}: any record becomes a model`, [wire], ([record]) => {
    const value = fromWire(record)
    assert.isTrue(Schema.is(model)(value))
    assert.notInclude(Object.values(Object(value)), undefined)
    roundTrip(model, value)
  })
