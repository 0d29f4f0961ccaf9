/**
 * What rows add up to, exactly, read once and kept small.
 *
 * Money of a fill: a bid pays the YES price, an ask pays 1 − price, for each
 * contract, and its fee. One YES and one NO of the same market make a pair,
 * which the exchange closes for $1; so a market has closed as many pairs as the
 * smaller of what was bought of each, whatever the order of its fills.
 */
import { Contracts, Dollars, type Fill, type Order, type Settlement } from "effect-kalshi"

/** What the fills of a market, or of all, come to. */
export class Fills {
  count = 0
  contracts = Contracts.zero
  /** Price × count of the side that was bought. */
  paid = Dollars.zero
  fees = Dollars.zero
  readonly #markets = new Map<string, { yes: Contracts.Contracts; no: Contracts.Contracts }>()

  add(fill: Fill.Fill): void {
    const each = fill.side === "ask" ? Dollars.complement(fill.price) : fill.price
    this.count++
    this.contracts = Contracts.add(this.contracts, fill.count)
    this.paid = Dollars.add(this.paid, Dollars.times(each, fill.count))
    this.fees = Dollars.add(this.fees, fill.fee ?? Dollars.zero)
    const market = this.#markets.get(fill.ticker) ?? { yes: Contracts.zero, no: Contracts.zero }
    this.#markets.set(fill.ticker, market)
    if (fill.side === "ask") market.no = Contracts.add(market.no, fill.count)
    else market.yes = Contracts.add(market.yes, fill.count)
  }

  /** What was bought in a market, YES less NO. */
  net(ticker: string): Contracts.Contracts {
    const market = this.#markets.get(ticker)
    return market === undefined ? Contracts.zero : Contracts.subtract(market.yes, market.no)
  }

  /** $1 for every pair that was closed. */
  get closed(): Dollars.Dollars {
    let sum = Dollars.zero
    for (const { no, yes } of this.#markets.values()) {
      sum = Dollars.add(sum, Dollars.times(Dollars.one, Contracts.min(yes, no)))
    }
    return sum
  }

  /** What the fills did to the cash. */
  get cash(): Dollars.Dollars {
    return Dollars.subtract(this.closed, Dollars.add(this.paid, this.fees))
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
    this.fees = Dollars.add(this.fees, settlement.fee)
  }
}
