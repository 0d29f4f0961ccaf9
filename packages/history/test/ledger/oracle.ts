/**
 * Lots as simply as can be: each 0.01 contract is a thing of its own, in a queue.
 * It is slow, and shares nothing with what it judges.
 */
import type { Fill } from "effect-kalshi"

interface Piece {
  readonly side: "yes" | "no"
  /** What it cost, in units of 1e-8 dollar: prices have four decimals. */
  readonly cost: number
  readonly acquired: number
}

/** A lot that was closed: pieces that were bought together and closed together. */
export interface Lot {
  readonly side: "yes" | "no"
  readonly acquired: number
  readonly disposed: number
  pieces: number
  cost: number
  proceeds: number
}

export const run = (fills: ReadonlyArray<Fill.Fill>, settlement?: { readonly value: number; readonly at: number }) => {
  const queue: Array<Piece> = []
  const lots: Array<Lot> = []
  let cash = 0
  const close = (piece: Piece, proceeds: number, disposed: number): void => {
    const last = lots.at(-1)
    const isSame = last?.acquired === piece.acquired && last.disposed === disposed && last.side === piece.side
    const lot = isSame
      ? last
      : { side: piece.side, acquired: piece.acquired, disposed, pieces: 0, cost: 0, proceeds: 0 }
    if (!isSame) lots.push(lot)
    lot.pieces += 1
    lot.cost += piece.cost
    lot.proceeds += proceeds
    cash += proceeds
  }
  for (const { count, createdAt = 0, price, side } of fills) {
    const bought = side === "bid" ? "yes" : "no"
    for (let piece = 0; piece < count; piece++) {
      const cost = side === "bid" ? price : 1_000_000 - price
      const held = queue[0]
      if (held !== undefined && held.side !== bought) {
        queue.shift()
        // it is sold at what the other side is not
        close(held, 1_000_000 - cost, createdAt)
      } else {
        queue.push({ side: bought, cost, acquired: createdAt })
        cash -= cost
      }
    }
  }
  if (settlement !== undefined) {
    for (const piece of queue.splice(0)) {
      close(piece, piece.side === "yes" ? settlement.value : 1_000_000 - settlement.value, settlement.at)
    }
  }
  return { queue, lots, cash }
}
