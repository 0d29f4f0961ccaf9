/**
 * Whether the ledger balances: an account with a life behind it, read through
 * the client, beside what the exchange knows; and whether it finds what is wrong
 * when a record is.
 */
import { Discrepancy, Ledger } from "@effect-kalshi/history"
import { Buckets, Control, Sandbox } from "@effect-kalshi/sandbox"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { Dollars, Environment, Fees, Kalshi, RateLimit, Signer } from "effect-kalshi"
import * as Random from "../Random.ts"
import * as Account from "./books/Account.ts"
import * as Corruption from "./books/Corruption.ts"
import * as Judging from "./books/Judging.ts"
import * as Portrait from "./books/Portrait.ts"
import * as Reading from "./books/Reading.ts"

export interface Options {
  readonly seed: number
  /** At least so many fills. */
  readonly fills: number
  readonly corruptions: number
  /** Over how many days it lives; 150 unless told. */
  readonly days?: number | undefined
}

export interface Figures {
  readonly seed: number
  readonly account: Portrait.Portrait
  readonly clean: {
    /** How far the cash of a subaccount is from the truth at the most, in micro-dollars. */
    readonly offMicros: number
    /** How far what rests is estimated from what is set aside, in micro-dollars. */
    readonly reserveOffMicros: number
    /** How far positions are from the truth at the most, in 0.01 contracts. */
    readonly offCentis: number
    readonly discrepancies: ReadonlyArray<string>
    readonly unexplained: number
    readonly notes: number
    readonly closedLots: number
    /** How long the ledger takes, notes on fees included. */
    readonly ledgerMillis: number
  }
  /** Each alone, with all that the exchange tells. */
  readonly corruptions: Judging.Fared & {
    readonly byKind: Readonly<Record<string, { readonly planted: number; readonly found: number }>>
  }
  /** The same without the orders, where the smallest set is a market and a subaccount. */
  readonly withoutOrders: Judging.Fared
  /** Settlement values with the last snapshot alone, where several markets may explain the cash equally well. */
  readonly oneSnapshot: Judging.Fared
  /** All at once, one a market: how many were found, and what was named that holds none. */
  readonly together: { readonly planted: number; readonly found: number; readonly innocent: ReadonlyArray<string> }
}

const client = Layer.unwrap(
  Effect.map(Sandbox.Sandbox, ({ keyId, url }) =>
    Kalshi.layerWith({ breaker: "none" }).pipe(
      Layer.provide([Signer.layerTest({ environment: Environment.sandbox(url), keyId }), RateLimit.layerNone])
    )
  )
)

// months go by in a moment
const layer = (seed: number) =>
  client.pipe(
    Layer.provideMerge(
      Sandbox.layerInMemory({ seed, markets: false, limits: Buckets.unlimited, deposit: Dollars.zero })
    ),
    Layer.provideMerge(TestClock.layer())
  )

/** The account with its records, and what the exchange knows of it. */
const made = Effect.fnUntraced(function* ({ days = 150, fills, seed }: Options) {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  yield* control.setRequestLog(false)
  const lived = yield* Account.live({ seed, account, fills, days })
  const at = lived.archivable
  yield* control.setCutoff({ markets: at, trades: at, orders: at, positions: at })
  const read = yield* Reading.everything(lived.tickers, lived.subaccounts)
  const truths = yield* Effect.forEach(lived.subaccounts, (subaccount) =>
    Effect.map(control.truth(account, subaccount), ({ balance, positions }) => ({ subaccount, balance, positions }))
  )
  const views = yield* Effect.forEach(lived.tickers, (ticker) => control.market(ticker))
  const records: Reading.Records = { ...read, snapshots: lived.snapshots }
  return {
    records,
    truths,
    schedules: new Map(views.flatMap((view) => (view === undefined ? [] : [[view.spec.ticker, view.spec.fees]])))
  }
})

type Made = Effect.Success<ReturnType<typeof made>>

/** The last snapshot of each subaccount. */
const lastOf = (snapshots: ReadonlyArray<Ledger.Snapshot>): ReadonlyArray<Ledger.Snapshot> => [
  ...new Map(snapshots.map((snapshot) => [snapshot.subaccount, snapshot])).values()
]

const clean = (ledger: Ledger.Ledger, { records, truths }: Made, ledgerMillis: number): Figures["clean"] => {
  const cash = new Map(ledger.accounts.map(({ cash, subaccount }) => [subaccount, cash]))
  const held = new Map(ledger.holdings.map((one) => [`${one.subaccount}/${one.ticker}`, one.position]))
  const reserved = new Map(lastOf(records.snapshots).map(({ reserved, subaccount }) => [subaccount, reserved]))
  const most = (of: (truth: Made["truths"][number]) => ReadonlyArray<number>): number =>
    Math.max(0, ...truths.flatMap(of).map(Math.abs))
  return {
    offMicros: most(({ balance, subaccount }) => [
      balance.available + balance.reserved - (cash.get(subaccount) ?? Dollars.zero)
    ]),
    reserveOffMicros: most(({ balance, subaccount }) => [
      balance.reserved - (reserved.get(subaccount) ?? Dollars.zero)
    ]),
    offCentis: most(({ positions, subaccount }) =>
      positions.map(({ position, ticker }) => position - (held.get(`${subaccount}/${ticker}`) ?? 0))
    ),
    discrepancies: ledger.discrepancies.map(Discrepancy.describe),
    unexplained: ledger.unexplained.length,
    notes: ledger.notes.length,
    closedLots: ledger.closed.length,
    ledgerMillis
  }
}

const corrupted = (records: Reading.Records, { corruptions, seed }: Options) => {
  const random = Random.make(seed, 2)
  const of = Corruption.kinds.length
  const planted = Array.from({ length: corruptions }, (_, index) =>
    Corruption.plant(Corruption.kinds[index % of] ?? "missing", Math.floor(index / of), records, random)
  )
  const options: Ledger.Options = { precision: Fees.direct }
  const each = Judging.judge(records, planted, options, "isCulprit")
  const count = (kind: Corruption.Name, isFound: boolean) =>
    each.filter((one) => one.corruption.kind === kind && (one.isFound || !isFound)).length
  // two that are wrong in one market may make it right
  const apart = [...new Map(planted.map((one) => [one.ticker, one])).values()]
  const all = Ledger.make(
    apart.reduce((so, { apply }) => apply(so), records),
    options
  )
  const names = Judging.named(all)
  return {
    corruptions: {
      ...Judging.fared(each),
      byKind: Object.fromEntries(
        Corruption.kinds.map((kind) => [kind, { planted: count(kind, false), found: count(kind, true) }])
      )
    },
    withoutOrders: Judging.fared(
      Judging.judge(records, planted, options, "isMarket", (all) => ({ ...all, orders: undefined }))
    ),
    oneSnapshot: Judging.fared(
      Judging.judge(
        { ...records, snapshots: lastOf(records.snapshots) },
        planted.filter(({ kind }) => kind === "value"),
        options,
        "isCulprit"
      )
    ),
    together: {
      planted: apart.length,
      found: apart.filter(({ isCulprit }) => names.some(isCulprit)).length,
      innocent: all.discrepancies
        .filter((one) => !Discrepancy.culprits(one).some((name) => apart.some(({ isCulprit }) => isCulprit(name))))
        .map(Discrepancy.describe)
    }
  }
}

/** Makes the account, weighs its ledger against the truth, and plants what is wrong. */
export const run = Effect.fnUntraced(function* (options: Options) {
  const clock = yield* Clock.Clock
  const account = yield* made(options).pipe(Effect.provide(layer(options.seed)))
  const { records, schedules } = account
  const before = yield* clock.currentTimeMillis
  const ledger = Ledger.make(records, { precision: Fees.direct, schedule: (ticker) => schedules.get(ticker) })
  const after = yield* clock.currentTimeMillis
  const figures: Figures = {
    seed: options.seed,
    account: Portrait.of(ledger, records, schedules),
    clean: clean(ledger, account, after - before),
    ...corrupted(records, options)
  }
  return figures
})
