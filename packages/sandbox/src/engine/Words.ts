/**
 * The words of orders: eight that all orders share, so that an order does not
 * hold any of its own.
 */
import * as Direction from "effect-kalshi/Direction"
import type { NewOrder, Words } from "../Model.ts"

type Shared = Readonly<Record<Words["action"], Readonly<Record<Direction.Outcome, Words>>>>

const shared = (type: Words["type"]): Shared => ({
  buy: { yes: { action: "buy", side: "yes", type }, no: { action: "buy", side: "no", type } },
  sell: { yes: { action: "sell", side: "yes", type }, no: { action: "sell", side: "no", type } }
})

const all: Readonly<Record<Words["type"], Shared>> = { limit: shared("limit"), market: shared("market") }

/** The words of an order of this direction: those that are given, if they mean it, else plain buying. */
export const of = (side: Direction.Direction, given: NewOrder["words"]): Words =>
  given !== undefined && Direction.sideOf(given) === side
    ? all[given.type ?? "limit"][given.action][given.side]
    : all.limit.buy[Direction.outcome(side)]
