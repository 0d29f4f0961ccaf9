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
    // as texts: a generated −0 is 0 in JSON
    const text = JSON.stringify(Schema.encodeSync(model)(value))
    const again = Schema.decodeUnknownSync(model)(JSON.parse(text))
    assert.strictEqual(JSON.stringify(Schema.encodeSync(model)(again)), text)
  })
