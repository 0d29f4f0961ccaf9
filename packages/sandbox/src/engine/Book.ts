/**
 * A book: price levels, best at the end, each a queue in order of arrival.
 */
import type * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import type * as Dollars from "effect-kalshi/Dollars"
import type { BookSide, Market, Order, PriceLevel } from "./State.ts"

/** The side of the book where orders of a direction rest. */
export const own = (market: Market, side: Direction.Direction): BookSide => (side === "bid" ? market.bids : market.asks)

/** The side of the book that orders of a direction trade with. */
export const opposite = (market: Market, side: Direction.Direction): BookSide =>
  side === "bid" ? market.asks : market.bids

/** Whether an order of this direction and limit trades at a resting price. */
export const crosses = (side: Direction.Direction, limit: Dollars.Dollars, resting: Dollars.Dollars): boolean =>
  side === "bid" ? resting <= limit : resting >= limit

/** Where a price is, or where it would be put: the first level that is not worse. */
const indexOf = (book: BookSide, price: Dollars.Dollars): number => {
  let low = 0
  let high = book.levels.length
  while (low < high) {
    const middle = (low + high) >> 1
    const level = book.levels[middle]
    const worse = level !== undefined && (book.side === "bid" ? level.price < price : level.price > price)
    if (worse) low = middle + 1
    else high = middle
  }
  return low
}

/** Puts an order at the back of the queue of its price. */
export const add = (order: Order): void => {
  const book = own(order.market, order.side)
  const index = indexOf(book, order.price)
  const found = book.levels[index]
  const level: PriceLevel =
    found !== undefined && found.price === order.price
      ? found
      : { price: order.price, total: 0, first: undefined, last: undefined }
  if (level !== found) book.levels.splice(index, 0, level)
  order.level = level
  order.ahead = level.last
  order.behind = undefined
  if (level.last === undefined) level.first = order
  else level.last.behind = order
  level.last = order
  level.total += order.remaining
}

/** Takes an order out of its queue, with what remains of it. */
export const remove = (order: Order): void => {
  const level = order.level
  if (level === undefined) return
  if (order.ahead === undefined) level.first = order.behind
  else order.ahead.behind = order.behind
  if (order.behind === undefined) level.last = order.ahead
  else order.behind.ahead = order.ahead
  level.total -= order.remaining
  order.level = undefined
  order.ahead = undefined
  order.behind = undefined
  if (level.first === undefined) {
    const book = own(order.market, order.side)
    book.levels.splice(indexOf(book, level.price), 1)
  }
}

/** Makes a level smaller by what an order of it lost; the order keeps its place. */
export const shrink = (order: Order, by: Contracts.Contracts): void => {
  if (order.level !== undefined) order.level.total -= by
}

/** The orders of a side, best price first, of one price the oldest first. */
export function* walk(book: BookSide): Generator<Order, void> {
  for (let index = book.levels.length - 1; index >= 0; index--) {
    for (let order = book.levels[index]?.first; order !== undefined; order = order.behind) yield order
  }
}
