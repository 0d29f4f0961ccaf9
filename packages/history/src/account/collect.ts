/**
 * All of a stream in memory, with how many they are while they come.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Options, Progress } from "./Model.ts"

export const collect = <A, E, R>(
  stream: Stream.Stream<A, E, R>,
  what: Progress["what"],
  { onProgress = () => Effect.void }: Options
): Effect.Effect<ReadonlyArray<A>, E, R> =>
  Effect.suspend(() => {
    const all: Array<A> = []
    return Stream.runForEachArray(stream, (some) => {
      for (const one of some) all.push(one)
      return onProgress({ what, count: all.length })
    }).pipe(Effect.as(all))
  })
