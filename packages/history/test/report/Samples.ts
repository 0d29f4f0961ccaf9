/** Made-up accounts that look like real ones: the same seed gives the same account. */
import * as Option from "effect/Option"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Report from "@effect-kalshi/history/Report"

const DAY = 86_400_000

const time = (text: string): Timestamp.Timestamp => Option.getOrThrow(Timestamp.fromString(text))

/** Numbers from 0 to 1 (mulberry32). */
const numbers = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const known = [
  ["KXHIGHNY", "Highest temperature in New York"],
  ["KXBTCD", "Bitcoin price, daily"],
  ["KXFED", "Federal funds rate"],
  ["KXCPI", "Consumer prices"],
  ["KXNFLGAME", "Football game"],
  ["KXINXD", "S&P 500, daily close"],
  ["KXPAYROLLS", "Jobs numbers"],
  ["KXRAINNYC", "Rain in New York"],
  ["KXOSCARPIC", "Best picture"],
  ["KXGDP", "Growth of the economy"],
  ["KXETHD", "Ether price, daily"],
  ["KXMLBGAME", "Baseball game"],
  ["KXHURR", "Hurricanes of the season"],
  ["KXTSAW", "Air passengers, weekly"],
  ["KXNETFLIXRANK", "Most watched show"],
  ["KXAPRPOTUS", "Approval of the president"],
  ["KXGASW", "Price of gasoline, weekly"],
  ["KXEURUSD", "Euro in dollars"]
] as const

const seriesAt = (index: number): readonly [name: string, title: string] =>
  known[index] ?? [`KXSERIES${String(index).padStart(3, "0")}`, `Series number ${index}`]

const monthOf = (at: Timestamp.Timestamp): string => Timestamp.format(at).slice(0, 7)

interface Trade {
  readonly lot: Report.Lot
  readonly series: number
  readonly price: Dollars.Dollars
}

const sum = Dollars.sum

const profitOf = ({ lot: { cost, fees, proceeds } }: Trade): Dollars.Dollars =>
  sum([proceeds, Dollars.negate(cost), Dollars.negate(fees)])

const isWin = (trade: Trade): boolean => profitOf(trade) > 0

const grouped = <A, K>(items: ReadonlyArray<A>, by: (item: A) => K): ReadonlyMap<K, ReadonlyArray<A>> => {
  const groups = new Map<K, Array<A>>()
  for (const item of items) {
    const key = by(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

const results = (trades: ReadonlyArray<Trade>) => ({
  profit: sum(trades.map(profitOf)),
  fees: sum(trades.map(({ lot }) => lot.fees)),
  volume: sum(trades.map(({ lot }) => (lot.closedBy === "trade" ? Dollars.add(lot.cost, lot.proceeds) : lot.cost)))
})

/** An account that traded for `days` in `series` series, `perDay` lots a day. */
export const account = (options: {
  readonly seed: number
  readonly days: number
  readonly series: number
  readonly perDay: number
  readonly skill?: number
  readonly start?: string
  readonly deposit?: number
}): Report.Data => {
  const random = numbers(options.seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const start = time(options.start ?? "2025-12-01T00:00:00Z")
  const at = (day: number, part: number) => Timestamp.fromMillis(Timestamp.toMillis(start) + (day + part) * DAY)
  const trades: Array<Trade> = []
  for (let day = 0; day < options.days; day++) {
    const count = below(options.perDay * 2 + 1)
    for (let nth = 0; nth < count; nth++) {
      const series = Math.min(options.series - 1, Math.floor(random() ** 2 * options.series))
      const price = Dollars.cents(3 + below(94))
      const contracts = Contracts.centis((1 + below(180)) * (random() < 0.2 ? 37 : 100))
      const cost = Dollars.times(price, contracts)
      const chance = Dollars.toNumber(price)
      const isSettled = random() < 0.7
      const hasWon = random() < chance + (options.skill ?? 0.012)
      const exit = isSettled
        ? hasWon
          ? Dollars.one
          : Dollars.zero
        : Dollars.cents(Math.max(1, Math.min(99, Math.round(chance * 100) + below(29) - 14)))
      const fee = Dollars.micros(Math.ceil(0.07 * chance * (1 - chance) * contracts * 10_000))
      const held = Math.min(options.days - day - 0.001, 0.02 + random() * 4)
      const [name, title] = seriesAt(series)
      const opened = at(day, random() * 0.01)
      const code = Timestamp.format(opened).slice(2, 10).replaceAll("-", "")
      trades.push({
        series,
        price,
        lot: {
          ticker: `${name}-${code}-T${40 + below(50)}`,
          title: `${title}: above ${40 + below(50)}?`,
          side: random() < 0.6 ? "yes" : "no",
          count: contracts,
          openedAt: opened,
          closedAt: at(day, 0.01 + Math.max(0.001, held)),
          closedBy: isSettled ? "settlement" : "trade",
          cost,
          proceeds: Dollars.times(exit, contracts),
          fees: random() < 0.03 ? Dollars.negate(fee) : fee
        }
      })
    }
  }
  const fundings: ReadonlyArray<Report.Funding> = [
    { at: at(0, 0.0001), name: "deposit", amount: Dollars.of(options.deposit ?? 20_000) },
    ...Array.from({ length: Math.floor(options.days / 70) }, (_, index) => ({
      at: at(70 * (index + 1), 0.4),
      name: index % 3 === 2 ? "withdrawal" : "deposit",
      amount: Dollars.of(index % 3 === 2 ? -1500 : 1000)
    }))
  ]
  const points: Array<Report.EquityPoint> = []
  // cash and what is held at cost at the end of each day, kept exactly
  const changes = [
    ...fundings.map((funding) => ({ at: funding.at, cash: funding.amount, open: Dollars.zero })),
    ...trades.flatMap(({ lot }) => [
      { at: lot.openedAt, cash: Dollars.negate(Dollars.add(lot.cost, lot.fees)), open: lot.cost },
      { at: lot.closedAt, cash: lot.proceeds, open: Dollars.negate(lot.cost) }
    ])
  ].toSorted((a, b) => a.at - b.at)
  let [next, cash, open] = [0, Dollars.zero, Dollars.zero]
  for (let day = 0; day < options.days; day++) {
    const end = at(day, 0.999)
    for (let change = changes[next]; change !== undefined && change.at <= end; change = changes[++next]) {
      cash = Dollars.add(cash, change.cash)
      open = Dollars.add(open, change.open)
    }
    points.push({ at: end, cash, open })
  }
  const end = at(options.days, 0)
  const bySeries = grouped(trades, ({ series }) => series)
  const byMonth = grouped(trades, ({ lot }) => monthOf(lot.closedAt))
  const byPrice = grouped(trades, ({ price }) => Math.floor(price / 100_000))
  const exposures = Array.from({ length: Math.min(options.series, 17) }, (_, index) => {
    const [name, title] = seriesAt(index)
    return {
      event: `${name}-${Timestamp.format(end).slice(2, 10).replaceAll("-", "")}`,
      title,
      markets: 1 + below(4),
      cost: Dollars.cents(500 + Math.floor(below(90_000) / (1 + index)))
    }
  })
  return {
    account: { name: "Weather and rates", environment: "production" },
    from: start,
    until: end,
    asOf: end,
    totals: {
      ...results(trades),
      contracts: Contracts.sum(trades.map(({ lot }) => lot.count)),
      fills: trades.length + trades.filter(({ lot }) => lot.closedBy === "trade").length,
      lots: trades.length,
      wins: trades.filter(isWin).length
    },
    equity: { basis: "cost", points },
    fundings,
    series: [...bySeries].map(([series, those]) => {
      const [name, title] = seriesAt(series)
      return { series: name, title, ...results(those) }
    }),
    months: [...byMonth].map(([month, those]) => ({ month, ...results(those) })),
    prices: [...byPrice].map(([index, those]) => ({
      from: Dollars.micros(index * 100_000),
      lots: those.length,
      wins: those.filter(isWin).length,
      prices: sum(those.map(({ price }) => price))
    })),
    exposures,
    lots: trades.map(({ lot }) => lot),
    balance: { at: end, computed: cash, reported: Dollars.subtract(cash, Dollars.of(120)), resting: Dollars.of(120) },
    discrepancies: [],
    unexplained: [],
    notes: [],
    omitted: []
  }
}

/** An active year: 18 series, some 4 lots a day. */
export const year: Report.Data = account({ seed: 7, days: 365, series: 18, perDay: 4 })

/** Nothing at all. */
export const nothing: Report.Data = {
  account: { name: "main", environment: "sandbox" },
  until: time("2026-11-22T00:00:00Z"),
  asOf: time("2026-11-22T09:35:51.109554Z"),
  totals: {
    profit: Dollars.zero,
    fees: Dollars.zero,
    volume: Dollars.zero,
    contracts: Contracts.zero,
    fills: 0,
    lots: 0,
    wins: 0
  },
  equity: { basis: "cost", points: [] },
  fundings: [],
  series: [],
  months: [],
  prices: [],
  exposures: [],
  lots: [],
  discrepancies: [],
  unexplained: [],
  notes: [],
  omitted: []
}

/** One fill, still open: 10 contracts at $0.56. */
export const single: Report.Data = {
  ...nothing,
  totals: {
    ...nothing.totals,
    fees: Dollars.fromStringUnsafe("0.1725"),
    volume: Dollars.cents(560),
    contracts: Contracts.of(10),
    fills: 1
  },
  equity: {
    basis: "cost",
    points: [
      {
        at: time("2026-11-21T18:00:00Z"),
        cash: Dollars.fromStringUnsafe("94.2275"),
        open: Dollars.cents(560)
      }
    ]
  },
  series: [
    { series: "KXFED", profit: Dollars.zero, fees: Dollars.fromStringUnsafe("0.1725"), volume: Dollars.cents(560) }
  ],
  months: [
    { month: "2026-11", profit: Dollars.zero, fees: Dollars.fromStringUnsafe("0.1725"), volume: Dollars.cents(560) }
  ],
  exposures: [{ event: "KXFED-26DEC", markets: 1, cost: Dollars.cents(560) }]
}

/** Three years in 500 series, losing. */
export const long: Report.Data = account({
  seed: 11,
  days: 1095,
  series: 500,
  perDay: 9,
  skill: -0.03,
  start: "2023-11-20T00:00:00Z",
  deposit: 50_000
})

const HUGE = Dollars.micros(9_007_199_254_740_991)
const hugeResult = { profit: Dollars.negate(HUGE), fees: HUGE, volume: HUGE }

/** The largest amounts that there are, lost. */
export const huge: Report.Data = {
  ...year,
  account: {
    name: "The account with a name that is as long as anybody could ever want one to be",
    environment: "demo"
  },
  totals: {
    ...hugeResult,
    contracts: Contracts.centis(9_007_199_254_740_991),
    fills: 2_147_483_647,
    lots: 12_345_678,
    wins: 6_543_210
  },
  equity: {
    basis: "mark",
    points: year.equity.points.map(({ at }, index) => ({ at, cash: index % 2 === 0 ? HUGE : Dollars.zero, open: HUGE }))
  },
  series: [
    { series: "KXHUGE", ...hugeResult },
    { series: "KXHUGER", ...hugeResult }
  ],
  months: [
    { month: "2026-01", ...hugeResult },
    { month: "2026-02", ...hugeResult }
  ],
  lots: year.lots.map((lot) => ({ ...lot, cost: HUGE })),
  exposures: year.exposures.map((exposure) => ({ ...exposure, cost: HUGE })),
  balance: { at: year.asOf, computed: HUGE, reported: Dollars.zero, resting: Dollars.zero }
}

const ATTACK = `<script>document.title="owned"</script>"'><img src=x onerror=alert(1)>&amp;`

/** Tickers, titles and sentences that try to be markup. */
export const hostile: Report.Data = {
  ...year,
  account: { name: ATTACK, environment: ATTACK },
  fundings: year.fundings.map((funding) => ({ ...funding, name: ATTACK })),
  series: year.series.map((each, index) => ({ ...each, series: `${ATTACK}${index}`, title: ATTACK })),
  exposures: year.exposures.map((each) => ({ ...each, event: ATTACK, title: ATTACK })),
  lots: year.lots.map((lot) => ({ ...lot, ticker: ATTACK, title: ATTACK })),
  discrepancies: [{ message: ATTACK, records: [ATTACK, ATTACK] }],
  unexplained: [{ from: year.until, until: year.asOf, amount: Dollars.cents(-1), note: ATTACK }],
  notes: [ATTACK],
  omitted: [ATTACK]
}

/** What can be wrong, all at once. */
export const doubtful: Report.Data = {
  ...year,
  totals: { ...year.totals, profit: Dollars.add(year.totals.profit, Dollars.micros(1)) },
  balance: {
    at: year.asOf,
    computed: Dollars.of(12_000),
    reported: Dollars.fromStringUnsafe("11979.3275"),
    resting: Dollars.of(20)
  },
  discrepancies: [
    {
      message: "The fills of this market make another position than the exchange reports: 12.00 against 10.00",
      records: ["KXHIGHNY-260212-T48 (subaccount 0)", "fill 5c1f0e7a", "fill 9d22b1c4"],
      amount: Dollars.cents(67)
    }
  ],
  unexplained: [
    {
      from: time("2026-03-01T00:00:00Z"),
      until: time("2026-04-01T00:00:00Z"),
      amount: Dollars.fromStringUnsafe("31.0725"),
      note: "interest?"
    },
    {
      from: time("2026-05-01T00:00:00Z"),
      until: time("2026-05-02T00:00:00Z"),
      amount: Dollars.of(-5)
    }
  ],
  notes: ["The fee of fill 5c1f0e7a is $0.0200 where the model gives $0.0175."],
  omitted: ["Subaccount 3, which the key may not read."]
}
