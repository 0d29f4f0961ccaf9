/** A folder for the files of a test module. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path_ from "effect/Path"
import * as Stream from "effect/Stream"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as HistoryFile from "../src/HistoryFile.ts"
import * as HistorySink from "../src/HistorySink.ts"
import type * as Kind from "../src/Kind.ts"

/** How a file can be written, each way that there is. */
export const ways: ReadonlyArray<{
  readonly format: HistorySink.Format
  readonly compression?: HistorySink.Compression
}> = [
  { format: "ndjson" },
  { format: "ndjson", compression: "gzip" },
  { format: "csv" },
  { format: "csv", compression: "gzip" },
  { format: "parquet" },
  { format: "parquet", compression: "gzip" },
  { format: "parquet", compression: "none" }
]

/** One way of each format: what does not depend on how it is compressed is looked at in these. */
export const few = ways.filter(({ compression, format }) => compression === (format === "csv" ? "gzip" : undefined))

export type Way = (typeof ways)[number]

export const title = ({ compression, format }: Way): string => `${format}, ${compression ?? "as it is by itself"}`

// each file is brought to the disk, which takes long where there is one
const base = Fs.existsSync("/dev/shm") ? "/dev/shm" : Os.tmpdir()

export const folder = (name: string) => {
  const path = Fs.mkdtempSync(Path.join(base, `history-${name}-`))
  let places = 0
  return {
    path,
    /** A path at which nothing is, in a folder of its own. */
    place: (way: Way = { format: "ndjson" }): string => {
      const own = Path.join(path, String(++places))
      Fs.mkdirSync(own)
      return Path.join(own, `records${HistorySink.extension(way.format, way.compression)}`)
    },
    remove: () => Fs.rmSync(path, { recursive: true })
  }
}

export const run = <A, E>(effect: Effect.Effect<A, E, FileSystem.FileSystem | Path_.Path>): Effect.Effect<A, E> =>
  Effect.provide(effect, NodeServices.layer)

/** Writes the records, in chunks of these sizes over and over. */
export const write = <A>(
  kind: Kind.Kind<A>,
  path: string,
  way: Way,
  records: ReadonlyArray<A>,
  sizes: ReadonlyArray<number> = [1000]
): Effect.Effect<HistorySink.Written, HistorySink.SinkError> => {
  const chunks: Array<ReadonlyArray<A>> = []
  for (let from = 0, turn = 0; from < records.length; turn++) {
    const size = sizes[turn % sizes.length]!
    chunks.push(records.slice(from, from + size))
    from += size
  }
  return run(Stream.run(Stream.fromArrays(...chunks), HistorySink.file(kind, { ...way, path })))
}

/** Reads all of a file. */
export const read = <A>(
  kind: Kind.Kind<A>,
  path: string,
  way: Way
): Effect.Effect<ReadonlyArray<A>, HistoryFile.FileError> =>
  run(Stream.runCollect(HistoryFile.read(kind, { ...way, path })))

/** The names of what is in the folder of a path. */
export const beside = (path: string): ReadonlyArray<string> => Fs.readdirSync(Path.dirname(path)).toSorted()
