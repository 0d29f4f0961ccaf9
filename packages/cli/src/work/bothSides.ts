/**
 * Records that are on either side of the exchange's cutoff.
 */
import * as Stream from "effect/Stream"

/**
 * What is live, and where it ends what is archived, each record once. Live goes
 * first: what moves into the archive meanwhile is in one of them or in both.
 */
export const of = <A, E, R, E2, R2>(
  live: Stream.Stream<A, E, R>,
  archived: Stream.Stream<A, E2, R2>,
  keyOf: (record: A) => string
): Stream.Stream<A, E | E2, R | R2> =>
  Stream.suspend(() => {
    const seen = new Set<string>()
    const noted = Stream.map(live, (record) => {
      seen.add(keyOf(record))
      return record
    })
    return Stream.concat(
      noted,
      Stream.filter(archived, (record) => !seen.has(keyOf(record)))
    )
  })
