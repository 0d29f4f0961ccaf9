/**
 * What `kalshi balance` does.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import * as Dollars from "effect-kalshi/Dollars"
import * as Balance from "effect-kalshi/models/Balance"
import * as Portfolio from "effect-kalshi/Portfolio"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Table from "../Table.ts"
import * as Words from "../Words.ts"
import * as subaccounts from "./subaccounts.ts"

const Part = Schema.Struct({
  subaccount: Schema.optional(Schema.Int),
  available: Dollars.Dollars,
  portfolioValue: Schema.optional(Dollars.Dollars)
})

/** All of an account that a key sees. */
const Whole = Schema.Struct({
  available: Dollars.Dollars,
  portfolioValue: Schema.optional(Dollars.Dollars),
  updatedAt: Schema.optional(Timestamp.Timestamp),
  byShard: Schema.Array(Balance.ShardBalance),
  bySubaccount: Schema.Array(Part)
})

type Part = typeof Part.Type

const shardsOf = (balances: ReadonlyArray<Balance.Balance>): ReadonlyArray<Balance.ShardBalance> => {
  const shards = new Map<number, Dollars.Dollars>()
  for (const { available, exchangeIndex } of balances.flatMap(({ byShard }) => byShard ?? [])) {
    shards.set(exchangeIndex, Dollars.add(shards.get(exchangeIndex) ?? Dollars.zero, available))
  }
  return [...shards]
    .map(([exchangeIndex, available]) => ({ exchangeIndex, available }))
    .toSorted((one, other) => one.exchangeIndex - other.exchangeIndex)
}

const read = Effect.gen(function* () {
  const portfolio = yield* Portfolio.Portfolio
  const numbers = yield* subaccounts.numbers
  const balances = yield* Effect.forEach(
    numbers ?? [undefined],
    (subaccount) => Effect.map(portfolio.getBalance({ subaccount }), (balance) => ({ subaccount, balance })),
    { concurrency: 4 }
  )
  const values = balances.flatMap(({ balance }) => balance.portfolioValue ?? [])
  const times = balances.flatMap(({ balance }) => balance.updatedAt ?? [])
  const whole: Types.Mutable<typeof Whole.Type> = {
    available: Dollars.sum(balances.map(({ balance }) => balance.available)),
    byShard: shardsOf(balances.map(({ balance }) => balance)),
    bySubaccount: balances.map(({ balance: { available, portfolioValue }, subaccount }): Part => ({
      ...(subaccount === undefined ? {} : { subaccount }),
      available,
      ...(portfolioValue === undefined ? {} : { portfolioValue })
    }))
  }
  if (values.length > 0) whole.portfolioValue = Dollars.sum(values)
  // as old as its oldest part
  if (times.length > 0) whole.updatedAt = Timestamp.micros(Math.min(...times))
  return whole
})

const heading = (whole: typeof Whole.Type): ReadonlyArray<readonly [string, string]> => [
  ["Free cash", Words.money(whole.available)],
  ...(whole.portfolioValue === undefined ? [] : [["Value of positions", Words.money(whole.portfolioValue)] as const])
]

const drawn = (whole: typeof Whole.Type, options: Table.Options): ReadonlyArray<string> => {
  const money = { align: "point" } as const
  return [
    ...Table.lines(
      [
        { head: "", cell: ([name]) => name },
        { head: "DOLLARS", ...money, cell: ([, amount]) => amount }
      ],
      heading(whole),
      options
    ),
    "",
    ...Table.lines(
      [
        { head: "SUBACCOUNT", align: "right", cell: ({ subaccount }) => subaccount?.toString() ?? "of the key" },
        { head: "FREE CASH", ...money, cell: ({ available }) => Words.money(available) },
        {
          head: "POSITIONS",
          ...money,
          cell: ({ portfolioValue }) => (portfolioValue === undefined ? undefined : Words.money(portfolioValue))
        }
      ],
      whole.bySubaccount,
      options
    ),
    ...(whole.byShard.length === 0 ? [] : [""]),
    ...Table.lines(
      [
        { head: "SHARD", align: "right", cell: ({ exchangeIndex }) => exchangeIndex.toString() },
        { head: "FREE CASH", ...money, cell: ({ available }) => Words.money(available) }
      ],
      whole.byShard,
      options
    ),
    ...(whole.updatedAt === undefined ? [] : ["", `As of ${Words.time(whole.updatedAt)} UTC`])
  ]
}

/** Shows the balance of all that the key sees. */
export const run = Effect.gen(function* () {
  const output = yield* Output.Output
  const whole = yield* read
  yield* output.lines(
    output.json ? [yield* Effect.orDie(Schema.encodeEffect(Schema.fromJsonString(Whole))(whole))] : drawn(whole, output)
  )
}).pipe(Session.provide)
