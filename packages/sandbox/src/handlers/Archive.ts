/**
 * Which markets and positions have moved into the archive.
 *
 * @since 0.1.0
 */
import type * as Engine from "../Engine.ts"
import type * as Model from "../Model.ts"
import type * as Switches from "../Switches.ts"

/**
 * Whether a market is in the archive: it was settled before the cutoff.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isMarketArchived = ({ settledAt }: Model.MarketView, { markets }: Switches.Cutoff): boolean =>
  settledAt !== undefined && settledAt < markets

/**
 * The positions of a subaccount that are in the archive. Those of one event move
 * together: when all its markets are settled and none of the positions was
 * updated since the cutoff.
 *
 * A position that is settled and has not moved yet is listed nowhere, as on
 * the exchange, which lists unsettled markets alone; its settlement is.
 *
 * @since 0.1.0
 * @category accessors
 */
export const positions = (
  engine: Engine.Engine,
  account: Model.AccountId,
  cutoff: Switches.Cutoff,
  subaccount?: number
): ReadonlyArray<Model.PositionView> => {
  const settled = engine.positions(account, "settled", subaccount)
  const staying = new Set([
    ...engine.markets().flatMap(({ settledAt, spec }) => (settledAt === undefined ? [spec.eventTicker] : [])),
    ...settled.flatMap(({ eventTicker, updatedAt }) => (updatedAt < cutoff.positions ? [] : [eventTicker]))
  ])
  return settled.filter(({ eventTicker }) => !staying.has(eventTicker))
}
