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
import type * as Told from "./fleet/Told.ts"
import * as Workers from "./fleet/Workers.ts"

const HALF_A_YEAR = 180 * 86_400_000_000

/**
 * Starts two processes, and kills one that is in the middle of its exports when
 * all have been begun. So that there is such a middle on any machine, the
 * exchange of an account is out of order from then on until that has happened.
 */
const share = Effect.fnUntraced(function* (
  exports: ReadonlyArray<ExportWorkflow.FileExport>,
  { pause, resume, slow }: Accounts.Exchanges,
  schema: string
) {
  const known = new Map<string, Workers.Known>()
  const of = (name: string) => Array.from(known).filter(([, { last }]) => last === name)
  const middle = yield* Deferred.make<string>()
  const onTold = Effect.fnUntraced(function* (name: string, { account, phase, records }: Told.Progress) {
    if (phase === "writing" || records === 0 || (yield* Deferred.isDone(middle))) return
    yield* pause(account)
    const isMiddle = known.size === exports.length && of(name).every(([, { told }]) => told.records > 0)
    if (isMiddle) yield* Deferred.succeed(middle, name)
  })
  const start = (name: string) => Workers.start({ name, schema, known, onTold })
  const workers = yield* Effect.forEach(["A", "B"], start, { concurrency: "unbounded" })
  for (const { name, pid } of workers) yield* Console.log(`worker ${name} is process ${pid}`)

  yield* slow
  const all = yield* Effect.forkChild(
    Effect.forEach(exports, (one) => ExportWorkflow.ToFile.execute(one), { concurrency: "unbounded" })
  )
  const tooSoon = Effect.andThen(Fiber.join(all), Effect.die(new Error("all was done before there was a middle")))
  const victim = yield* Effect.raceFirst(Deferred.await(middle), tooSoon)
  yield* Effect.forEach(workers, ({ kill, name }) => (name === victim ? kill : Effect.void))
  yield* resume
  const parts = of(victim)
    .filter(([, { told }]) => told.phase === "reading")
    .map(([account, { told }]) => `${account} at ${told.records}`)
  yield* Console.log(`worker ${victim} is killed in the middle of ${parts.join(", ")}\n`)
  return { done: yield* Fiber.join(all), known }
}, Effect.scoped)

const sha256 = (path: string) =>
  Effect.map(
    FileSystem.FileSystem.use((files) => files.readFile(path)),
    (bytes) => NodeCrypto.createHash("sha256").update(bytes).digest("hex")
  )

/** A line about an export: who did it, and whether one that nothing disturbs gives the same. */
const row = Effect.fnUntraced(function* (one: ExportWorkflow.FileExport, done: Export.Done, found: Workers.Known) {
  const { account } = one
  const path = `${one.path}.undisturbed`
  yield* Effect.provide(Export.toFile({ ...one, until: done.until, path }), Accounts.historyOf(account))
  const hash = yield* sha256(one.path)
  const verdict = hash === (yield* sha256(path)) ? "the same" : "ANOTHER"
  const who = account.padEnd(9) + found.began.padEnd(10) + found.last.padEnd(13)
  return who + done.how.padEnd(9) + `${done.records}`.padEnd(9) + hash.slice(0, 12).padEnd(14) + verdict
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

  const rows = yield* Effect.forEach(
    exports.entries(),
    ([index, one]) => {
      const [result, found] = [done[index], known.get(one.account)]
      return result === undefined || found === undefined ? Effect.succeed(one.account) : row(one, result, found)
    },
    { concurrency: "unbounded" }
  )
  yield* Console.log("account  begun by  finished by  how      records  sha256        undisturbed")
  yield* Console.log(rows.join("\n"))
}).pipe(Effect.scoped)

Effect.andThen(Cluster.look, program).pipe(
  Effect.tapErrorTag("NoDatabase", ({ message }) => Console.error(message)),
  Effect.provide([Cluster.layerDatabase, NodeServices.layer]),
  // that a process of the cluster is gone is what this is about
  Effect.provideService(References.MinimumLogLevel, "Fatal"),
  NodeRuntime.runMain
)
