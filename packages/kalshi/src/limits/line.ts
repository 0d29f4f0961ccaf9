/**
 * First come, first served: one at a time is let in.
 */
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"

export interface Line {
  /**
   * Waits for one's turn, at most for as many milliseconds, and says whether it
   * came. Waiting alone can be interrupted: whose turn has come must `leave`.
   */
  readonly enter: (longest: number) => Effect.Effect<boolean>
  /** Lets the next one in. */
  readonly leave: () => void
  /** How many are in it, with the one whose turn it is. */
  readonly length: () => number
}

export const make = (): Line => {
  // in the order in which they came; taking the first out costs the same however many there are
  const waiting = new Set<Latch.Latch>()
  let taken = false

  const leave = (): void => {
    for (const next of waiting) {
      waiting.delete(next)
      next.openUnsafe()
      return
    }
    taken = false
  }

  const enter = (longest: number): Effect.Effect<boolean> =>
    Effect.suspend(() => {
      if (!taken) {
        taken = true
        return Effect.succeed(true)
      }
      const turn = Latch.makeUnsafe(false)
      waiting.add(turn)
      const wait = longest === Infinity ? Effect.asSome(turn.await) : Effect.timeoutOption(turn.await, longest)
      return Effect.uninterruptible(
        Effect.interruptible(wait).pipe(
          // its turn may have come in the very instant at which it gave up
          Effect.onInterrupt(() =>
            Effect.sync(() => {
              if (!waiting.delete(turn)) leave()
            })
          ),
          Effect.map((came) => Option.isSome(came) || !waiting.delete(turn))
        )
      )
    })

  return { enter, leave, length: () => waiting.size + (taken ? 1 : 0) }
}
