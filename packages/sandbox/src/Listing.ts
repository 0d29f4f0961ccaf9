/**
 * The markets that a sandbox opens with: one of each price grid and each way
 * to charge, with a market maker on both sides.
 *
 * @since 0.1.0
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as PriceGrid from "effect-kalshi/PriceGrid"
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Fees from "effect-kalshi/Fees"
import type * as Engine from "./Engine.ts"
import type * as Model from "./Model.ts"

const band = (start: number, end: number, step: number): PriceGrid.Band => ({
  start: Dollars.cents(start),
  end: Dollars.cents(end),
  step: Dollars.cents(step)
})

/**
 * The grids that are known by name, in cents: whole, tenths, tenths at the
 * edges, and hundredths.
 *
 * @since 0.1.0
 * @category constants
 */
export const grids = {
  linear_cent: PriceGrid.make([band(0, 100, 1)]),
  deci_cent: PriceGrid.make([band(0, 100, 0.1)]),
  tapered_deci_cent: PriceGrid.make([band(0, 10, 0.1), band(10, 90, 1), band(90, 100, 0.1)]),
  center_centi_edge_centi_cent: PriceGrid.make([band(0, 100, 0.01)])
}

/**
 * The name of a grid.
 *
 * @since 0.1.0
 * @category models
 */
export type GridName = keyof typeof grids

/**
 * What a market is made of, as briefly as can be.
 *
 * @since 0.1.0
 * @category models
 */
export interface Listing {
  readonly ticker: string
  /** Default: the ticker up to its last dash. */
  readonly event?: string | undefined
  /** Default: the ticker up to its first dash. */
  readonly series?: string | undefined
  readonly title?: string | undefined
  /** Default `linear_cent`. */
  readonly grid?: GridName | undefined
  /** Default `quadratic` with a multiplier of 1. */
  readonly fees?: Fees.Schedule | undefined
  readonly feeWaiverUntil?: Timestamp.Timestamp | undefined
  /** Default: now. */
  readonly openTime?: Timestamp.Timestamp | undefined
  /** Default: in 30 days. */
  readonly closeTime?: Timestamp.Timestamp | undefined
}

const MONTH_MICROS = 30 * 86_400 * 1_000_000

/**
 * Fills in what a listing leaves out.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toSpec = (listing: Listing, at: Timestamp.Timestamp): Model.MarketSpec => {
  const { ticker } = listing
  const structure = listing.grid ?? "linear_cent"
  return {
    ticker,
    eventTicker: listing.event ?? (ticker.includes("-") ? ticker.slice(0, ticker.lastIndexOf("-")) : ticker),
    seriesTicker: listing.series ?? ticker.split("-", 1)[0] ?? ticker,
    title: listing.title ?? ticker,
    priceLevelStructure: structure,
    grid: grids[structure],
    fees: listing.fees ?? { type: "quadratic", multiplier: 1 },
    ...(listing.feeWaiverUntil === undefined ? {} : { feeWaiverUntil: listing.feeWaiverUntil }),
    openTime: listing.openTime ?? at,
    closeTime: listing.closeTime ?? Timestamp.micros((listing.openTime ?? at) + MONTH_MICROS)
  }
}

/**
 * The markets that a sandbox opens with.
 *
 * @since 0.1.0
 * @category constants
 */
export const markets: ReadonlyArray<Listing & { readonly mid: number; readonly tick: number }> = [
  { ticker: "KXHIGHNY-26DEC31-T40", title: "Will New York reach 40 degrees?", mid: 42, tick: 1 },
  { ticker: "KXHIGHNY-26DEC31-T45", title: "Will New York reach 45 degrees?", mid: 18, tick: 1 },
  {
    ticker: "KXFED-26DEC-T350",
    title: "Will the rate stay above 3.50%?",
    grid: "deci_cent",
    fees: { type: "quadratic_with_maker_fees", multiplier: 1 },
    mid: 61.5,
    tick: 0.1
  },
  {
    ticker: "KXBTC-26DEC31-T100000",
    title: "Will Bitcoin close above 100,000?",
    grid: "tapered_deci_cent",
    fees: { type: "quadratic", multiplier: 0.5 },
    mid: 7.5,
    tick: 0.1
  },
  {
    ticker: "KXCOMBO-26DEC31-A",
    title: "Will both happen?",
    grid: "center_centi_edge_centi_cent",
    fees: { type: "quadratic_with_combo_maker_fees", multiplier: 1 },
    mid: 3.25,
    tick: 0.01
  },
  {
    ticker: "KXFREE-26DEC31-YES",
    title: "Will trading here be free?",
    fees: { type: "quadratic", multiplier: 0 },
    mid: 50,
    tick: 1
  },
  {
    ticker: "KXINX-26DEC31-T7000",
    title: "Will the index close above 7,000?",
    fees: { type: "flat", multiplier: 1 },
    mid: 55,
    tick: 1
  }
]

const LEVELS = 5

/**
 * Whether a market trades at whole cents.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isWholeCents = (spec: Model.MarketSpec): boolean => spec.priceLevelStructure === "linear_cent"

/**
 * Lists the markets, or those that are wanted, and lets the maker quote both
 * sides of each.
 *
 * @since 0.1.0
 * @category commands
 */
export const open = (
  engine: Engine.Engine,
  at: Timestamp.Timestamp,
  maker: string,
  wanted: (spec: Model.MarketSpec) => boolean = () => true
): void => {
  for (const { mid, tick, ...listing } of markets) {
    const spec = toSpec(listing, at)
    if (!wanted(spec)) continue
    engine.list(spec, at)
    for (const side of ["bid", "ask"] as const) {
      for (let level = 1; level <= LEVELS; level++) {
        // in hundredths of a cent, so that no float is off the grid
        const away = Math.round(level * tick * 100)
        const price = Dollars.micros((Math.round(mid * 100) + (side === "bid" ? -away : away)) * 100)
        if (!PriceGrid.contains(spec.grid, price)) continue
        engine.create(
          maker,
          {
            ticker: spec.ticker,
            side,
            price,
            count: Contracts.of(100 * level),
            timeInForce: "good_till_canceled",
            selfTradePrevention: "maker"
          },
          at
        )
      }
    }
  }
}
