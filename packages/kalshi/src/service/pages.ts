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
  readonly round: Round
  /** Keys of the two pages before: a page repeats rows when the list grows at its head. */
  readonly seen: readonly [ReadonlySet<string>, ReadonlySet<string>]
}

const none: ReadonlySet<string> = new Set()

/** Finds cursors that go in a circle, keeping one of them: a cursor of before, replaced ever more rarely. */
interface Round {
  readonly mark: string | undefined
  readonly left: number
  readonly span: number
}

const start: Round = { mark: undefined, left: 1, span: 1 }

const advance = (round: Round, cursor: string): Round =>
  round.left > 1 ? { ...round, left: round.left - 1 } : { mark: cursor, left: round.span * 2, span: round.span * 2 }

/**
 * Follows the cursor to its end, one page ahead of its reader, and drops rows
 * that the last two pages already had.
 *
 * The cursor alone says when the list ends: an empty page with a cursor goes
 * on. A list whose cursors come again would never end, so `stuck` makes it an
 * error.
 */
export const stream = <A, E, E2, R>(options: {
  readonly page: (cursor: string | undefined) => Effect.Effect<Page<A>, E, R>
  readonly key: (item: A) => string
  readonly stuck: () => E2
  readonly cursor?: string | undefined
}): Stream.Stream<A, E | E2, R> => {
  const next = (state: State): Effect.Effect<readonly [ReadonlyArray<A>, Option.Option<State>], E | E2, R> =>
    Effect.flatMap(options.page(state.cursor), (page) => {
      if (page.cursor !== undefined && (page.cursor === state.cursor || page.cursor === state.round.mark)) {
        return Effect.fail(options.stuck())
      }
      const keys = new Set<string>()
      const fresh = page.items.filter((item) => {
        const key = options.key(item)
        // rows that are alike within one page are as many rows
        const known = state.seen[0].has(key) || state.seen[1].has(key)
        keys.add(key)
        return !known
      })
      return Effect.succeed([
        fresh,
        page.cursor === undefined
          ? Option.none<State>()
          : // an empty page must not forget what the pages before it had
            Option.some<State>({
              cursor: page.cursor,
              round: advance(state.round, page.cursor),
              seen: keys.size === 0 ? state.seen : [keys, state.seen[0]]
            })
      ])
    })
  return Stream.paginate<State, A, E | E2, R>({ cursor: options.cursor, round: start, seen: [none, none] }, next).pipe(
    Stream.bufferArray({ capacity: 0 })
  )
}
