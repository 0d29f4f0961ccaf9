/**
 * What rows add up to, exactly, read once and kept small.
 *
 * Money of a fill: a bid pays the YES price, an ask pays 1 − price, for each
 * contract, and its fee. One YES and one NO of the same market make a pair,
 * which the exchange closes for $1; so a market has closed as many pairs as the
 * smaller of what was bought of each, whatever the order of its fills.
 */
import { Contracts, Dollars, type Fill, type Order, type Settlement } from "effect-kalshi"

/** What the fills of one market come to. */
export interface Market {
  readonly yesCount: Contracts.Contracts
  readonly yesCost: Dollars.Dollars
  readonly noCount: Contracts.Contracts
  readonly noCost: Dollars.Dollars
  readonly fee: Dollars.Dollars
}

const nothing: Market = {
  yesCount: Contracts.zero,
  yesCost: Dollars.zero,
  noCount: Contracts.zero,
  noCost: Dollars.zero,
  fee: Dollars.zero
}

/** What fills come to: all of them, those of a market and those of an order. */
export class Fills {
  count = 0
  contracts = Contracts.zero
  /** Price × count of the side that was bought. */
  paid = Dollars.zero
  fees = Dollars.zero
  readonly #markets = new Map<string, Market>()
  readonly #orders = new Map<string, Contracts.Contracts>()

  add(fill: Fill.Fill): void {
    const each = fill.side === "ask" ? Dollars.complement(fill.price) : fill.price
    const cost = Dollars.times(each, fill.count)
    const fee = fill.fee ?? Dollars.zero
    this.count++
    this.contracts = Contracts.add(this.contracts, fill.count)
    this.paid = Dollars.add(this.paid, cost)
    this.fees = Dollars.add(this.fees, fee)
    const market = this.#markets.get(fill.ticker) ?? nothing
    this.#markets.set(fill.ticker, {
      ...market,
      fee: Dollars.add(market.fee, fee),
      ...(fill.side === "ask"
        ? { noCount: Contracts.add(market.noCount, fill.count), noCost: Dollars.add(market.noCost, cost) }
        : { yesCount: Contracts.add(market.yesCount, fill.count), yesCost: Dollars.add(market.yesCost, cost) })
    })
    this.#orders.set(fill.orderId, Contracts.add(this.#orders.get(fill.orderId) ?? Contracts.zero, fill.count))
  }

  /** What the fills of each market come to, by its ticker. */
  get markets(): ReadonlyMap<string, Market> {
    return this.#markets
  }

  /** What was filled of each order, by its id. */
  get orders(): ReadonlyMap<string, Contracts.Contracts> {
    return this.#orders
  }

  /** What was bought in a market, YES less NO. */
  net(ticker: string): Contracts.Contracts {
    const market = this.#markets.get(ticker)
    return market === undefined ? Contracts.zero : Contracts.subtract(market.yesCount, market.noCount)
  }

  /** $1 for every pair that was closed. */
  get closed(): Dollars.Dollars {
    let sum = Dollars.zero
    for (const { noCount, yesCount } of this.#markets.values()) {
      sum = Dollars.add(sum, Dollars.times(Dollars.one, Contracts.min(yesCount, noCount)))
    }
    return sum
  }

  /** What the fills did to the cash, their fees apart. */
  get cash(): Dollars.Dollars {
    return Dollars.subtract(this.closed, this.paid)
  }
}

/** What orders come to. */
export class Orders {
  count = 0
  filled = Contracts.zero
  paid = Dollars.zero
  fees = Dollars.zero

  add(order: Order.Order): void {
    this.count++
    this.filled = Contracts.add(this.filled, order.filled)
    this.paid = Dollars.sum([this.paid, order.takerCost ?? Dollars.zero, order.makerCost ?? Dollars.zero])
    this.fees = Dollars.sum([this.fees, order.takerFees ?? Dollars.zero, order.makerFees ?? Dollars.zero])
  }
}

/** What settlements come to. */
export class Settlements {
  count = 0
  revenue = Dollars.zero
  fees = Dollars.zero

  add(settlement: Settlement.Settlement): void {
    this.count++
    this.revenue = Dollars.add(this.revenue, settlement.revenue)
    this.fees = Dollars.add(this.fees, settlement.fee ?? Dollars.zero)
  }
}
