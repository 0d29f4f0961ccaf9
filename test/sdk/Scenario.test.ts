import { Buckets, Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Credentials, Dollars, Environment, Kalshi, Portfolio } from "effect-kalshi"
import * as Recorder from "../contract/Recorder.ts"
import * as support from "../support.ts"
import * as ClientRunner from "./ClientRunner.ts"
import * as Scenario from "./Scenario.ts"
import * as SdkRunner from "./SdkRunner.ts"
import * as Truth from "./Truth.ts"

const first = "KXDAY-26DEC31-A"
const second = "KXDAY-26DEC31-B"

interface Account {
  readonly url: string
  readonly keyId: string
  readonly privateKey: Sandbox.Sandbox["Service"]["privateKey"]
}

const sdk = (account: Account): Effect.Effect<Scenario.Runner> => Effect.succeed(SdkRunner.make(account))

// it stays open for the whole day: a client that is closed takes no writes
const ours = ({ keyId, privateKey, url }: Account) =>
  Layer.build(
    Kalshi.layer({ rateLimit: "none" }).pipe(
      Layer.provide(Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })),
      Layer.provide(support.clients.fetch)
    )
  ).pipe(Effect.map((context) => ClientRunner.make(Context.get(context, Portfolio.Portfolio))))

/** Runs the day on a sandbox of its own, and checks that the sandbox agrees with what the client reports. */
const day = (make: (account: Account) => Effect.Effect<Scenario.Runner, unknown, Scope.Scope>) =>
  Effect.gen(function* () {
    const { account, keyId, privateKey, url } = yield* Sandbox.Sandbox
    const control = yield* Control.Control
    const other = yield* control.account("counterparty", { deposit: Dollars.of(5_000) })
    yield* control.listMarket({ ticker: first })
    yield* control.listMarket({ ticker: second })

    const report = yield* Scenario.run(Scenario.day(first, second), {
      hero: yield* make({ url, keyId, privateKey }),
      other: yield* make({ url, keyId: other.keyId, privateKey: other.privateKey })
    })

    assert.deepStrictEqual(report.hero, Truth.toState(yield* control.truth(account)))
    assert.deepStrictEqual(report.other, Truth.toState(yield* control.truth(other.id)))
    const audit = yield* control.audit
    assert.strictEqual(audit.deposits - audit.withdrawals, audit.cash + audit.reserves + audit.pairs + audit.kept)
    for (const [ticker, sum] of audit.positions) assert.strictEqual(sum, 0, ticker)
    assert.isAbove(Recorder.peek().exchanges.length, 20)
    return report
  }).pipe(Effect.provide(Sandbox.layer({ limits: Buckets.unlimited, markets: false })))

describe("a day of trading", () => {
  it.live("ends with the official SDK where the sandbox says", () =>
    Effect.map(day(sdk), (report) => {
      assert.deepStrictEqual(report.outcomes.map(Scenario.describe), Scenario.expected)
    })
  )

  it.live("ends with our client as with the SDK", () =>
    Effect.gen(function* () {
      const theirs = yield* day(sdk)
      const report = yield* day(ours)
      assert.deepStrictEqual(report, theirs)
    })
  )
})
