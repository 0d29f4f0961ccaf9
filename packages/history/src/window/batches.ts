/**
 * A range of time as one stream of windows, in order, several of them read side
 * by side.
 *
 * How long a window is follows from how much its neighbour held: nobody knows
 * before how much happened when, and each is in memory as a whole. One that
 * turns out to hold too much, which its first page shows, is put back and cut
 * smaller. Where a history begins is looked for by halves.
 */
import type * as KalshiError from "effect-kalshi/KalshiError"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { once } from "./once.ts"
import * as pace from "./pace.ts"
import * as range from "./range.ts"
import { type Batch, type Cutoffs, read, TooMany } from "./read.ts"
import type { Source } from "./Source.ts"

/** A part of the range: nobody has begun with it, it is being read, or it is read. */
interface Part<A> {
  readonly range: range.Range
  state: "waiting" | "reading" | Exit.Exit<Batch<A>, KalshiError.Of>
  /** How long a window at its start should be, in µs. */
  length: number
  /** Whether it was seen to hold too much for one window, at its end if nowhere else. */
  isDense: boolean
  /** How many records it seems to have, while it is being read. */
  expected: number
}

const hasRecords = <A>({ isDense, state }: Part<A>): boolean =>
  isDense || (typeof state !== "string" && Exit.isSuccess(state) && state.value.records.length > 0)

const make = Effect.fnUntraced(function* <A>(source: Source<A>, whole: range.Range, windows: number, cutoffs: Cutoffs) {
  const scope = yield* Effect.scope
  const size = pace.size(windows)
  const waiting = (of: range.Range, length: number, isDense: boolean): Part<A> => ({
    range: of,
    state: "waiting",
    length,
    isDense,
    expected: 0
  })
  const parts: Array<Part<A>> = range.isEmpty(whole)
    ? []
    : [waiting(whole, pace.first(range.length(whole), windows), false)]
  const isNew = once(source.kind)
  const keep = (batch: Batch<A>): Batch<A> => ({ range: batch.range, records: batch.records.filter(isNew) })
  let hasBegun = false
  let running = 0
  let ended = Deferred.makeUnsafe<void>()

  /** Whether any record is known of before a part. */
  const isBegun = (index: number): boolean => hasBegun || parts.slice(0, index).some(hasRecords)

  const end = (part: Part<A>, exit: Exit.Exit<Batch<A> | TooMany, KalshiError.Of>): void => {
    const had = range.length(part.range)
    const next = parts.slice(parts.indexOf(part) + 1).find(({ state }) => state === "waiting")
    running--
    if (Exit.isFailure(exit)) part.state = Exit.failCause(exit.cause)
    else if (exit.value instanceof TooMany) {
      part.state = "waiting"
      part.isDense = true
      part.length = pace.after(had, exit.value.records, exit.value.span, size)
      if (next !== undefined) next.length = Math.min(next.length, part.length)
    } else {
      part.state = Exit.succeed(exit.value)
      const { length } = exit.value.records
      if (next !== undefined && Number.isFinite(had)) {
        next.length = length === 0 ? pace.afterNothing(had, next) : pace.next(had, length, size)
      }
    }
    const before = ended
    ended = Deferred.makeUnsafe()
    Deferred.doneUnsafe(before, Exit.void)
  }

  /** How many records are in memory before a part, as far as it is known. */
  const held = (index: number): number =>
    parts
      .slice(0, index)
      .reduce(
        (sum, { expected, state }) =>
          sum + (typeof state === "string" ? expected : Exit.isSuccess(state) ? state.value.records.length : 0),
        0
      )

  /** Begins with what comes next, as far as there is room. */
  const fill: Effect.Effect<void> = Effect.suspend(() => {
    const index = parts.findIndex(({ state }) => state === "waiting")
    const next = parts[index]
    if (running >= windows || next === undefined || index >= 2 * windows) return Effect.void
    // the first of all is what everything else waits for
    if (index > 0 && held(index) + size.target > size.all) return Effect.void
    const half = next.isDense && !isBegun(index) ? range.length(next.range) / 2 : 0
    const [head, rest] = range.cut(next.range, Math.max(next.length, Math.ceil(half)))
    const part: Part<A> = {
      range: head,
      state: "reading",
      length: next.length,
      isDense: false,
      expected: size.target
    }
    parts.splice(index, 1, part)
    if (rest !== undefined) {
      const length = head.from === undefined ? pace.first(range.length(rest), windows) : next.length
      parts.splice(index + 1, 0, waiting(rest, length, next.isDense))
    }
    running++
    const isLeast = head.from === undefined || range.length(head) <= range.SECOND
    const tell = (records: number, span: number) => {
      part.expected = pace.expected(records, span, range.length(head), size)
    }
    return read(source, head, cutoffs, isLeast ? undefined : size, tell).pipe(
      Effect.catchTag("TooMany", Effect.succeed),
      Effect.exit,
      Effect.flatMap((exit) => {
        end(part, exit)
        return fill
      }),
      Effect.forkIn(scope),
      Effect.andThen(fill)
    )
  })

  const pull: Effect.Effect<Batch<A> | undefined, KalshiError.Of> = Effect.suspend(() => {
    const part = parts[0]
    if (part === undefined) return Effect.succeed(undefined)
    const { state } = part
    // nothing ends between the look and the wait
    if (typeof state === "string") return Effect.flatMap(Deferred.await(ended), () => pull)
    parts.shift()
    hasBegun ||= hasRecords(part)
    return Effect.andThen(fill, Effect.map(state, keep))
  })

  yield* fill
  return Stream.unfold(undefined, () =>
    Effect.map(pull, (batch) => (batch === undefined ? undefined : ([batch, undefined] as const)))
  )
})

/** The windows of a range, oldest first. */
export const stream = <A>(
  source: Source<A>,
  whole: range.Range,
  windows: number,
  readCutoffs: Cutoffs["read"]
): Stream.Stream<Batch<A>, KalshiError.Of> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const cutoffs: Cutoffs = { known: yield* readCutoffs, read: readCutoffs }
      if (source.isTimed) return yield* make(source, whole, windows, cutoffs)
      return Stream.fromEffect(
        read(source, whole, cutoffs, undefined, () => {}).pipe(Effect.catchTag("TooMany", Effect.die))
      )
    })
  )
