/**
 * The process that exports, with the words of `kalshi export`, and that tells
 * how far it is after every step.
 */
import * as Export from "@effect-kalshi/history/Export"
import * as History from "@effect-kalshi/history/History"
import type * as HistorySink from "@effect-kalshi/history/HistorySink"
import type * as Kind from "@effect-kalshi/history/Kind"
import { Timestamp } from "effect-kalshi"
import { Kalshi } from "effect-kalshi/node"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Plan from "./Plan.ts"

const time = (name: string) => Flag.String(name).pipe(Flag.withSchema(Timestamp.Timestamp), Flag.optional)

const FORMATS: ReadonlyArray<HistorySink.Format> = ["ndjson", "csv", "parquet"]
const COMPRESSIONS: ReadonlyArray<HistorySink.Compression> = ["none", "gzip"]

export const flags = {
  what: Argument.Literals("what", ["fills", "orders"]),
  since: time("since"),
  until: time("until"),
  format: Flag.Literals("format", FORMATS).pipe(Flag.withDefault("csv")),
  compress: Flag.Literals("compress", COMPRESSIONS).pipe(Flag.optional),
  out: Flag.String("out").pipe(Flag.optional),
  table: Flag.String("table").pipe(Flag.optional),
  windows: Flag.Int("windows").pipe(Flag.withDefault(4)),
  restart: Flag.Boolean("restart").pipe(Flag.withDefault(false))
}

// it is started dozens of times, and the client of the database takes its time to load
const database = Effect.promise(() => import("@effect/sql-pg/PgClient")).pipe(
  Effect.map((PgClient) => PgClient.layerConfig({ url: Config.Redacted("DATABASE_URL") })),
  Layer.unwrap
)

const layer = Layer.provide(History.layer, Kalshi.layerConfig({ breaker: "none" }))

/** The command; `tell` hears of every step. */
export const make = (tell: (told: Plan.Told) => void) =>
  Command.make("export", flags, (asked) =>
    Effect.gen(function* () {
      const options: Export.Options<Kind.Name> = {
        what: asked.what,
        since: Option.getOrUndefined(asked.since),
        until: Option.getOrUndefined(asked.until),
        windows: asked.windows,
        restart: asked.restart,
        onProgress: ({ phase, records }) => Effect.sync(() => tell({ _tag: "At", phase, records }))
      }
      const { how, records } = yield* Option.match(asked.table, {
        onNone: () =>
          Export.toFile({
            ...options,
            path: Option.getOrElse(asked.out, () => `${asked.what}.${asked.format}`),
            format: asked.format,
            compression: Option.getOrUndefined(asked.compress)
          }),
        onSome: (table) => Effect.provide(Export.toPostgres({ ...options, table }), database)
      })
      tell({ _tag: "Done", records, how })
    }).pipe(Effect.provide(layer))
  )
