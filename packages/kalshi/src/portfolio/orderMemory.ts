/**
 * Which market and subaccount an order belongs to, for orders that were placed
 * or seen: a cancel without its market goes to the wrong shard. Of orders that
 * were placed or changed here it also remembers what they are at.
 */
import type { Contracts } from "../Contracts.ts"
import type { Dollars } from "../Dollars.ts"

const CAPACITY = 50_000

/** Where an order is. */
export interface Place {
  readonly ticker: string
  readonly subaccount: number
}

/** What an order is at: `total` is what is filled and what rests together, which fills do not change. */
export interface Size {
  /** Of YES. */
  readonly price: Dollars
  readonly total: Contracts
}

/** What is remembered of orders; the longest unused are forgotten first. */
export interface OrderMemory {
  /**
   * An absent subaccount keeps the one that is known, else means 0. Orders that
   * have ended never push out those that may still rest.
   */
  readonly remember: (
    orderId: string,
    seen: { readonly ticker: string; readonly subaccount?: number | undefined },
    hasEnded?: boolean
  ) => Place
  readonly find: (orderId: string) => Place | undefined
  /** What an answer to a write of ours says that a live order is at; `undefined` where that is not known any more. */
  readonly resize: (orderId: string, size: Size | undefined) => void
  readonly sizeOf: (orderId: string) => Size | undefined
}

const put = <A>(kept: Map<string, A>, orderId: string, value: A): void => {
  kept.delete(orderId)
  kept.set(orderId, value)
  if (kept.size > CAPACITY) {
    const oldest = kept.keys().next()
    if (oldest.done !== true) kept.delete(oldest.value)
  }
}

export const make = (): OrderMemory => {
  const live = new Map<string, Place>()
  const ended = new Map<string, Place>()
  const sizes = new Map<string, Size>()
  const find = (orderId: string): Place | undefined => live.get(orderId) ?? ended.get(orderId)
  return {
    remember: (orderId, { subaccount, ticker }, hasEnded = false) => {
      const place = { ticker, subaccount: subaccount ?? find(orderId)?.subaccount ?? 0 }
      if (hasEnded) {
        live.delete(orderId)
        sizes.delete(orderId)
      }
      put(hasEnded ? ended : live, orderId, place)
      return place
    },
    find,
    resize: (orderId, size) => {
      if (size === undefined) sizes.delete(orderId)
      else put(sizes, orderId, size)
    },
    sizeOf: (orderId) => sizes.get(orderId)
  }
}
