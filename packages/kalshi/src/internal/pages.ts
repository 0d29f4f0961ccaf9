/**
 * A list that is cut into pages, as one stream.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

/** One page of a list; `cursor` is absent on the last. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly cursor?: string | undefined
}

interface State {
  readonly cursor: string | undefined
  /** Keys of the two pages before: a page repeats rows when the list grows at its head. */
  readonly seen: readonly [ReadonlySet<string>, ReadonlySet<string>]
}

const none: ReadonlySet<string> = new Set()

/**
 * Follows the cursor to its end, one page ahead of its reader, and drops rows
 * that the last two pages already had.
 *
 * The cursor alone says when the list ends: an empty page with a cursor goes
 * on. A page that names its own cursor as the next would never end, so `stuck`
 * makes it an error.
 */
export const stream = <A, E, E2, R>(options: {
  readonly page: (cursor: string | undefined) => Effect.Effect<Page<A>, E, R>
  readonly key: (item: A) => string
  readonly stuck: () => E2
  readonly cursor?: string | undefined
}): Stream.Stream<A, E | E2, R> => {
  const next = (state: State): Effect.Effect<readonly [ReadonlyArray<A>, Option.Option<State>], E | E2, R> =>
    Effect.flatMap(options.page(state.cursor), (page) => {
      if (page.cursor !== undefined && page.cursor === state.cursor) return Effect.fail(options.stuck())
      const keys = new Set<string>()
      const fresh = page.items.filter((item) => {
        const key = options.key(item)
        const known = keys.has(key) || state.seen[0].has(key) || state.seen[1].has(key)
        keys.add(key)
        return !known
      })
      return Effect.succeed([
        fresh,
        page.cursor === undefined
          ? Option.none<State>()
          // an empty page must not forget what the pages before it had
          : Option.some<State>({ cursor: page.cursor, seen: keys.size === 0 ? state.seen : [keys, state.seen[0]] })
      ])
    })
  return Stream.paginate<State, A, E | E2, R>({ cursor: options.cursor, seen: [none, none] }, next).pipe(
    Stream.bufferArray({ capacity: 0 })
  )
}
