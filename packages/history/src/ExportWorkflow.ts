/**
 * Exports as durable workflows: a fleet of processes shares the exports of many
 * accounts or markets, and what one of them leaves behind another finishes.
 *
 * ```ts
 * ExportWorkflow.layer.pipe(
 *   Layer.provide(ExportWorkflow.layerAccounts((account) => historyOf(account))),
 *   Layer.provide(ClusterWorkflowEngine.layer)
 * )
 * ```
 *
 * The engine keeps which exports there are and what came of them; how far one is
 * stands beside its output, on a disk that all processes see. A process that
 * takes an export over goes on from there, once the engine has given up the one
 * that had it. What ends an export is fixed first and kept, so that the same
 * comes out whoever finishes it.
 *
 * An engine may run a step again whose result it could not keep; an export that
 * is done already is then told as `unchanged`.
 *
 * @since 0.1.0
 */
import * as KalshiError from "effect-kalshi/KalshiError"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as LayerMap from "effect/LayerMap"
import type * as Path from "effect/Path"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Activity from "effect/workflow/Activity"
import * as Workflow from "effect/workflow/Workflow"
import type * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import * as Export from "./Export.ts"
import * as fileTarget from "./export/file.ts"
import { FileError } from "./file/error.ts"
import * as History from "./History.ts"
import { HistoryError } from "./HistoryError.ts"
import * as Kind from "./Kind.ts"
import { SinkError } from "./sink/error.ts"

/**
 * The history of an account cannot be read from here: there is no such account,
 * or its key is not in order.
 *
 * @since 0.1.0
 * @category errors
 */
export class AccountError extends Schema.TaggedError<AccountError>("@effect-kalshi/history/AccountError")(
  "AccountError",
  { account: Schema.String, description: Schema.String }
) {
  /** Which account, and what is the matter. */
  override get message(): string {
    return `the account ${this.account} cannot be used here: ${this.description}`
  }
}

/**
 * The histories of the accounts that a process can export, by the names that
 * exports give them. A history is of one account, with its key and its budget of
 * requests: the exports of an account in one process had better share it.
 *
 * @since 0.1.0
 * @category services
 */
export class Accounts extends Context.Service<
  Accounts,
  {
    /** The history of an account; fails with an `AccountError` where there is none. */
    readonly get: (account: string) => Layer.Layer<History.History, AccountError>
  }
>()("@effect-kalshi/history/ExportWorkflow/Accounts") {}

/**
 * Accounts that are built when an export first needs them, shared by all exports
 * of a process, and closed when none has needed them for a while: a minute
 * unless told. One that failed is looked up again by the next export.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerAccounts = <R>(
  lookup: (account: string) => Layer.Layer<History.History, AccountError, R>,
  options: { readonly idleTimeToLive?: Duration.Input | undefined } = {}
): Layer.Layer<Accounts, never, R> =>
  Layer.effect(
    Accounts,
    Effect.map(LayerMap.make(lookup, { idleTimeToLive: options.idleTimeToLive ?? "1 minute" }), (accounts) => ({
      get: (account) => Layer.tapCause(accounts.get(account), () => accounts.invalidate(account))
    }))
  )

/**
 * An export to a file, as it is submitted: what of which account goes where, and
 * from when to when. `until` is what the exchange shows when the export begins,
 * unless told; that of an export which was stopped there is kept.
 *
 * `path` has to mean the same file to every process. `run` tells one time from
 * the next where the same is exported again, as with `sinceLast`: a day, say.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FileExport = Schema.Struct({
  account: Schema.String,
  what: Schema.Literals([
    "fills",
    "orders",
    "trades",
    "settlements",
    "positions",
    "deposits",
    "withdrawals",
    "transfers",
    "markets"
  ]),
  path: Schema.String,
  format: Schema.Literals(["ndjson", "csv", "parquet"]),
  compression: Schema.optionalKey(Schema.Literals(["none", "gzip"])),
  since: Schema.optionalKey(Timestamp.Timestamp),
  until: Schema.optionalKey(Timestamp.Timestamp),
  ticker: Schema.optionalKey(Schema.String),
  event: Schema.optionalKey(Schema.String),
  series: Schema.optionalKey(Schema.String),
  isBlock: Schema.optionalKey(Schema.Boolean),
  subaccounts: Schema.optionalKey(Schema.Array(Schema.Int)),
  sinceLast: Schema.optionalKey(Schema.Boolean),
  run: Schema.optionalKey(Schema.String),
  /** How many parts of the range are read side by side, which makes no other export of it. */
  windows: Schema.optionalKey(Schema.Int)
})

/**
 * An export to a file, as it is submitted.
 *
 * @since 0.1.0
 * @category models
 */
export type FileExport = typeof FileExport.Type

/**
 * What an export came to, as the engine keeps it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Done = Schema.Struct({
  path: Schema.String,
  records: Schema.Int,
  since: Schema.optional(Timestamp.Timestamp),
  until: Timestamp.Timestamp,
  how: Schema.Literals(["begun", "resumed", "added", "unchanged"])
})

/**
 * What an export fails with, as the engine keeps it: `Export.Failure`, or that
 * there is no such account.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Failure = Schema.Union([
  AccountError,
  Export.ExportError,
  FileError,
  HistoryError,
  KalshiError.KalshiError,
  SinkError
])

/**
 * What an export fails with.
 *
 * @since 0.1.0
 * @category errors
 */
export type Failure = typeof Failure.Type

const encode = Schema.encodeSync(FileExport)

/**
 * An export to a file that is finished by whichever process is there.
 *
 * Submitting the same export again, under the same `run`, does nothing twice: it
 * waits for the one that there is, and gives what that came to, a failure too.
 * After a failure that has been seen to, submit it under another `run`: it goes
 * on where it was.
 *
 * @since 0.1.0
 * @category workflows
 */
export class ToFile extends Workflow.make("@effect-kalshi/history/ExportWorkflow/ToFile", {
  payload: FileExport,
  success: Done,
  error: Failure,
  idempotencyKey: (wanted) => {
    const { windows: _, ...rest } = encode(wanted)
    return JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }
}) {}

/**
 * When an export goes on after a failure that may pass: after a second, then
 * ever more, up to a minute, with jitter, for a day from the first failure on.
 *
 * @since 0.1.0
 * @category schedules
 */
export const standard: Schedule.Schedule<unknown, Failure> = Schedule.min([
  Schedule.exponential("1 second"),
  Schedule.spaced("1 minute")
]).pipe(Schedule.jittered, Schedule.upTo({ duration: "1 day" }), Schedule.setInputType<Failure>())

// which are not tried again at once, but end by themselves
const ENDING: ReadonlySet<string> = new Set(["BreakerOpen", "ExchangePaused"])

/** Whether waiting can help. Who was at it before may need a moment to notice that it is not any more. */
const isPassing = (error: Failure): boolean => {
  switch (error._tag) {
    case "KalshiError":
      return error.retryable || ENDING.has(error.reason._tag)
    case "ExportError":
      return error.reason._tag === "InUse"
    default:
      return false
  }
}

/**
 * How a process runs exports.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /**
   * When an export goes on after a failure that may pass: a `KalshiError` that is
   * `retryable`, after all that the client itself has tried, an open breaker, a
   * paused exchange, or another process that is still at it. Default
   * {@link standard}.
   */
  readonly retry?: Schedule.Schedule<unknown, Failure> | undefined
  /** Is told how far the exports of this process are. */
  readonly onProgress?: ((wanted: FileExport, progress: Export.Progress) => Effect.Effect<void>) | undefined
}

/** Where the export ends: where it is told to, where it ended when it was stopped, or what is shown now. */
const end = Effect.fnUntraced(function* <N extends Kind.Name>(wanted: Export.FileOptions<N>) {
  const kind: Kind.Kind<Kind.Records[N]> = Kind.all[wanted.what]
  const before = yield* (yield* fileTarget.make(kind, wanted)).load
  const { since, until = before?.isDone === false ? before.until : undefined } = wanted
  return (yield* History.History.use((history) => history.range({ since, until }))).until
})

/**
 * Lets a process run exports, of the accounts that it is given.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerWith = ({
  onProgress,
  retry = standard
}: Options): Layer.Layer<never, never, Accounts | FileSystem.FileSystem | Path.Path | WorkflowEngine.WorkflowEngine> =>
  ToFile.toLayer(
    Effect.fnUntraced(function* (wanted) {
      const accounts = yield* Accounts
      const step = <S extends Schema.Constraint>(
        name: string,
        success: S,
        execute: Effect.Effect<S["Type"], Failure, History.History | FileSystem.FileSystem | Path.Path>
      ) =>
        Activity.make({
          name,
          success,
          error: Failure,
          execute: execute.pipe(
            Effect.retry({ schedule: retry, while: isPassing }),
            Effect.provide(accounts.get(wanted.account))
          )
        })
      const until = yield* step("end", Timestamp.Timestamp, end(wanted))
      return yield* step(
        "export",
        Done,
        Export.toFile({
          ...wanted,
          until,
          onProgress: (progress) => onProgress?.(wanted, progress) ?? Effect.void
        })
      )
    })
  )

/**
 * Lets a process run exports, as {@link layerWith} does unless told otherwise.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<
  never,
  never,
  Accounts | FileSystem.FileSystem | Path.Path | WorkflowEngine.WorkflowEngine
> = layerWith({})
