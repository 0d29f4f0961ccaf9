/**
 * One process of the fleet: it takes its part of the exports, tells how far they
 * are, a line each, and ends when it is told to, or nobody listens any more.
 */
import { ExportWorkflow } from "@effect-kalshi/history"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Config, Console, Effect, Layer, References, Schedule, Schema, Stdio, Stream } from "effect"
import "effect-kalshi/jit"
import * as Accounts from "./Accounts.ts"
import * as Cluster from "./Cluster.ts"
import * as Told from "./Told.ts"

const tell = (told: typeof Told.Line.Type) =>
  Effect.flatMap(Schema.encodeEffect(Told.Line)(told), Console.log).pipe(Effect.orDie)

const exports = Layer.unwrap(
  Effect.gen(function* () {
    const schema = yield* Config.String("FLEET_SCHEMA")
    const port = yield* Config.Port("FLEET_PORT")
    return ExportWorkflow.layerWith({
      retry: Schedule.spaced("500 millis"),
      onProgress: ({ account }, { phase, records }) => tell({ _tag: "Progress", account, phase, records })
    }).pipe(
      Layer.provide(ExportWorkflow.layerAccounts(Accounts.historyOf)),
      Layer.provide(Cluster.layerWorker(schema, port))
    )
  })
)

const orphaned = Stream.unwrap(Effect.map(Stdio.Stdio, ({ stdin }) => stdin)).pipe(Stream.runDrain)

Layer.build(exports).pipe(
  Effect.andThen(tell({ _tag: "Ready" })),
  Effect.andThen(orphaned),
  Effect.scoped,
  Effect.provide(NodeServices.layer),
  // what others leave, or a busy machine makes late, the cluster sees to by itself
  Effect.provideService(References.MinimumLogLevel, "Fatal"),
  NodeRuntime.runMain
)
