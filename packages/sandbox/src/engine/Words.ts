/**
 * The words of orders: four pairs that all orders share, so that an order does
 * not hold one of its own.
 */
import * as Direction from "effect-kalshi/Direction"
import type { Words } from "../Model.ts"

const pairs: Readonly<Record<Words["action"], Readonly<Record<Direction.Outcome, Words>>>> = {
  buy: { yes: { action: "buy", side: "yes" }, no: { action: "buy", side: "no" } },
  sell: { yes: { action: "sell", side: "yes" }, no: { action: "sell", side: "no" } }
}

/** The words of an order of this direction: those that are given, if they mean it, else plain buying. */
export const of = (side: Direction.Direction, given: Words | undefined): Words =>
  given !== undefined && Direction.sideOf(given) === side
    ? pairs[given.action][given.side]
    : pairs.buy[Direction.outcome(side)]
