/**
 * An exchange in this process, with a history to look at.
 */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Credentials from "effect-kalshi/Credentials"
import * as Dollars from "effect-kalshi/Dollars"
import * as Environment from "effect-kalshi/Environment"

/** Opens it, and gives the key of its member. It closes with the scope. */
export const open = Effect.gen(function* () {
  const opened = yield* Layer.build(
    Sandbox.layer({ keyType: "ed25519", seed: 1, history: { fills: 1200, orders: 400, settlements: 40 } })
  )
  const { account, keyId, privateKey, url } = Context.get(opened, Sandbox.Sandbox)
  const control = Context.get(opened, Control.Control)
  yield* control.openSubaccount(account)
  yield* control.transfer(account, { clientTransferId: "savings", from: 0, to: 1, amount: Dollars.of(250) })
  return yield* Credentials.apiKey({ environment: Environment.sandbox(url), keyId, privateKey })
})
