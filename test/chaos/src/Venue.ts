/**
 * The exchange of a run: a sandbox on a port with a market for each worker, a
 * maker whom some orders meet, and somebody who takes from what rests.
 */
import { Buckets, Control, Sandbox } from "@effect-kalshi/sandbox"
import { Contracts, Dollars } from "effect-kalshi"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Plan from "./Plan.ts"
import * as Random from "./Random.ts"
import * as Story from "./Story.ts"
import * as Truth from "./Truth.ts"

const MAKER = "maker"
const PASSER_BY = "passer-by"
const RICH = Dollars.of(100_000_000)
// what a level of the maker has, in contracts
const DEPTH = 40
const MAKER_EVERY = "1 second"
const PASSES_EVERY = "40 millis"

// so that no fee is the only kind of fee
const fees = [
  { type: "quadratic", multiplier: 1 },
  { type: "quadratic_with_maker_fees", multiplier: 1 },
  { type: "quadratic", multiplier: 0.5 },
  { type: "flat", multiplier: 1 }
] as const

/** The account of a program. */
export interface Account {
  readonly id: string
  readonly keyId: string
  readonly privateKey: string
}

/** The sandbox of a run. */
export const layer = (run: Plan.Run) =>
  Sandbox.layer({ seed: run.seed, keyType: "ed25519", limits: Buckets.unlimited, markets: false })

const tickers = (run: Plan.Run): ReadonlyArray<string> =>
  Array.from({ length: run.programs }, (_, program) =>
    Array.from({ length: run.workers }, (_, worker) => Story.ticker(program, worker))
  ).flat()

/** Lists the markets and lets the programs in. */
export const open = Effect.fnUntraced(function* (run: Plan.Run) {
  const control = yield* Control.Control
  for (const [index, ticker] of tickers(run).entries()) {
    const schedule = fees[index % fees.length] ?? fees[0]
    yield* control.listMarket({ ticker, event: "KXCHAOS-EVENT", fees: schedule })
  }
  const { id: maker } = yield* control.account(MAKER, { key: "ed25519", deposit: RICH })
  const { id: passerBy } = yield* control.account(PASSER_BY, { key: "ed25519", deposit: RICH })
  const accounts: Array<Account> = []
  for (let program = 0; program < run.programs; program++) {
    const member = yield* control.account(`program-${program}`, { key: "ed25519", deposit: RICH })
    accounts.push({ id: member.id, keyId: member.keyId, privateKey: Redacted.value(member.privateKey) })
  }
  yield* control.setReadLag(Plan.lag)
  return { accounts, maker, passerBy }
})

/** Fills up the levels that were taken from; what programs left in the way is not traded with. */
const quote = Effect.fnUntraced(function* (maker: string, ticker: string) {
  const control = yield* Control.Control
  const market = yield* control.market(ticker)
  if (market === undefined) return
  for (let level = 0; level < Story.maker.levels; level++) {
    for (const side of ["bid", "ask"] as const) {
      const price = Dollars.cents(side === "bid" ? Story.maker.bid - level : Story.maker.ask + level)
      const book = side === "bid" ? market.bids : market.asks
      if (book.some((one) => one.price === price)) continue
      yield* Effect.ignore(control.place(maker, { ticker, side, price, count: Contracts.of(DEPTH), postOnly: true }))
    }
  }
})

/** Takes a little of what rests between the maker's prices. */
const pass = Effect.fnUntraced(function* (passerBy: string, ticker: string, random: Random.Random) {
  const control = yield* Control.Control
  const sells = random.chance(0.5)
  yield* Effect.ignore(
    control.place(passerBy, {
      ticker,
      side: sells ? "ask" : "bid",
      price: Dollars.cents(sells ? Story.maker.bid + 1 : Story.maker.ask - 1),
      count: Contracts.centis(random.between(30, 400)),
      timeInForce: "immediate_or_cancel"
    })
  )
})

/** Trades on the other side until it is interrupted. */
export const others = Effect.fnUntraced(function* (
  run: Plan.Run,
  who: { readonly maker: string; readonly passerBy: string }
) {
  const all = tickers(run)
  const random = Random.make(run.seed, -1)
  const quoting = Effect.forEach(all, (ticker) => quote(who.maker, ticker), { discard: true }).pipe(
    Effect.andThen(Effect.sleep(MAKER_EVERY)),
    Effect.forever
  )
  const passing = Effect.suspend(() => pass(who.passerBy, all[random.between(0, all.length - 1)] ?? "", random)).pipe(
    Effect.andThen(Effect.sleep(PASSES_EVERY)),
    Effect.forever
  )
  return yield* Effect.all([quoting, passing], { concurrency: "unbounded", discard: true })
})

/** What is true of an account at the end. */
export const truth = (account: Account): Effect.Effect<ReadonlyArray<Truth.Order>, never, Control.Control> =>
  Control.Control.use((control) => Effect.map(control.truth(account.id), Truth.orders))
