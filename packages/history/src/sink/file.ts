/**
 * Records into a file.
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import * as Pull from "effect/Pull"
import type * as Scope from "effect/Scope"
import * as Sink from "effect/Sink"
import * as blocks from "../format/blocks.ts"
import * as csv from "../format/csv.ts"
import type { Encoder } from "../format/Encoder.ts"
import * as gzip from "../format/gzip.ts"
import * as ndjson from "../format/ndjson.ts"
import * as parquet from "../format/parquet.ts"
import type { Kind } from "../Kind.ts"
import { type Aside, open } from "./aside.ts"
import { because, type SinkError, Unsayable } from "./error.ts"

/**
 * What a file of records is written as.
 *
 * @since 0.1.0
 * @category models
 */
export type Format = "ndjson" | "csv" | "parquet"

/**
 * Whether a file is made smaller: with `gzip` the whole of NDJSON and CSV, and
 * each page of Parquet.
 *
 * @since 0.1.0
 * @category models
 */
export type Compression = "none" | "gzip"

/**
 * Where and how a file is written.
 *
 * @since 0.1.0
 * @category models
 */
export interface FileOptions {
  readonly path: string
  /** Default `none`; Parquet, where nothing is said, is compressed with Snappy. */
  readonly compression?: Compression | undefined
}

/**
 * A file that was written: how many records and how many bytes it has.
 *
 * @since 0.1.0
 * @category models
 */
export interface Written {
  readonly path: string
  readonly records: number
  readonly bytes: number
}

// so that a chunk of any size is never in memory as text at once
const STEP = 1000
const BLOCK = 256 * 1024

const encoderOf = <A>(kind: Kind<A>, format: Format, compression: Compression | undefined): Encoder<A> => {
  switch (format) {
    case "ndjson":
      return ndjson.encoder(kind)
    case "csv":
      return csv.encoder(kind)
    case "parquet":
      return parquet.encoder(kind, compression ?? "snappy")
  }
}

/** What takes the bytes of a format, and says how many reached the file. */
interface Out {
  readonly add: (bytes: Uint8Array) => Effect.Effect<void, SinkError>
  readonly end: Effect.Effect<number, SinkError>
}

const plain = (aside: Aside): Out => {
  const cut = blocks.make(BLOCK)
  let count = 0
  const write = (bytes: Uint8Array) => {
    count += bytes.length
    return aside.write(bytes)
  }
  return {
    add: (bytes) => Effect.forEach(cut.add(bytes), write, { discard: true }),
    end: Effect.suspend(() => write(cut.rest())).pipe(Effect.map(() => count))
  }
}

const compressed = Effect.fnUntraced(function* (aside: Aside): Effect.fn.Return<Out, never, Scope.Scope> {
  // nothing is wrong with any bytes
  const pipe = yield* gzip.compress
  const out = plain(aside)
  const cut = blocks.make(BLOCK)
  const squeeze = (bytes: Uint8Array) => Effect.orDie(pipe.add(bytes))
  const addAll = (made: ReadonlyArray<Uint8Array>) => Effect.forEach(made, out.add, { discard: true })
  return {
    add: (bytes) =>
      Effect.forEach(cut.add(bytes), (block) => Effect.flatMap(squeeze(block), addAll), { discard: true }),
    end: Effect.suspend(() => squeeze(cut.rest())).pipe(
      Effect.flatMap(addAll),
      Effect.andThen(Effect.orDie(pipe.end)),
      Effect.flatMap(addAll),
      Effect.andThen(out.end)
    )
  }
})

/**
 * Writes the records of a stream to a file, which is there when all are in it,
 * or not at all: where anything fails, or is interrupted, what had the name
 * before stays. The same records in the same order give the same bytes, by one
 * version of Node, however the stream is cut. Its folder is made where it is
 * absent. Memory does not grow with the number of records.
 *
 * Fails with a `SinkError`: `Unwritable`, `DiskFull`, `NotAFile`, `Contended`,
 * or `Unsayable` for a text that is not Unicode.
 *
 * @since 0.1.0
 * @category sinks
 */
export const file = <A>(
  kind: Kind<A>,
  options: FileOptions & { readonly format: Format }
): Sink.Sink<Written, A, never, SinkError, FileSystem.FileSystem | Path.Path> =>
  Sink.fromTransform((upstream: Pull.Pull<ReadonlyArray<A>, never, void>) =>
    Effect.gen(function* () {
      const { compression, format, path } = options
      const aside = yield* open(path)
      const encoder = encoderOf(kind, format, compression)
      const out = format !== "parquet" && compression === "gzip" ? yield* compressed(aside) : plain(aside)
      let records = 0

      const add = Effect.fnUntraced(function* (chunk: ReadonlyArray<A>) {
        for (let from = 0; from < chunk.length; from += STEP) {
          const step = chunk.slice(from, from + STEP)
          const bytes = yield* Effect.mapError(Effect.fromResult(encoder.add(step)), (why) =>
            because(new Unsayable(why))
          )
          yield* out.add(bytes)
          records += step.length
        }
      })

      yield* upstream.pipe(
        Effect.flatMap(add),
        Effect.forever({ disableYield: true }),
        Pull.catchDone(() => Effect.void)
      )
      yield* out.add(encoder.end())
      const bytes = yield* out.end
      yield* aside.commit
      return [{ path, records, bytes }] as const
    }).pipe(Effect.scoped)
  )
