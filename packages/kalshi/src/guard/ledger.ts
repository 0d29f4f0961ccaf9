/**
 * What an account may come to at worst: positions that were read, orders that
 * may be filled, and fills that the positions may not have yet.
 *
 * Nothing here is ever less than the truth may be. A fill of an order that
 * rests moves its contracts from the book into the position, which leaves the
 * worst case on its side as it is: nobody has to tell of it.
 */
import type * as Contracts from "../Contracts.ts"
import type * as Direction from "../Direction.ts"
import * as Dollars from "../Dollars.ts"
import type { Exposure, Seen, Settled } from "./Service.ts"

/** What the exchange says of an account. */
export interface State {
  /** Signed, YES positive; those of several subaccounts in one market add up. */
  readonly positions: ReadonlyArray<{
    readonly ticker: string
    readonly position: Contracts.Contracts
    readonly eventTicker?: string | undefined
  }>
  /** Read before the positions: what is filled between the two counts twice then, and not never. */
  readonly resting: ReadonlyArray<{
    readonly orderId: string
    readonly clientOrderId?: string | undefined
    readonly ticker: string
    readonly side: Direction.Recorded
    readonly price: Dollars.Dollars
    readonly remaining: Contracts.Contracts
    /** What of it has been filled in all. */
    readonly filled?: Contracts.Contracts | undefined
  }>
}

/** When a state was read, in milliseconds of this machine's clock. */
export interface Read {
  /** All that happened before this is in it. */
  readonly from: number
  /** Nothing that happens after this is in it. */
  readonly until: number
}

/** What a write makes of an order: what of it may be filled, and at which collateral a contract. */
interface Wish {
  readonly count: number
  readonly unit: number
  readonly raises: boolean
}

interface Order {
  readonly key: string
  readonly ticker: string
  readonly side: Direction.Recorded
  readonly reduceOnly: boolean
  /** Whether none of its fills can be in the positions that were read: it is younger than they are. */
  young: boolean
  id: string | undefined
  /** What can be filled of it, as far as was heard. */
  open: number
  unit: number
  /** What of it has been filled in all, where that is known. */
  filled: number | undefined
  /** When we heard of a change of our own. */
  changed: number
  /** Writes that have not been settled, and what they make of it. */
  pending: number
  wishes: ReadonlyArray<Wish>
}

/** Contracts that left an order: surely filled, or at most, until some moment. */
interface Gone {
  readonly side: Direction.Recorded
  readonly least: number
  readonly most: number
  readonly until: number
}

interface Market {
  readonly ticker: string
  event: string
  /** The position that was read. */
  position: number
  readonly orders: Set<Order>
  gone: Array<Gone>
}

/** What limits are set to, in hundredths of a contract and of a micro-dollar. */
export interface Measures {
  readonly notional: bigint
  readonly markets: ReadonlyMap<string, number>
  readonly events: ReadonlyMap<string, number>
}

/** A write that was counted, and how to count it no more. */
export interface Counted {
  readonly undo: () => void
}

/** How an exposure changes what there is. */
export interface Change {
  /** Whether it can raise risk: a new order, or an order that becomes larger, dearer or another one. */
  readonly raises: boolean
  /** What may be filled of the order then, and what that sets aside. */
  readonly count: number
  readonly notional: bigint
  readonly countBefore: number
  readonly notionalBefore: bigint
}

/** What an account may come to. */
export interface Ledger {
  readonly change: (exposure: Exposure) => Change
  readonly count: (exposure: Exposure, now: number) => Counted
  readonly measure: (exposures: ReadonlyArray<Exposure>) => Measures
  /** Whether a write of this key that raises risk is under way. */
  readonly raises: (key: string) => boolean
  readonly settle: (settled: Settled, now: number) => void
  /** `asOf` in milliseconds, absent for the answer to a write. */
  readonly seen: (orderId: string, seen: Omit<Seen, "asOf">, now: number, asOf?: number) => void
  /** Takes what was read over, unless it may be older than what was read before. */
  readonly merge: (state: State, read: Read) => void
}

/** The event of a market by its ticker: all but the last part. */
const eventOf = (ticker: string): string => {
  const end = ticker.lastIndexOf("-")
  return end <= 0 ? ticker : ticker.slice(0, end)
}

/** What a contract of an order sets aside; the dearer side where the side is not known. */
const unitOf = (side: Direction.Recorded, price: Dollars.Dollars): number => {
  const no = Dollars.complement(price)
  return side === "bid" ? price : side === "ask" ? no : Dollars.max(price, no)
}

/** What a write makes of an order: an amend says the total of it, from which what we heard of its fills is taken. */
const countOf = ({ count, total }: Exposure, order: Order | undefined): number =>
  order === undefined || total === undefined ? count : Math.max(0, total - (order.filled ?? 0))

const openOf = (order: Order): number => order.wishes.reduce((most, { count }) => Math.max(most, count), order.open)
const dearestOf = (order: Order): number => order.wishes.reduce((most, { unit }) => Math.max(most, unit), order.unit)
const reserved = (order: Order): bigint => BigInt(openOf(order)) * BigInt(dearestOf(order))

const positionOf = (market: Market): number =>
  market.gone.reduce(
    (position, { least, side }) => position + (side === "bid" ? least : side === "ask" ? -least : 0),
    market.position
  )

/** What may have been filled on either side, and may not. */
const doubtOf = (market: Market): { readonly bids: number; readonly asks: number } => {
  let bids = 0
  let asks = 0
  for (const { least, most, side } of market.gone) {
    if (side !== "ask") bids += most - least
    if (side !== "bid") asks += most - least
  }
  return { bids, asks }
}

/** The largest position of a market that can come about, of either side. */
const worstOf = (market: Market): number => {
  const position = positionOf(market)
  let { asks, bids } = doubtOf(market)
  let closingBids = 0
  let closingAsks = 0
  for (const order of market.orders) {
    const open = openOf(order)
    if (order.side !== "ask") {
      if (order.reduceOnly) closingBids += open
      else bids += open
    }
    if (order.side !== "bid") {
      if (order.reduceOnly) closingAsks += open
      else asks += open
    }
  }
  // an order that only closes adds nothing, but it can use up the position that others would have closed
  const long = position + bids + Math.min(closingBids, Math.max(-position, 0))
  const short = -position + asks + Math.min(closingAsks, Math.max(position, 0))
  return Math.max(long, short, 0)
}

/** Makes an empty ledger; one that is never merged with what was read keeps the orders that live and nothing else. */
export const make = ({ isMerged }: { readonly isMerged: boolean }): Ledger => {
  const markets = new Map<string, Market>()
  const events = new Map<string, Set<Market>>()
  const byKey = new Map<string, Order>()
  const byId = new Map<string, Order>()
  /** Orders that have ended, and when we heard: reads that lag still show them. */
  const ended = new Map<string, number>()
  let notional = 0n
  let mergedFrom = Number.NEGATIVE_INFINITY

  const marketOf = (ticker: string, event?: string): Market => {
    const known = markets.get(ticker)
    if (known !== undefined) {
      if (event !== undefined && event !== known.event) {
        events.get(known.event)?.delete(known)
        known.event = event
        of(event).add(known)
      }
      return known
    }
    const market: Market = {
      ticker,
      event: event ?? eventOf(ticker),
      position: 0,
      orders: new Set(),
      gone: []
    }
    markets.set(ticker, market)
    of(market.event).add(market)
    return market
  }

  const of = (event: string): Set<Market> => {
    const known = events.get(event)
    if (known !== undefined) return known
    const fresh = new Set<Market>()
    events.set(event, fresh)
    return fresh
  }

  /** Changes an order and what all orders set aside together. */
  const alter = (order: Order, how: () => void): void => {
    notional -= reserved(order)
    how()
    notional += reserved(order)
  }

  const dropMarket = (market: Market): void => {
    markets.delete(market.ticker)
    const siblings = events.get(market.event)
    siblings?.delete(market)
    if (siblings?.size === 0) events.delete(market.event)
  }

  const drop = (order: Order): void => {
    notional -= reserved(order)
    const market = markets.get(order.ticker)
    market?.orders.delete(order)
    if (!isMerged && market?.orders.size === 0) dropMarket(market)
    if (byKey.get(order.key) === order) byKey.delete(order.key)
    if (order.id !== undefined && byId.get(order.id) === order) byId.delete(order.id)
  }

  /** The order that an exposure changes, where it is known and stays what it is. */
  const replacedBy = ({ replaces, side, ticker }: Exposure): Order | undefined => {
    const order = replaces === undefined ? undefined : byId.get(replaces)
    return order !== undefined && order.ticker === ticker && order.side === side ? order : undefined
  }

  /** The order whose client order id is used once more: the exchange makes one order of both. */
  const repeatedBy = ({ key, reduceOnly, side, ticker }: Exposure): Order | undefined => {
    const order = byKey.get(key)
    return order !== undefined &&
      order.ticker === ticker &&
      order.side === side &&
      order.reduceOnly === (reduceOnly ?? false)
      ? order
      : undefined
  }

  const orderOf = (exposure: Exposure, now: number): Order => {
    const known = exposure.replaces === undefined ? repeatedBy(exposure) : replacedBy(exposure)
    if (known !== undefined) return known
    const order: Order = {
      key: exposure.key,
      ticker: exposure.ticker,
      side: exposure.side,
      reduceOnly: exposure.reduceOnly ?? false,
      young: exposure.replaces === undefined,
      id: undefined,
      open: 0,
      unit: 0,
      filled: exposure.replaces === undefined ? 0 : undefined,
      changed: now,
      pending: 0,
      wishes: []
    }
    marketOf(order.ticker).orders.add(order)
    return order
  }

  /** Books what left an order, and what of it can still be filled. */
  const hear = (order: Order, { filled, reducedBy, remaining }: Omit<Seen, "asOf">, now: number): void => {
    if (!isMerged) return
    const market = marketOf(order.ticker)
    if (filled !== undefined && order.filled !== undefined) {
      const fresh = Math.max(0, filled - order.filled)
      // a fill that the positions may have seen takes nothing off the other side
      const least = order.young && order.side !== "unknown" ? fresh : 0
      if (fresh > 0) market.gone.push({ side: order.side, least, most: fresh, until: now })
      order.filled += fresh
    } else {
      const most = openOf(order) - remaining - (reducedBy ?? 0)
      if (most > 0) market.gone.push({ side: order.side, least: 0, most, until: now })
      if (filled !== undefined) order.filled = filled
    }
  }

  const endIfOver = (order: Order, now: number): void => {
    if (openOf(order) > 0 || order.pending > 0) return
    drop(order)
    if (isMerged && order.id !== undefined) ended.set(order.id, now)
  }

  /** Whoever read the order before we knew its id counted it as another one. */
  const identify = (order: Order, id: string): void => {
    const other = byId.get(id)
    if (other !== undefined && other !== order) drop(other)
    order.id = id
    byId.set(id, order)
  }

  const mergeOrders = (state: State, { from }: Read): Map<Market, { bids: number; asks: number }> => {
    const rows = new Map(state.resting.map((row) => [row.orderId, row]))
    const vanished = new Map<Market, { bids: number; asks: number }>()
    const own = new Set<string>()
    for (const market of markets.values()) {
      for (const order of market.orders) {
        order.young = false
        if (order.pending > 0) own.add(order.key)
        if (order.id === undefined) continue
        const row = rows.get(order.id)
        rows.delete(order.id)
        // what we heard last may be newer than what was read
        if (order.pending > 0 || order.changed >= from) continue
        const left = Math.max(0, order.open - (row?.remaining ?? 0))
        if (left > 0) {
          const sum = vanished.get(market) ?? { bids: 0, asks: 0 }
          vanished.set(market, sum)
          if (order.side !== "ask") sum.bids += left
          if (order.side !== "bid") sum.asks += left
        }
        if (row === undefined) drop(order)
        else {
          alter(order, () => {
            order.open = row.remaining
            order.unit = unitOf(order.side, row.price)
            order.filled = row.filled
          })
        }
      }
    }
    for (const row of rows.values()) {
      if (row.clientOrderId !== undefined && own.has(row.clientOrderId)) continue
      if ((ended.get(row.orderId) ?? Number.NEGATIVE_INFINITY) >= from) continue
      const order: Order = {
        key: row.orderId,
        ticker: row.ticker,
        side: row.side,
        reduceOnly: false,
        young: false,
        id: row.orderId,
        open: row.remaining,
        unit: unitOf(row.side, row.price),
        filled: row.filled,
        changed: Number.NEGATIVE_INFINITY,
        pending: 0,
        wishes: []
      }
      marketOf(row.ticker).orders.add(order)
      byId.set(row.orderId, order)
      notional += reserved(order)
    }
    for (const [id, at] of ended) if (at < from) ended.delete(id)
    return vanished
  }

  const mergePositions = (
    state: State,
    { from, until }: Read,
    vanished: ReadonlyMap<Market, { readonly bids: number; readonly asks: number }>
  ): void => {
    const positions = new Map<string, number>()
    for (const { eventTicker, position, ticker } of state.positions) {
      marketOf(ticker, eventTicker)
      positions.set(ticker, (positions.get(ticker) ?? 0) + position)
    }
    for (const market of markets.values()) {
      const position = positions.get(market.ticker) ?? 0
      const moved = position - positionOf(market)
      const doubt = doubtOf(market)
      const { asks, bids } = vanished.get(market) ?? { asks: 0, bids: 0 }
      market.position = position
      // what was filled lately may be in the position, and may not
      market.gone = market.gone.flatMap((gone) => (gone.until >= from ? [{ ...gone, least: 0 }] : []))
      // what has left the book and not come to the position may come to it, however the two reads lag
      const late = [
        { side: "bid", most: bids - Math.max(0, moved - doubt.bids) },
        { side: "ask", most: asks - Math.max(0, -moved - doubt.asks) }
      ] as const
      for (const { most, side } of late) if (most > 0) market.gone.push({ side, least: 0, most, until })
      if (position === 0 && market.orders.size === 0 && market.gone.length === 0) dropMarket(market)
    }
  }

  const change = (exposure: Exposure): Change => {
    const order = replacedBy(exposure)
    const count = countOf(exposure, order)
    const unit = unitOf(exposure.side, exposure.price)
    // exact: a price in micro-dollars times hundredths of a contract
    const notional = BigInt(unit) * BigInt(count)
    if (order === undefined) return { raises: true, count, notional, countBefore: 0, notionalBefore: 0n }
    const raises = count > openOf(order) || unit > dearestOf(order)
    return { raises, count, notional, countBefore: openOf(order), notionalBefore: reserved(order) }
  }

  return {
    change,

    count: (exposure, now) => {
      const { count, raises } = change(exposure)
      marketOf(exposure.ticker, exposure.eventTicker)
      const order = orderOf(exposure, now)
      const { pending, wishes } = order
      const before = byKey.get(exposure.key)
      alter(order, () => {
        order.pending++
        order.wishes = [...wishes, { count, unit: unitOf(exposure.side, exposure.price), raises }]
      })
      if (order.id === undefined) byKey.set(exposure.key, order)
      return {
        undo: () => {
          alter(order, () => {
            order.pending = pending
            order.wishes = wishes
          })
          if (pending === 0 && order.id === undefined) drop(order)
          if (before !== undefined) byKey.set(exposure.key, before)
        }
      }
    },

    measure: (exposures) => {
      const worst = new Map<string, number>()
      const sums = new Map<string, number>()
      for (const { eventTicker, ticker } of exposures) {
        const market = marketOf(ticker, eventTicker)
        worst.set(ticker, worstOf(market))
        if (sums.has(market.event)) continue
        let sum = 0
        for (const sibling of of(market.event)) sum += worstOf(sibling)
        sums.set(market.event, sum)
      }
      return { notional, markets: worst, events: sums }
    },

    raises: (key) => (byKey.get(key) ?? byId.get(key))?.wishes.some((wish) => wish.raises) ?? false,

    settle: (settled, now) => {
      const order = byKey.get(settled.key) ?? byId.get(settled.key)
      if (order === undefined || order.pending === 0) return
      const applied = settled.orderId !== undefined || settled.remaining > 0 || settled.filled > 0
      alter(order, () => {
        if (settled.orderId !== undefined) identify(order, settled.orderId)
        if (applied) {
          hear(order, settled, now)
          order.changed = now
          // of several writes at once it is not known which was the last
          const alone = order.wishes.length === 1
          order.open = alone ? settled.remaining : Math.max(order.open, settled.remaining)
          order.unit = alone ? (order.wishes[0]?.unit ?? order.unit) : dearestOf(order)
        }
        order.pending--
        if (order.pending === 0) order.wishes = []
      })
      endIfOver(order, now)
    },

    seen: (orderId, seen, now, asOf) => {
      const order = byId.get(orderId)
      if (order === undefined || (asOf !== undefined && asOf <= order.changed)) return
      alter(order, () => {
        hear(order, seen, now)
        order.changed = asOf ?? now
        order.open = seen.remaining
      })
      endIfOver(order, now)
    },

    merge: (state, read) => {
      // an older place than the one before may lack a fill in its positions that has left the orders already
      if (read.from < mergedFrom) return
      mergedFrom = read.from
      mergePositions(state, read, mergeOrders(state, read))
    }
  }
}
