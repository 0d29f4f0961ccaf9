/**
 * What a worker decides: one order, or a batch of three, and what happens to
 * it afterwards. A story follows from the seed and its place alone, so that a
 * program that was killed decides the same again.
 */
import * as Random from "./Random.ts"

/** An order as it is wanted. Prices are YES prices in micro-dollars, counts hundredths of a contract. */
export interface Wanted {
  readonly clientOrderId: string
  readonly ticker: string
  readonly side: "bid" | "ask"
  readonly price: number
  readonly count: number
  readonly timeInForce: "good_till_canceled" | "immediate_or_cancel" | "fill_or_kill"
  readonly postOnly?: boolean
  /** Unix seconds; no two orders of a program share one, whatever becomes of their ids. */
  readonly expiresAt?: number
}

/** What happens to the orders of a story that still rest, one after the other. */
export type Step =
  | { readonly _tag: "amend"; readonly item: number; readonly price: number; readonly percent: number }
  | { readonly _tag: "decrease"; readonly item: number; readonly percent: number }
  | { readonly _tag: "cancel"; readonly item: number }
  | { readonly _tag: "batchCancel" }

export interface Story {
  readonly name: string
  readonly orders: readonly [Wanted, ...ReadonlyArray<Wanted>]
  readonly steps: ReadonlyArray<Step>
  /** After how many milliseconds the caller leaves, for the order and for each step. */
  readonly leaves: ReadonlyArray<number | undefined>
  /** What is done about an order that was never recorded: it is sent, or given up. */
  readonly insists: boolean
}

/** Where in a run a story is told. */
export interface Place {
  readonly seed: number
  readonly program: number
  readonly worker: number
  readonly story: number
}

const CENT = 10_000
const BATCH = 3
// far from now, and far from each other
const FIRST_EXPIRATION = 4_000_000_000
const MOST_STORIES = 6000

/** The market of a worker: small books and short lists, and nobody else in them but the maker. */
export const ticker = (program: number, worker: number): string => `KXCHAOS${program}-W${worker}-YES`

/** The prices of others: the maker offers from here away from the middle, a cent a level. */
export const maker = { bid: 40, ask: 60, levels: 3 } as const

type Kind = "rests" | "inside" | "crosses" | "immediate" | "whole" | "postOnly"

const kindOf = (random: Random.Random): Kind => {
  const drawn = random.between(1, 100)
  if (drawn <= 58) return "rests"
  if (drawn <= 70) return "inside"
  if (drawn <= 82) return "crosses"
  if (drawn <= 90) return "immediate"
  return drawn <= 97 ? "whole" : "postOnly"
}

// bids and asks of one worker do not cross each other, but for what is left of one that took from the maker
const priceOf = (random: Random.Random, kind: Kind, side: "bid" | "ask"): number => {
  const bid = {
    rests: [5, 34],
    inside: [44, 50],
    crosses: [maker.ask, maker.ask + maker.levels],
    immediate: [maker.ask - 1, maker.ask + maker.levels],
    whole: [maker.ask, maker.ask + maker.levels],
    postOnly: [maker.ask + maker.levels, maker.ask + maker.levels]
  } as const
  const [first, last] = bid[kind]
  const cents = random.between(first, last)
  return (side === "bid" ? cents : 100 - cents) * CENT
}

const timeInForce = (kind: Kind): Wanted["timeInForce"] =>
  kind === "immediate" ? "immediate_or_cancel" : kind === "whole" ? "fill_or_kill" : "good_till_canceled"

const wanted = (random: Random.Random, place: Place, item: number): Wanted => {
  const { program, seed, story, worker } = place
  const kind = kindOf(random)
  const side = random.pick(["bid", "ask"])
  const number = story * BATCH + item
  const force = timeInForce(kind)
  return {
    clientOrderId: `s${seed}-${program}-${worker}-${story}-${item}`,
    ticker: ticker(program, worker),
    side,
    price: priceOf(random, kind, side),
    // no two counts of a worker are the same: an order is known by it too
    count: 200 + number + (kind === "crosses" || kind === "immediate" ? random.between(0, 3) * 20_000 : 0),
    timeInForce: force,
    ...(kind === "postOnly" ? { postOnly: true } : {}),
    ...(force === "good_till_canceled" ? { expiresAt: FIRST_EXPIRATION + worker * MOST_STORIES * BATCH + number } : {})
  }
}

const amendment = (random: Random.Random, item: number, order: Wanted): Step => ({
  _tag: "amend",
  item,
  price: random.chance(0.3) ? order.price : priceOf(random, random.chance(0.1) ? "crosses" : "rests", order.side),
  percent: random.pick([60, 100, 150])
})

const steps = (random: Random.Random, orders: Story["orders"]): ReadonlyArray<Step> => {
  const item = random.between(0, orders.length - 1)
  const order = orders[item] ?? orders[0]
  const all: Array<Step> = []
  if (random.chance(0.32)) all.push(amendment(random, item, order))
  if (random.chance(0.33)) all.push({ _tag: "decrease", item, percent: random.between(10, 60) })
  if (random.chance(0.32)) {
    all.push(orders.length > 1 && random.chance(0.5) ? { _tag: "batchCancel" } : { _tag: "cancel", item })
  }
  return all
}

/** The story of a place. */
export const tell = (place: Place): Story => {
  const { program, seed, story, worker } = place
  const random = Random.make(seed, program, worker, story)
  const first = wanted(random, place, 0)
  const orders: Story["orders"] = random.chance(0.21)
    ? [first, wanted(random, place, 1), wanted(random, place, 2)]
    : [first]
  const later = steps(random, orders)
  return {
    name: `${program}-${worker}-${story}`,
    orders,
    steps: later,
    leaves: Array.from({ length: later.length + 1 }, () => (random.chance(0.1) ? random.between(5, 1000) : undefined)),
    insists: random.chance(0.5)
  }
}

/** By what the order of a decision is known even where it has lost its id. */
export const fingerprint = (order: {
  readonly ticker: string
  readonly count: number
  readonly expiresAt?: number | undefined
}): string => (order.expiresAt === undefined ? `${order.ticker}/${order.count}` : `${order.expiresAt}`)
