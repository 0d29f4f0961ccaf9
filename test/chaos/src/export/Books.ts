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
import * as Reading from "./books/Reading.ts"

export interface Options {
  readonly seed: number
  readonly fills: number
  readonly corruptions: number
  /** Over how many days it lives; 150 unless told. */
  readonly days?: number | undefined
}

/** How the corruptions fared. */
export interface Fared {
  readonly planted: number
  /** A set was named that holds the culprit. */
  readonly found: number
  /** Nothing else was named. */
  readonly alone: number
  /** Of the sets named for one corruption, at most so many. */
  readonly largest: number
  /** Those that were not found, or not alone. */
  readonly missed: ReadonlyArray<string>
}

export interface Figures {
  readonly seed: number
  readonly account: {
    readonly fills: number
    readonly orders: number
    readonly subaccounts: number
    readonly settlements: number
    readonly scalar: number
    readonly subCent: number
    readonly partialCloses: number
    readonly throughZero: number
    readonly rebates: number
    readonly open: number
    readonly deposits: number
    readonly withdrawals: number
    readonly transfers: number
    readonly snapshots: number
    readonly resting: number
  }
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
    readonly ledgerMillis: number
  }
  readonly corruptions: Fared & {
    readonly byKind: Readonly<Record<string, { readonly planted: number; readonly found: number }>>
  }
  /** The same without the orders, where the smallest set is a market and a subaccount. */
  readonly withoutOrders: Fared
  /** All at once. */
  readonly together: { readonly found: number; readonly innocent: number }
}

const client = Layer.unwrap(
  Effect.map(Sandbox.Sandbox, ({ keyId, url }) =>
    Kalshi.layerWith({ breaker: "none" }).pipe(
      Layer.provide([Signer.layerTest({ environment: Environment.sandbox(url), keyId }), RateLimit.layerNone])
    )
  )
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
  const truths = yield* Effect.forEach(lived.subaccounts, (subaccount) => control.truth(account, subaccount))
  const specs = yield* Effect.forEach(lived.tickers, (ticker) => control.market(ticker))
  const schedules = new Map(specs.flatMap((view) => (view === undefined ? [] : [[view.spec.ticker, view.spec.fees]])))
  const records: Reading.Records = { ...read, snapshots: lived.snapshots }
  return { records, truths, schedules, subaccounts: lived.subaccounts }
})

type Made = Effect.Success<ReturnType<typeof made>>

const layer = (seed: number) =>
  client.pipe(
    Layer.provideMerge(
      Sandbox.layerInMemory({ seed, markets: false, limits: Buckets.unlimited, deposit: Dollars.zero })
    ),
    Layer.provideMerge(TestClock.layer())
  )

const named = (ledger: Ledger.Ledger): ReadonlyArray<Discrepancy.Culprit> =>
  ledger.discrepancies.flatMap(Discrepancy.culprits)

const judge = (
  records: Reading.Records,
  planted: ReadonlyArray<Corruption.Planted>,
  options: Ledger.Options,
  of: "isCulprit" | "isMarket"
): Fared & { readonly foundOnes: ReadonlySet<Corruption.Planted> } => {
  const foundOnes = new Set<Corruption.Planted>()
  let alone = 0
  let largest = 0
  const missed: Array<string> = []
  for (const corruption of planted) {
    const ledger = Ledger.make(corruption.apply(records), options)
    const names = named(ledger)
    // one market is one set, in however many subaccounts it is named
    const isFound = names.some(corruption[of])
    const isAlone = names.every(corruption[of])
    if (isFound) foundOnes.add(corruption)
    if (isFound && isAlone) alone++
    else missed.push([corruption.what, ...ledger.discrepancies.map(Discrepancy.describe)].join(" | "))
    largest = Math.max(largest, new Set(names.map((name) => ("ticker" in name ? name.ticker : ""))).size)
  }
  return { planted: planted.length, found: foundOnes.size, alone, largest, missed, foundOnes }
}

const fared = ({ alone, found, largest, missed, planted }: Fared): Fared => ({ planted, found, alone, largest, missed })

const weigh = (
  { records, schedules, subaccounts, truths }: Made,
  { corruptions, seed }: Options,
  elapsed: <A>(run: () => A) => Effect.Effect<readonly [result: A, millis: number]>
) =>
  Effect.gen(function* () {
    const options: Ledger.Options = { precision: Fees.direct, schedule: (ticker) => schedules.get(ticker) }
    const [ledger, ledgerMillis] = yield* elapsed(() => Ledger.make(records, options))
    const cashOf = new Map(ledger.accounts.map(({ cash, subaccount }) => [subaccount, cash]))
    const positionOf = new Map(ledger.holdings.map((one) => [`${one.subaccount}/${one.ticker}`, one.position]))
    const lastSnapshots = new Map(records.snapshots.map((snapshot) => [snapshot.subaccount, snapshot]))
    let offMicros = 0
    let reserveOffMicros = 0
    let offCentis = 0
    truths.forEach(({ balance, positions }, index) => {
      const subaccount = subaccounts[index] ?? 0
      const cash = Dollars.add(balance.available, balance.reserved)
      offMicros = Math.max(offMicros, Math.abs(cash - (cashOf.get(subaccount) ?? Dollars.zero)))
      const reserved = lastSnapshots.get(subaccount)?.reserved ?? Dollars.zero
      reserveOffMicros = Math.max(reserveOffMicros, Math.abs(balance.reserved - reserved))
      for (const { position, ticker } of positions) {
        offCentis = Math.max(offCentis, Math.abs(position - (positionOf.get(`${subaccount}/${ticker}`) ?? 0)))
      }
    })

    const random = Random.make(seed, 2)
    const planted = Array.from({ length: corruptions }, (_, index) => {
      const kind = Corruption.kinds[index % Corruption.kinds.length] ?? "missing"
      return Corruption.plant(kind, Math.floor(index / Corruption.kinds.length), records, random)
    })
    // the fees of the model say nothing about what is wrong
    const plain: Ledger.Options = { precision: Fees.direct }
    const each = judge(records, planted, plain, "isCulprit")
    const { orders: _, ...others } = records
    const withoutOrders = judgeWithout(others, planted, plain)
    const all = Ledger.make(
      planted.reduce((so, { apply }) => apply(so), records),
      plain
    )
    const names = named(all)
    const { account, clean } = describe(ledger, records, schedules)
    const figures: Figures = {
      seed,
      account,
      clean: { offMicros, reserveOffMicros, offCentis, ...clean, ledgerMillis },
      corruptions: {
        ...fared(each),
        byKind: Object.fromEntries(
          Corruption.kinds.map((kind) => [
            kind,
            {
              planted: planted.filter((one) => one.kind === kind).length,
              found: [...each.foundOnes].filter((one) => one.kind === kind).length
            }
          ])
        )
      },
      withoutOrders: fared(withoutOrders),
      together: {
        found: planted.filter(({ isCulprit }) => names.some(isCulprit)).length,
        innocent: names.filter((name) => !planted.some(({ isCulprit }) => isCulprit(name))).length
      }
    }
    return figures
  })

/** Orders that nobody asked for: what the ledger is given has none. */
const judgeWithout = (
  records: Omit<Reading.Records, "orders">,
  planted: ReadonlyArray<Corruption.Planted>,
  options: Ledger.Options
): Fared => {
  const found = planted.map((corruption) => {
    const { orders: _, ...corrupted } = corruption.apply({ ...records, orders: [] })
    const names = named(Ledger.make(corrupted, options))
    return {
      corruption,
      isFound: names.some(corruption.isMarket),
      isAlone: names.every(corruption.isMarket),
      names: names.map((name) => JSON.stringify(name)),
      size: new Set(names.map((name) => ("ticker" in name ? name.ticker : ""))).size
    }
  })
  return {
    planted: planted.length,
    found: found.filter(({ isFound }) => isFound).length,
    alone: found.filter(({ isAlone, isFound }) => isFound && isAlone).length,
    largest: Math.max(0, ...found.map(({ size }) => size)),
    missed: found
      .filter(({ isAlone, isFound }) => !isFound || !isAlone)
      .map(({ corruption, names }) => [corruption.what, ...names].join(" | "))
  }
}

const describe = (ledger: Ledger.Ledger, records: Reading.Records, schedules: ReadonlyMap<string, Fees.Schedule>) => {
  const scalar = records.settlements.filter(({ result }) => result._tag === "scalar")
  const values = new Map(records.markets.map(({ settlementValue, ticker }) => [ticker, settlementValue]))
  const held = new Map<string, number>()
  let partialCloses = 0
  let throughZero = 0
  let rebates = 0
  for (const fill of records.fills.toSorted((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0))) {
    const key = `${fill.subaccount}/${fill.ticker}`
    const before = held.get(key) ?? 0
    const after = before + (fill.side === "bid" ? fill.count : -fill.count)
    held.set(key, after)
    if (before * after < 0) throughZero++
    else if (after !== 0 && Math.abs(after) < Math.abs(before)) partialCloses++
    const schedule = schedules.get(fill.ticker)
    const fee =
      schedule === undefined
        ? "unknown"
        : Fees.tradeFee({ schedule, role: fill.isTaker ? "taker" : "maker", price: fill.price, count: fill.count })
    if (fee !== "unknown" && fill.fee !== undefined && fill.fee < fee) rebates++
  }
  return {
    account: {
      fills: records.fills.length,
      orders: records.orders.length,
      subaccounts: ledger.accounts.length,
      settlements: records.settlements.length,
      scalar: scalar.length,
      subCent: scalar.filter(({ ticker }) => (values.get(ticker) ?? 0) % Dollars.cents(1) !== 0).length,
      partialCloses,
      throughZero,
      rebates,
      open: records.positions.filter(({ position }) => position !== 0).length,
      deposits: records.deposits.length,
      withdrawals: records.withdrawals.length,
      transfers: records.transfers.length,
      snapshots: records.snapshots.length,
      resting: records.orders.filter(({ status }) => status === "resting").length
    },
    clean: {
      discrepancies: ledger.discrepancies.map(Discrepancy.describe),
      unexplained: ledger.unexplained.length,
      notes: ledger.notes.length
    }
  }
}

/** Makes the account, weighs its ledger, and plants what is wrong; in real time what the ledger takes. */
export const run = Effect.fnUntraced(function* (options: Options) {
  const clock = yield* Clock.Clock
  const account = yield* made(options).pipe(Effect.provide(layer(options.seed)))
  return yield* weigh(account, options, (run) =>
    Effect.gen(function* () {
      const before = yield* clock.currentTimeMillis
      const result = run()
      const after = yield* clock.currentTimeMillis
      return [result, after - before] as const
    })
  )
})
