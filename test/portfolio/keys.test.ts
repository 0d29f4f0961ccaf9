/** The account's keys, as our client tells them. */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Exchange, Timestamp } from "effect-kalshi"
import * as Support from "../support.ts"

layer(Support.layer({ keyType: "ed25519" }))("the keys of the account", (it) => {
  it.effect("tell what each may do, and until when the region's grant lasts", () =>
    Effect.gen(function* () {
      const exchange = yield* Exchange.Exchange
      const control = yield* Control.Control
      const { account, keyId } = yield* Sandbox.Sandbox
      const regionExpiresAt = Timestamp.fromSeconds(1_800_000_000)
      assert.deepStrictEqual(yield* exchange.getApiKeys, {
        keys: [{ keyId, name: "member 1", scopes: ["read", "write"], subaccount: undefined, subtrader: undefined }],
        regionExpiresAt: undefined
      })
      yield* control.setKey(keyId, { name: "nightly", scopes: ["read", "write::trade"], subaccount: 0 })
      yield* control.setRegionExpiry(account, regionExpiresAt)
      assert.deepStrictEqual(yield* exchange.getApiKeys, {
        keys: [{ keyId, name: "nightly", scopes: ["read", "write::trade"], subaccount: 0, subtrader: undefined }],
        regionExpiresAt
      })
    })
  )

  it.effect("are refused to a key that may not read", () =>
    Effect.gen(function* () {
      const exchange = yield* Exchange.Exchange
      const control = yield* Control.Control
      const { keyId } = yield* Sandbox.Sandbox
      yield* control.setKey(keyId, { scopes: ["write"] })
      const error = yield* Effect.flip(exchange.getApiKeys)
      assert.strictEqual(error.reason._tag, "Forbidden")
      assert.include(error.message, "scope")
    })
  )
})
