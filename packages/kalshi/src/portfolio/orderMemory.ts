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
  readonly remember: (orderId: string, place: Place) => void
  readonly find: (orderId: string) => Place | undefined
}

export const make = (): OrderMemory => {
  const places = new Map<string, Place>()
  const remember = (orderId: string, place: Place): void => {
    places.delete(orderId)
    places.set(orderId, place)
    if (places.size > CAPACITY) {
      const oldest = places.keys().next()
      if (oldest.done !== true) places.delete(oldest.value)
    }
  }
  return {
    remember,
    find: (orderId) => {
      const place = places.get(orderId)
      if (place !== undefined) remember(orderId, place)
      return place
    }
  }
}
