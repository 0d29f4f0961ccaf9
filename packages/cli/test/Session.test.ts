import { Control, Sandbox } from "@effect-kalshi/sandbox"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Portfolio from "effect-kalshi/Portfolio"
import * as Output from "../src/Output.ts"
import * as Session from "../src/Session.ts"
import { env, writes } from "./kit.ts"

it.live("a command that tried to place an order would be refused before it is signed", () =>
  Effect.gen(function* () {
    const control = yield* Control.Control
    const output = yield* Output.make({ json: false, quiet: true })
    const error = yield* Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      yield* portfolio.getBalance()
      return yield* portfolio.createOrder({
        ticker: "KXHIGHNY-26DEC31-T40",
        side: "bid",
        price: Dollars.cents(1),
        count: Contracts.of(1)
      })
    }).pipe(
      Session.provide,
      Effect.provideService(Output.Output, output),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env: yield* env })),
      Effect.flip
    )
    assert.strictEqual(error._tag === "Failure" ? error.reason : error._tag, "ReadOnly")
    assert.strictEqual((yield* control.requests({ endpoint: "getBalance" })).length, 1)
    assert.deepStrictEqual(yield* writes, [])
  }).pipe(Effect.provide(Sandbox.layer({ keyType: "ed25519" })), Effect.provide(NodeServices.layer))
)
