/**
 * Which market and subaccount an order belongs to, for orders that were placed
 * or seen: a cancel without its market goes to the wrong shard.
 */

const CAPACITY = 50_000

/** Where an order is. */
export interface Place {
  readonly ticker: string
  readonly subaccount: number
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
}

const put = (places: Map<string, Place>, orderId: string, place: Place): void => {
  places.delete(orderId)
  places.set(orderId, place)
  if (places.size > CAPACITY) {
    const oldest = places.keys().next()
    if (oldest.done !== true) places.delete(oldest.value)
  }
}

export const make = (): OrderMemory => {
  const live = new Map<string, Place>()
  const ended = new Map<string, Place>()
  const find = (orderId: string): Place | undefined => live.get(orderId) ?? ended.get(orderId)
  return {
    remember: (orderId, { subaccount, ticker }, hasEnded = false) => {
      const place = { ticker, subaccount: subaccount ?? find(orderId)?.subaccount ?? 0 }
      if (hasEnded) live.delete(orderId)
      put(hasEnded ? ended : live, orderId, place)
      return place
    },
    find
  }
}
