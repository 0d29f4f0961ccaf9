/**
 * Reads archives: stored responses of the exchange, of any generation of its
 * wire, as the models of today.
 *
 * An archive is the text of one file or a stream of lines. Each JSON value in
 * it may be a response (`{"fills":[…],"cursor":…}`), a list, a record alone, or
 * a recorded response (`{"_metadata":…,"response":…}`), and of orders also what
 * an order was answered with (`{"order":…}`, with an `old_order`, or an item of
 * a batch). A file has one such value or several, each printed on as many lines
 * as you like; a stream has them one a line.
 *
 * Generations may be mixed, since each record is told by what it has. With all
 * the integers of January 2026 it is of that generation, or of 2024 if nothing
 * in it came later; without them it is of today's, or an order of 2024, whose
 * counts had other names. An exact string decides wherever an integer stands
 * beside it.
 *
 * What a record says and the model does not is in {@link leftOut}; a field that
 * is not known at all is passed over, as it is in an answer. An integer beyond
 * the safe range, whose last digits are lost in parsing, is refused; so is a
 * record from before today's wire whose two prices are not $1 together, or
 * which counts less than nothing.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as find from "./archive/find.ts"
import { Generation, type Raw } from "./archive/generation.ts"
import * as records from "./archive/records.ts"
import * as text from "./archive/text.ts"
import type * as Fill from "./models/Fill.ts"
import type * as Order from "./models/Order.ts"
import type * as Position from "./models/Position.ts"
import type * as Settlement from "./models/Settlement.ts"

export {
  /**
   * The generations of the wire, and the dates that each covers.
   *
   * @since 0.1.0
   * @category models
   */
  Generation
} from "./archive/generation.ts"

export {
  /**
   * The kinds of records that fields are left out of.
   *
   * @since 0.1.0
   * @category models
   */
  type Kind,
  /**
   * The fields of old records that no model has, each with the reason.
   *
   * @since 0.1.0
   * @category constants
   */
  leftOut
} from "./archive/leftOut.ts"

/**
 * Where something is in an archive: the line that its JSON value begins on,
 * from 1; its number among the records of that value, from 0, bad ones counted;
 * and its path in that value, `fills[3]`, empty where the value is the record.
 *
 * @since 0.1.0
 * @category models
 */
export interface Place {
  readonly line: number
  readonly index: number
  readonly path: string
}

/**
 * A record, the generation of the wire that it was of, and where it was.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry<A> extends Place {
  readonly generation: Generation
  readonly record: A
}

/**
 * A position in a market or the positions of an event, which one response has
 * both of.
 *
 * @since 0.1.0
 * @category models
 */
export type PositionEntry =
  | ({ readonly kind: "market" } & Entry<Position.MarketPosition>)
  | ({ readonly kind: "event" } & Entry<Position.EventPosition>)

/**
 * A part of an archive that is not what was looked for: text that is not JSON,
 * with the place where it stops being any, a value with no such record in it,
 * or a record that cannot be read.
 *
 * `kind` is what was looked for; `generation` is there for a record and is the
 * one that it comes closest to. No error holds the record.
 *
 * @since 0.1.0
 * @category errors
 */
export class ArchiveError extends Schema.TaggedError<ArchiveError>("effect-kalshi/ArchiveError")("ArchiveError", {
  kind: Schema.Literals(["fill", "order", "settlement", "position"]),
  line: Schema.Int,
  index: Schema.Int,
  path: Schema.String,
  generation: Schema.optionalKey(Generation),
  description: Schema.String
}) {
  override get message(): string {
    const where = this.path === "" ? `line ${this.line}` : `line ${this.line}, ${this.path}`
    const what = this.generation === undefined ? "" : `unreadable ${this.kind} (${this.generation}): `
    return `${where}: ${what}${this.description}`
  }
}

/**
 * What to do with what cannot be read: `onBad` gets it in its place, and the
 * archive goes on with what follows.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options<E, R> {
  readonly onBad: (error: ArchiveError) => Effect.Effect<unknown, E, R>
}

/**
 * Reads the records of one kind, in their order, from the text of one file or
 * from a stream of lines.
 *
 * It ends with the first {@link ArchiveError}, after the records before it;
 * with `onBad` none of them ends it. A file without any text is such an error;
 * a stream without any line is not, and empty lines are passed over.
 *
 * @since 0.1.0
 * @category models
 */
export interface Decode<A> {
  <E = never, R = never>(source: string | Stream.Stream<string, E, R>): Stream.Stream<A, ArchiveError | E, R>
  <E = never, R = never, E2 = never, R2 = never>(
    source: string | Stream.Stream<string, E, R>,
    options: Options<E2, R2>
  ): Stream.Stream<A, E | E2, R | R2>
}

/** What is looked for, how it is stored, and how a record becomes an entry. */
interface Search<Kind extends string, A> extends find.Storage<Kind> {
  readonly kind: ArchiveError["kind"]
  readonly read: (kind: Kind, record: Raw, place: Place) => Result.Result<A, records.Unreadable>
}

// written out, since copying the one into the other takes longer than decoding
const at = <A>({ index, line, path }: Place, { generation, record }: records.Read<A>): Entry<A> => ({
  generation,
  line,
  index,
  path,
  record
})

const BATCH = 512

const make = <Kind extends string, A>(search: Search<Kind, A>): Decode<A> => {
  const { kind, read } = search
  const findIn = find.compile(search)

  /** What is in some values, in its order: entries together, and each error by itself. */
  function* batches(values: Iterable<text.Value>): Iterable<Result.Result<ReadonlyArray<A>, ArchiveError>> {
    let batch: Array<A> = []
    for (const { json, line } of values) {
      const found = Result.isSuccess(json) ? findIn(json.success) : [{ path: "", problem: json.failure }]
      let index = 0
      for (const one of found) {
        const place = { line, index: index++, path: one.path }
        const result =
          one.problem === undefined ? read(one.kind, one.record, place) : Result.fail({ description: one.problem })
        if (Result.isSuccess(result)) batch.push(result.success)
        if (batch.length === BATCH || (batch.length > 0 && Result.isFailure(result))) {
          yield Result.succeed(batch)
          batch = []
        }
        if (Result.isFailure(result)) yield Result.fail(new ArchiveError({ kind, ...place, ...result.failure }))
      }
    }
    if (batch.length > 0) yield Result.succeed(batch)
  }

  function decode<E, R>(source: string | Stream.Stream<string, E, R>): Stream.Stream<A, ArchiveError | E, R>
  function decode<E, R, E2, R2>(
    source: string | Stream.Stream<string, E, R>,
    options: Options<E2, R2>
  ): Stream.Stream<A, E | E2, R | R2>
  function decode<E, R, E2, R2>(
    source: string | Stream.Stream<string, E, R>,
    options?: Options<E2, R2>
  ): Stream.Stream<A, ArchiveError | E | E2, R | R2> {
    const values: Stream.Stream<Iterable<text.Value>, E, R> = typeof source === "string"
      ? Stream.sync(() => text.ofFile(source))
      : Stream.mapAccumArray(
          source,
          () => 1,
          (first, lines) => [first + lines.length, [text.ofLines(lines, first)]]
        )
    const bad = (error: ArchiveError): Stream.Stream<never, ArchiveError | E2, R2> =>
      options === undefined ? Stream.fail(error) : Stream.fromEffectDrain(options.onBad(error))
    return values.pipe(
      // one batch at a time: what nobody has asked for is not decoded
      Stream.flatMap((values) => Stream.fromIterable(batches(values), { chunkSize: 1 })),
      Stream.flatMap((batch) => (Result.isSuccess(batch) ? Stream.fromArray(batch.success) : bad(batch.failure)))
    )
  }
  return decode
}

const hasAny = (value: Raw, ...names: ReadonlyArray<string>): boolean =>
  names.some((name) => Object.hasOwn(value, name))

/**
 * Reads the fills of an archive; fails with an {@link ArchiveError} for what
 * cannot be read.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decodeFills: Decode<Entry<Fill.Fill>> = make({
  kind: "fill",
  plural: "fills",
  lists: { fills: "fill" },
  singles: {},
  kindOf: (value) => (hasAny(value, "trade_id", "fill_id") ? "fill" : undefined),
  read: (_kind, record, place) => Result.map(records.fill(record), (read) => at(place, read))
})

/**
 * Reads the orders of an archive, with those that an amendment replaced; fails
 * with an {@link ArchiveError} for what cannot be read, such as an item of a
 * batch that failed, or the answer to a new order, which is not the order.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decodeOrders: Decode<Entry<Order.Order>> = make({
  kind: "order",
  plural: "orders",
  lists: { orders: "order" },
  singles: { old_order: "order", order: "order" },
  // a fill names its order, too
  kindOf: (value) => (hasAny(value, "order_id") && !hasAny(value, "trade_id", "fill_id") ? "order" : undefined),
  read: (_kind, record, place) => Result.map(records.order(record), (read) => at(place, read))
})

/**
 * Reads the settlements of an archive; fails with an {@link ArchiveError} for
 * what cannot be read.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decodeSettlements: Decode<Entry<Settlement.Settlement>> = make({
  kind: "settlement",
  plural: "settlements",
  lists: { settlements: "settlement" },
  singles: {},
  kindOf: (value) => (hasAny(value, "market_result", "settled_time") ? "settlement" : undefined),
  read: (_kind, record, place) => Result.map(records.settlement(record), (read) => at(place, read))
})

/**
 * Reads the positions of an archive, those in markets and those in events;
 * fails with an {@link ArchiveError} for what cannot be read.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decodePositions: Decode<PositionEntry> = make<PositionEntry["kind"], PositionEntry>({
  kind: "position",
  plural: "positions",
  lists: { market_positions: "market", event_positions: "event" },
  singles: {},
  kindOf: (value) =>
    hasAny(value, "market_exposure", "market_exposure_dollars")
      ? "market"
      : hasAny(value, "event_exposure", "event_exposure_dollars")
        ? "event"
        : undefined,
  read: (kind, record, place) =>
    kind === "market"
      ? Result.map(records.marketPosition(record), (read) => ({ ...at(place, read), kind }))
      : Result.map(records.eventPosition(record), (read) => ({ ...at(place, read), kind }))
})
