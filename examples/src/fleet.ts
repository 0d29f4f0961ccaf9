/**
 * A fleet that shares the work: the exports of several accounts are durable
 * workflows on a cluster of two processes, one of which is killed in the middle.
 * The other finishes what it had begun, from where it was.
 *
 * It needs PostgreSQL, where it makes a schema of its own and drops it.
 */
import { Export, ExportWorkflow } from "@effect-kalshi/history"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Deferred, Effect, Fiber, FileSystem, Path, References } from "effect"
import { Timestamp } from "effect-kalshi"
import "effect-kalshi/jit"
import * as NodeCrypto from "node:crypto"
import * as Accounts from "./fleet/Accounts.ts"
import * as Cluster from "./fleet/Cluster.ts"
import * as Workers from "./fleet/Workers.ts"

const HALF_A_YEAR = 180 * 86_400_000_000

/** Starts two processes, kills the first that is in the middle of its exports when all have been begun, and waits. */
const share = Effect.fnUntraced(function* (
  exports: ReadonlyArray<ExportWorkflow.FileExport>,
  { farAway, near }: Accounts.Exchanges,
  schema: string
) {
  const known = new Map<string, Workers.Known>()
  const of = (name: string) => Array.from(known).filter(([, { last }]) => last === name)
  const middle = yield* Deferred.make<string>()
  const onTold = (name: string) =>
    known.size === exports.length &&
    of(name).every(([, { told }]) => told.records > 0) &&
    of(name).some(([, { told }]) => told.phase === "reading")
      ? Deferred.succeed(middle, name)
      : Effect.void
  const start = (name: string) => Workers.start({ name, schema, known, onTold })
  const workers = yield* Effect.forEach(["A", "B"], start, { concurrency: "unbounded" })
  for (const { name, pid } of workers) yield* Console.log(`worker ${name} is process ${pid}`)

  yield* farAway
  const all = yield* Effect.forkChild(
    Effect.forEach(exports, (one) => ExportWorkflow.ToFile.execute(one), { concurrency: "unbounded" })
  )
  const tooSoon = Effect.andThen(Fiber.join(all), Effect.die(new Error("all was done before there was a middle")))
  const victim = yield* Effect.raceFirst(Deferred.await(middle), tooSoon)
  yield* Effect.forEach(workers, ({ kill, name }) => (name === victim ? kill : Effect.void))
  const parts = of(victim)
    .filter(([, { told }]) => told.phase === "reading")
    .map(([account, { told }]) => `${account} at ${told.records}`)
  yield* Console.log(`worker ${victim} is killed in the middle of ${parts.join(", ")}\n`)
  yield* near
  return { done: yield* Fiber.join(all), known }
}, Effect.scoped)

const sha256 = (path: string) =>
  Effect.map(
    FileSystem.FileSystem.use((files) => files.readFile(path)),
    (bytes) => NodeCrypto.createHash("sha256").update(bytes).digest("hex")
  )

/** What an export that nothing disturbs gives, of the same range. */
const undisturbed = Effect.fnUntraced(function* (one: ExportWorkflow.FileExport, { until }: Export.Done) {
  const path = `${one.path}.undisturbed`
  yield* Effect.provide(Export.toFile({ ...one, until, path }), Accounts.historyOf(one.account))
  return yield* sha256(path)
})

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const schema = yield* Cluster.schema
  const folder = yield* files.makeTempDirectoryScoped({ prefix: "kalshi-fleet-" })
  const exchanges = yield* Accounts.open
  const since = Timestamp.micros((yield* Timestamp.now) - HALF_A_YEAR)
  const exports = Accounts.names.map((account): ExportWorkflow.FileExport => {
    return { account, what: "fills", since, format: "ndjson", path: path.join(folder, `${account}.ndjson`) }
  })
  const { done, known } = yield* Effect.provide(share(exports, exchanges, schema), Cluster.layerClient(schema))

  yield* Console.log("account  begun by  finished by  how      records  sha256        undisturbed")
  for (const [index, result] of done.entries()) {
    const one = exports[index]
    const found = known.get(one?.account ?? "")
    if (one === undefined || found === undefined) continue
    const hash = yield* sha256(one.path)
    const verdict = hash === (yield* undisturbed(one, result)) ? "the same" : "ANOTHER"
    yield* Console.log(
      one.account.padEnd(9) +
        found.began.padEnd(10) +
        found.last.padEnd(13) +
        result.how.padEnd(9) +
        `${result.records}`.padEnd(9) +
        hash.slice(0, 12).padEnd(14) +
        verdict
    )
  }
}).pipe(Effect.scoped)

Effect.andThen(Cluster.look, program).pipe(
  Effect.tapErrorTag("NoDatabase", ({ message }) => Console.error(message)),
  Effect.provide([Cluster.layerDatabase, NodeServices.layer]),
  // that a process of the cluster is gone is what this is about
  Effect.provideService(References.MinimumLogLevel, "Error"),
  NodeRuntime.runMain
)
