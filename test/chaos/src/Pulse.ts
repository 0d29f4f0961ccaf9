/**
 * Whether this process keeps up. On a machine that is too slow for a run less
 * is begun at once: otherwise every answer would be late, and the run would
 * show nothing but a machine that is too slow.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** The pulse of a process. */
export interface Pulse {
  /** Waits until the process keeps up. */
  readonly calm: Effect.Effect<void>
}

const BEAT_MILLIS = 20
// how late a beat may come
const LATE_MILLIS = 40

/** Feels the pulse while the fiber lives. */
export const make = Effect.gen(function* () {
  let late = 0
  const beat = Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    yield* Effect.sleep(BEAT_MILLIS)
    late = (yield* Clock.currentTimeMillis) - before - BEAT_MILLIS
  })
  yield* Effect.forkChild(Effect.forever(beat))
  const calm: Effect.Effect<void> = Effect.suspend(() =>
    late <= LATE_MILLIS ? Effect.void : Effect.delay(calm, BEAT_MILLIS)
  )
  const pulse: Pulse = { calm }
  return pulse
})
