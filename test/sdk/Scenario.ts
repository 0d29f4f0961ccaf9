/**
 * A day of trading in neutral words, that any client of the exchange can run
 * through a `Runner`: the official SDK does (`SdkRunner.ts`), and ours. What
 * two clients report of two sandboxes with the same seed must be equal, and
 * equal to what the sandbox itself says.
 *
 * Prices, amounts and counts are decimals in the exchange's own writing
 * (`"0.5600"`, `"4.00"`), ids of orders are the labels of their steps.
 */
import * as Effect from "effect/Effect"

/** A side of the book, on the YES leg. */
export type Side = "bid" | "ask"

/** An order to place; `label` becomes its `client_order_id`. */
export interface NewOrder {
  readonly label: string
  readonly ticker: string
  readonly side: Side
  readonly price: string
  readonly count: string
  readonly timeInForce: "good_till_canceled" | "immediate_or_cancel" | "fill_or_kill"
  readonly postOnly?: boolean
}

/** The order of a label, as the exchange knows it. */
export interface Known {
  readonly id: string
  readonly ticker: string
  readonly side: Side
}

/** What became of one command. */
export type Outcome =
  | {
      readonly _tag: "Placed"
      readonly id: string
      readonly filled: string
      readonly remaining: string
      readonly averagePrice: string | undefined
      readonly averageFee: string | undefined
    }
  | { readonly _tag: "Left"; readonly id: string; readonly remaining: string }
  | { readonly _tag: "Cancelled"; readonly id: string; readonly reducedBy: string }
  /** The code in the exchange's writing, lower case, with `_` for spaces. */
  | { readonly _tag: "Refused"; readonly code: string }

/** An order in the end. */
export interface OrderState {
  readonly label: string
  readonly ticker: string
  readonly side: Side
  readonly price: string
  readonly status: string
  readonly filled: string
  readonly remaining: string
  readonly takerFees: string
  readonly makerFees: string
}

/** A fill in the end. */
export interface FillState {
  readonly label: string
  readonly ticker: string
  readonly side: Side
  readonly price: string
  readonly count: string
  readonly fee: string
  readonly isTaker: boolean
}

/** A position in the end. */
export interface PositionState {
  readonly ticker: string
  readonly position: string
  readonly exposure: string
  readonly realizedPnl: string
  readonly fees: string
}

/** What an account has in the end. */
export interface AccountState {
  readonly balance: string
  readonly orders: ReadonlyArray<OrderState>
  readonly fills: ReadonlyArray<FillState>
  readonly positions: ReadonlyArray<PositionState>
}

/** A client of the exchange for one account. */
export interface Runner {
  readonly place: (order: NewOrder) => Effect.Effect<Outcome, unknown>
  readonly placeAll: (orders: ReadonlyArray<NewOrder>) => Effect.Effect<ReadonlyArray<Outcome>, unknown>
  /** `total` is what is filled already and what is wanted. */
  readonly amend: (
    order: Known,
    to: { readonly price: string; readonly total: string }
  ) => Effect.Effect<Outcome, unknown>
  readonly decrease: (
    order: Known,
    to: { readonly by: string } | { readonly to: string }
  ) => Effect.Effect<Outcome, unknown>
  readonly cancel: (order: Known) => Effect.Effect<Outcome, unknown>
  readonly cancelAll: (orders: ReadonlyArray<Known>) => Effect.Effect<ReadonlyArray<Outcome>, unknown>
  /** The account in the end, read page by page; the label of an order is its `client_order_id`. */
  readonly state: Effect.Effect<AccountState, unknown>
}

/** Who acts: the account that is watched, or its counterparty. */
export type Who = "hero" | "other"

/** A command of the scenario. */
export type Step =
  | { readonly _tag: "place"; readonly who: Who; readonly orders: ReadonlyArray<NewOrder>; readonly batch: boolean }
  | {
      readonly _tag: "amend"
      readonly who: Who
      readonly label: string
      readonly price: string
      readonly total: string
    }
  | {
      readonly _tag: "decrease"
      readonly who: Who
      readonly label: string
      readonly to: { readonly by: string } | { readonly to: string }
    }
  | { readonly _tag: "cancel"; readonly who: Who; readonly labels: ReadonlyArray<string>; readonly batch: boolean }

const order = (
  label: string,
  ticker: string,
  side: Side,
  count: string,
  price: string,
  more: Partial<NewOrder> = {}
): NewOrder => ({ label, ticker, side, count, price, timeInForce: "good_till_canceled", ...more })

const one = (who: Who, placed: NewOrder): Step => ({ _tag: "place", who, orders: [placed], batch: false })

/** The day: on two markets of whole cents, whose books are empty. */
export const day = (first: string, second: string): ReadonlyArray<Step> => [
  // a book from the other side
  {
    _tag: "place",
    who: "other",
    batch: true,
    orders: [
      order("o-ask-57", first, "ask", "20.00", "0.5700"),
      order("o-ask-56", first, "ask", "10.00", "0.5600"),
      order("o-bid-50", first, "bid", "30.00", "0.5000"),
      order("o-bid-40", second, "bid", "15.50", "0.4000")
    ]
  },
  // takes a level and a half, in two fills
  one("hero", order("h-take", first, "bid", "15.00", "0.5700")),
  // takes a part, rests with the others
  one("hero", order("h-rest", first, "bid", "25.00", "0.5700")),
  // an id is used once
  one("hero", order("h-rest", first, "bid", "1.00", "0.1000")),
  // only as a maker, and it would not be
  one("other", order("o-post", first, "ask", "5.00", "0.5500", { postOnly: true })),
  // all or nothing, and it is nothing
  one("other", order("o-kill", first, "ask", "500.00", "0.5000", { timeInForce: "fill_or_kill" })),
  // what is left of it goes
  one("other", order("o-ioc", first, "ask", "4.50", "0.5700", { timeInForce: "immediate_or_cancel" })),
  // off the grid
  one("hero", order("h-grid", first, "bid", "1.00", "0.5550")),
  { _tag: "decrease", who: "hero", label: "h-rest", to: { by: "1.25" } },
  { _tag: "decrease", who: "hero", label: "h-rest", to: { to: "3.00" } },
  // a smaller size keeps its place, a better price is another one
  { _tag: "amend", who: "other", label: "o-bid-50", price: "0.5000", total: "28.00" },
  { _tag: "amend", who: "other", label: "o-bid-40", price: "0.4500", total: "15.50" },
  // several at once, of which one fails
  {
    _tag: "place",
    who: "hero",
    batch: true,
    orders: [
      order("h-sell", second, "ask", "5.50", "0.4500"),
      order("h-far", second, "ask", "2.00", "0.9000"),
      order("h-wrong", "NO-SUCH-MARKET", "bid", "1.00", "0.5000"),
      order("h-low", first, "bid", "7.00", "0.0300")
    ]
  },
  // a price that crosses trades at once
  { _tag: "amend", who: "other", label: "o-bid-40", price: "0.9000", total: "15.50" },
  { _tag: "amend", who: "hero", label: "h-low", price: "0.0400", total: "8.00" },
  { _tag: "cancel", who: "hero", labels: ["h-rest"], batch: false },
  // a second time there is nothing
  { _tag: "cancel", who: "hero", labels: ["h-rest"], batch: false },
  { _tag: "cancel", who: "hero", labels: ["h-low", "h-take"], batch: true },
  // sells some of what it has
  one("hero", order("h-close", first, "ask", "6.00", "0.5000"))
]

/** What a client reports of the day. */
export interface Report {
  readonly outcomes: ReadonlyArray<Outcome>
  readonly hero: AccountState
  readonly other: AccountState
}

/** Decimals without the zeros at their end, so that `"0.5600"` and `"0.56"` are the same; lists in one order. */
export const canonical = <A>(value: A): A => {
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") {
      return /^-?\d+\.\d+$/.test(part) ? part.replace(/\.?0+$/, "") : part
    }
    if (Array.isArray(part)) return part.map(walk)
    if (typeof part !== "object" || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]))
  }
  return walk(value) as A
}

const sorted = <A>(items: ReadonlyArray<A>): ReadonlyArray<A> =>
  items
    .map((item) => [JSON.stringify(item), item] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, item]) => item)

/** An account's state in the form in which states are compared. */
export const comparable = (state: AccountState): AccountState => {
  const { balance, fills, orders, positions } = canonical(state)
  return { balance, orders: sorted(orders), fills: sorted(fills), positions: sorted(positions) }
}

/** Runs the steps; ids of orders are the same labels whoever runs them. */
export const run = (
  steps: ReadonlyArray<Step>,
  runners: Readonly<Record<Who, Runner>>
): Effect.Effect<Report, unknown> =>
  Effect.gen(function* () {
    const known = new Map<string, Known>()
    const labels = new Map<string, string>()
    const outcomes: Array<Outcome> = []

    const find = (label: string): Effect.Effect<Known> => {
      const found = known.get(label)
      return found === undefined ? Effect.die(new Error(`no order ${label} was placed`)) : Effect.succeed(found)
    }
    const keep = (outcome: Outcome): void => {
      outcomes.push(outcome._tag === "Refused" ? outcome : { ...outcome, id: labels.get(outcome.id) ?? outcome.id })
    }
    const placed = (order: NewOrder, outcome: Outcome): void => {
      if (outcome._tag === "Placed") {
        known.set(order.label, { id: outcome.id, ticker: order.ticker, side: order.side })
        labels.set(outcome.id, order.label)
      }
      keep(outcome)
    }

    for (const step of steps) {
      const runner = runners[step.who]
      switch (step._tag) {
        case "place": {
          const results = step.batch
            ? yield* runner.placeAll(step.orders)
            : yield* Effect.forEach(step.orders, runner.place)
          for (const [index, order] of step.orders.entries()) placed(order, results[index]!)
          break
        }
        case "amend": {
          keep(yield* runner.amend(yield* find(step.label), step))
          break
        }
        case "decrease": {
          keep(yield* runner.decrease(yield* find(step.label), step.to))
          break
        }
        case "cancel": {
          const orders = yield* Effect.forEach(step.labels, find)
          const results = step.batch ? yield* runner.cancelAll(orders) : yield* Effect.forEach(orders, runner.cancel)
          results.forEach(keep)
          break
        }
      }
    }
    return {
      outcomes: canonical(outcomes),
      hero: comparable(yield* runners.hero.state),
      other: comparable(yield* runners.other.state)
    }
  })

/** An outcome in a line, for lists that people read. */
export const describe = (outcome: Outcome): string => {
  switch (outcome._tag) {
    case "Placed":
      return outcome.averagePrice === undefined
        ? `${outcome.id}: ${outcome.remaining} rest`
        : `${outcome.id}: ${outcome.filled} at ${outcome.averagePrice}, ${outcome.remaining} rest`
    case "Left":
      return `${outcome.id}: ${outcome.remaining} left`
    case "Cancelled":
      return `${outcome.id}: ${outcome.reducedBy} cancelled`
    case "Refused":
      return outcome.code
  }
}

/** What the day comes to, line by line, so that a change of the sandbox shows. */
export const expected: ReadonlyArray<string> = [
  "o-ask-57: 20 rest",
  "o-ask-56: 10 rest",
  "o-bid-50: 30 rest",
  "o-bid-40: 15.5 rest",
  // 10 at 0.56 and 5 at 0.57
  "h-take: 15 at 0.563333, 0 rest",
  "h-rest: 15 at 0.57, 10 rest",
  "order_already_exists",
  "invalid_order",
  "fill_or_kill_insufficient_resting_volume",
  "o-ioc: 4.5 at 0.57, 0 rest",
  "invalid_price",
  "h-rest: 4.25 left",
  "h-rest: 3 left",
  "o-bid-50: 28 left",
  "o-bid-40: 15.5 left",
  "h-sell: 5.5 at 0.45, 0 rest",
  "h-far: 2 rest",
  "market_not_found",
  "h-low: 7 rest",
  "o-bid-40: 8 left",
  "h-low: 8 left",
  "h-rest: 3 cancelled",
  "not_found",
  "h-low: 8 cancelled",
  "not_found",
  "h-close: 6 at 0.5, 0 rest"
]
