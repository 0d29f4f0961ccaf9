/**
 * A page of positions as either wire has it: two lists under one cursor.
 *
 * @since 0.1.0
 */
import type * as Cursors from "../Cursors.ts"
import type * as Engine from "../Engine.ts"
import type * as Model from "../Model.ts"

/**
 * The words of a count filter, and which positions have such a count.
 *
 * @since 0.1.0
 * @category models
 */
export type Counts = Readonly<Record<string, (view: Model.PositionView) => boolean>>

/**
 * The counts that both wires have.
 *
 * @since 0.1.0
 * @category constants
 */
export const counts: Counts = {
  position: (view) => view.position !== 0,
  total_traded: (view) => view.totalTraded !== 0
}

const words = (filter: string | undefined): ReadonlyArray<string> =>
  filter?.split(",").filter((word) => word !== "") ?? []

/**
 * The first word of a filter that is none.
 *
 * @since 0.1.0
 * @category accessors
 */
export const unknownWord = (known: Counts, filter: string | undefined): string | undefined =>
  words(filter).find((word) => !Object.hasOwn(known, word))

/**
 * What a query narrows positions to.
 *
 * @since 0.1.0
 * @category models
 */
export interface Query {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
  readonly count_filter?: string | undefined
  readonly ticker?: string | undefined
  readonly event_ticker?: string | undefined
}

/**
 * The positions of a page, and those of the events that begin in it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Page {
  readonly markets: ReadonlyArray<Model.PositionView>
  readonly events: ReadonlyArray<readonly [eventTicker: string, markets: ReadonlyArray<Model.PositionView>]>
  readonly end: { readonly cursor?: string }
}

/**
 * The page that a query asks for; `list` names the list that its cursors belong to.
 *
 * @since 0.1.0
 * @category accessors
 */
export const page = (
  cursors: Cursors.Cursors["Service"],
  engine: Engine.Engine,
  views: ReadonlyArray<Model.PositionView>,
  query: Query,
  known: Counts,
  list = "positions"
): Page => {
  const wanted = words(query.count_filter)
  // in the order of listing, where markets are only ever added: no page boundary moves
  const listed = new Map(engine.markets().map(({ spec }, index) => [spec.ticker, index]))
  const place = (view: Model.PositionView): number => listed.get(view.ticker) ?? 0
  const all = views
    .filter(
      (view) =>
        (query.ticker === undefined || view.ticker === query.ticker) &&
        (query.event_ticker === undefined || view.eventTicker === query.event_ticker) &&
        (wanted.length === 0 || wanted.some((word) => known[word]?.(view)))
    )
    .toSorted((a, b) => place(a) - place(b))
  const { items, ...end } = cursors.page(list, query, (limit, cursor = 0) => {
    const rest = all.filter((view) => place(view) >= cursor)
    const next = rest[limit]
    return { items: rest.slice(0, limit), next: next === undefined ? undefined : place(next) }
  })
  // an event comes with the first of its markets
  const firsts = items.filter((view) => all.find((other) => other.eventTicker === view.eventTicker) === view)
  return {
    markets: items,
    events: firsts.map(({ eventTicker }) => [eventTicker, all.filter((view) => view.eventTicker === eventTicker)]),
    end
  }
}
