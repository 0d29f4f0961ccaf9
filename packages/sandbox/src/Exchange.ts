/**
 * The engine with a clock: commands get their instant here, and reads that lag
 * behind get their past.
 *
 * The past is a second engine that is given the same commands later. The
 * engine is deterministic, so the copy has the same ids and the same money: a
 * read that lags is the truth of a moment ago, not an imitation of it. The copy
 * exists only once somebody asks for a lag, and a command is forgotten when the
 * copy has had it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Fees from "effect-kalshi/Fees"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Random from "./engine/Random.ts"
import * as Engine from "./Engine.ts"

/**
 * A state of the engine and the instant that it is true for.
 *
 * @since 0.1.0
 * @category models
 */
export interface View {
  readonly engine: Engine.Engine
  readonly asOf: Timestamp.Timestamp
}

/**
 * What the engine is asked to do at an instant.
 *
 * @since 0.1.0
 * @category models
 */
export type Command<A> = (engine: Engine.Engine, at: Timestamp.Timestamp) => A

/**
 * The exchange behind every endpoint of one sandbox.
 *
 * @since 0.1.0
 * @category services
 */
export class Exchange extends Context.Service<
  Exchange,
  {
    /** The seed that makes ids, keys and cursors. */
    readonly seed: number
    /** Whether whole contracts trade at whole cents alone. */
    readonly wholeCents: boolean
    /** How many shards there are; all markets are on the first. */
    readonly shards: number
    /** The clock of the exchange, its skew included. */
    readonly now: Effect.Effect<Timestamp.Timestamp>
    /** Runs a command at the next instant: no two commands share one. */
    readonly run: <A>(command: Command<A>) => Effect.Effect<A>
    /** When the exchange was used last, by a command or a read; absent if never. */
    readonly since: Effect.Effect<Timestamp.Timestamp | undefined>
    /** The state as it is. */
    readonly live: Effect.Effect<View>
    /** The state as reads of the portfolio show it. */
    readonly lagged: Effect.Effect<View>
    /** Puts the clock of the exchange ahead of the true one, or behind it, in milliseconds. */
    readonly setClockSkew: (millis: number) => Effect.Effect<void>
    /**
     * Sets how far reads of the portfolio trail the engine, in milliseconds: by
     * something between the two, which the seed decides anew at times, no
     * sooner than after 100 ms.
     */
    readonly setReadLag: (min: number, max: number) => Effect.Effect<void>
  }
>()("@effect-kalshi/sandbox/Exchange") {}

/**
 * What an exchange is made of.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly seed: number
  readonly precision?: Fees.Precision | undefined
  /** Whole contracts at whole cents alone, and without a precision balances in whole cents. Default false. */
  readonly wholeCents?: boolean | undefined
  /** Default 1. */
  readonly shards?: number | undefined
}

// how many commands may wait for the copy before it is brought up to what reads may show by now
const BACKLOG = 10_000
// how many the copy has had before they are forgotten, all at once
const BATCH = 1000
const STEADY = 100_000

interface Entry {
  readonly at: Timestamp.Timestamp
  readonly command: Command<unknown>
}

const make = ({ precision, seed, shards = 1, wholeCents = false }: Options): Exchange["Service"] => {
  const options: Engine.Options = {
    seed,
    precision: precision ?? (wholeCents ? Fees.intermediated : undefined),
    wholes: wholeCents
  }
  const engine = Engine.make(options)
  let journal: Array<Entry> = []
  let copy: Engine.Engine | undefined
  let copied = 0
  let last = Number.NEGATIVE_INFINITY
  let skew = 0
  // in microseconds: the bounds of the lag, the lag in force, and when another one may take its place
  let shortest = 0
  let longest = 0
  let lag = 0
  let changes = Number.NEGATIVE_INFINITY
  const random = Random.make(seed)
  // reads never go back: what was shown once stays shown
  let shown = Number.NEGATIVE_INFINITY

  const now = Effect.map(Clock.currentTimeMillis, (millis) => Timestamp.fromMillis(millis + skew))
  const live = Effect.map(now, (instant): View => {
    const asOf = Timestamp.micros(Math.max(instant, last))
    // what was read is past: no command comes before it
    last = asOf
    engine.advance(asOf)
    return { engine, asOf }
  })

  const lagAt = (asOf: number): number => {
    if (asOf >= changes && longest > shortest) {
      lag = random.between(shortest, longest)
      // a longer lag takes as long to come about: reads stand still meanwhile
      changes = asOf + random.between(STEADY, Math.max(STEADY, longest - shortest))
    }
    return lag
  }

  /** The past: the copy after everything up to an instant. */
  const past = (asOf: Timestamp.Timestamp): Engine.Engine => {
    copy ??= Engine.make(options)
    for (; copied < journal.length; copied++) {
      const entry = journal[copied]
      if (entry === undefined || entry.at > asOf) break
      entry.command(copy, entry.at)
    }
    if (copied >= BATCH && copied * 2 >= journal.length) {
      journal = journal.slice(copied)
      copied = 0
    }
    copy.advance(asOf)
    return copy
  }

  return Exchange.of({
    seed,
    wholeCents,
    shards,
    now,
    since: Effect.sync(() => (Number.isFinite(last) ? Timestamp.micros(last) : undefined)),
    live,
    run: <A>(command: Command<A>) =>
      Effect.map(now, (instant) => {
        const at = Timestamp.micros(Math.max(instant, last + 1))
        last = at
        const result = command(engine, at)
        // a command that threw changed nothing and has no place in the past
        journal.push({ at, command })
        if (journal.length - copied > BACKLOG && (copy !== undefined || longest > 0)) {
          shown = Math.max(shown, at - longest)
          past(Timestamp.micros(shown))
        }
        return result
      }),
    lagged: Effect.flatMap(live, (view) => {
      if (longest === 0) {
        shown = view.asOf
        return Effect.succeed(view)
      }
      shown = Math.max(shown, view.asOf - lagAt(view.asOf))
      const asOf = Timestamp.micros(shown)
      return Effect.succeed({ engine: past(asOf), asOf })
    }),
    setClockSkew: (millis) =>
      Effect.sync(() => {
        skew = millis
      }),
    setReadLag: (min, max) =>
      Effect.map(live, (view) => {
        // without a lag everything up to now could have been read
        if (longest === 0) shown = view.asOf
        shortest = Math.round(Math.max(0, min) * 1000)
        longest = Math.round(Math.max(0, min, max) * 1000)
        lag = longest
        changes = Number.NEGATIVE_INFINITY
      })
  })
}

/**
 * Builds an exchange without accounts or markets.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<Exchange> => Layer.sync(Exchange, () => make(options))
