/**
 * A list of an endpoint as a stream of its own operation.
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as KalshiError from "../KalshiError.ts"
import type { PageQuery } from "../models/PortfolioQuery.ts"
import * as check from "./check.ts"
import * as pages from "./pages.ts"

/** The largest page of most lists. */
export const MAX_LIMIT = 1000

/** One page of a list, its rows under their name. */
export type PageOf<Name extends string, A> = Effect.Effect<
  { readonly [K in Name]: ReadonlyArray<A> } & { readonly cursor?: string | undefined },
  KalshiError.Of
>

/** The stream of a list from its pages, the largest unless told otherwise. */
export const stream =
  <Query extends PageQuery, Page extends { readonly cursor?: string | undefined }, A>(
    operation: string,
    page: (query: Query) => Effect.Effect<Page, KalshiError.Of>,
    items: (page: Page) => ReadonlyArray<A>,
    key: (item: A) => string,
    maximum: number = MAX_LIMIT
  ) =>
  (query: Query): Stream.Stream<A, KalshiError.Of> =>
    pages.stream({
      page: (cursor) =>
        Effect.map(page({ ...query, limit: query.limit ?? maximum, cursor }), (page) => ({
          items: items(page),
          cursor: page.cursor
        })),
      key,
      stuck: () => KalshiError.make<never>({ operation, reason: check.stuck, attempts: 1 }),
      cursor: query.cursor
    })
