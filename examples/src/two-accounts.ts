/**
 * Two accounts in one program: each has its own services, from its own key.
 *
 * A layer gives a program one account. Who needs two builds the layer twice
 * and keeps the services apart; here they trade with each other, on a sandbox
 * that the program opens for itself.
 */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Context, Effect, Layer, type Redacted } from "effect"
import { Contracts, Credentials, Dollars, Environment, Portfolio } from "effect-kalshi"
import { Kalshi } from "effect-kalshi/node"

const ticker = "KXRAIN-27JAN01-NYC"

const account = Effect.fn("account")(function* (url: string, keyId: string, privateKey: Redacted.Redacted<string>) {
  const services = yield* Layer.build(
    Kalshi.layer().pipe(
      Layer.provide(Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })),
      Layer.provide(Kalshi.layerHttpClient)
    )
  )
  return Context.get(services, Portfolio.Portfolio)
})

const program = Effect.gen(function* () {
  const sandbox = yield* Sandbox.Sandbox
  const control = yield* Control.Control
  yield* control.listMarket({ ticker, title: "Will it rain on New Year's Day?" })
  const [alice, bob] = yield* Effect.all([
    control.account("alice", { deposit: Dollars.of(100) }),
    control.account("bob", { deposit: Dollars.of(100) })
  ])
  const ofAlice = yield* account(sandbox.url, alice.keyId, alice.privateKey)
  const ofBob = yield* account(sandbox.url, bob.keyId, bob.privateKey)

  // Alice bids for YES; Bob buys NO at the complement: they meet.
  const wish = { ticker, count: Contracts.of(100) } as const
  const bid = yield* ofAlice.createOrder({ ...wish, action: "buy", side: "yes", price: Dollars.cents(30) })
  yield* Console.log(`Alice: ${bid._tag}`)
  const taken = yield* ofBob.createOrder({ ...wish, action: "buy", side: "no", price: Dollars.cents(70) })
  yield* Console.log(`Bob: ${taken._tag}`)

  // It rains.
  yield* control.settle(ticker, "yes")
  const [hers, his] = yield* Effect.all([ofAlice.getBalance(), ofBob.getBalance()])
  yield* Console.log(`Alice has $${Dollars.format(hers.available)}, Bob $${Dollars.format(his.available)}`)
})

NodeRuntime.runMain(program.pipe(Effect.scoped, Effect.provide(Sandbox.layer())))
