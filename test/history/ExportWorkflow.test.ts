/**
 * Exports as workflows: what an engine keeps of them, and what another process
 * makes of what it finds.
 */
import { Export, ExportWorkflow, History, HistoryError, HistoryFile, HistorySink, Kind } from "@effect-kalshi/history"
import { Control, type Faults } from "@effect-kalshi/sandbox"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it, layer } from "@effect/vitest"
import * as ClusterWorkflowEngine from "effect/cluster/ClusterWorkflowEngine"
import * as TestRunner from "effect/cluster/TestRunner"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Ref from "effect/Ref"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import { KalshiError, Retry, Timestamp } from "effect-kalshi"
import * as kit from "../portfolio/kit.ts"

const sandbox = History.layer.pipe(
  Layer.provideMerge(kit.sandbox({ history: { fills: 1200, orders: 400, settlements: 40 } })),
  Layer.provideMerge(NodeServices.layer)
)

const engines = {
  "in memory": WorkflowEngine.layerMemory,
  "of a cluster": ClusterWorkflowEngine.layer.pipe(Layer.provide(TestRunner.layer))
}

/** The member of the sandbox is "alice", and there is nobody else. */
const alice = Layer.unwrap(
  Effect.map(History.History, (history) =>
    ExportWorkflow.layerAccounts((account) =>
      account === "alice"
        ? Layer.succeed(History.History, history)
        : Layer.effect(
            History.History,
            Effect.fail(new ExportWorkflow.AccountError({ account, description: "it has no key" }))
          )
    )
  )
)

const soon: ExportWorkflow.Options["retry"] = Schedule.spaced("1 millis").pipe(Schedule.upTo({ times: 3 }))

/** A process with an engine of its own, whose client does not try again by itself. */
const process = (
  options: ExportWorkflow.Options = {},
  engine: Layer.Layer<WorkflowEngine.WorkflowEngine> = engines["in memory"]
) =>
  ExportWorkflow.layerWith({ retry: soon, ...options }).pipe(
    Layer.provide(alice),
    Layer.provideMerge(Layer.fresh(engine)),
    Layer.provide(Layer.succeed(Retry.Retry, Retry.none))
  )

const folder = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "workflow-" })
  return (name: string) => paths.join(directory, name)
})

const text = (path: string) => FileSystem.FileSystem.use((fs) => fs.readFileString(path))

const asked = Control.Control.use((control) => Effect.map(control.requests(), ({ length }) => length))

const inject = (fault: Faults.Fault, where: Faults.Where) =>
  Control.Control.use((control) => Effect.andThen(control.clearFaults, control.inject(fault, where)))

describe("what an export fails with", () => {
  const json = Schema.toCodecJson(ExportWorkflow.Failure)
  const across = (failure: ExportWorkflow.Failure) =>
    Schema.encodeEffect(json)(failure).pipe(
      Effect.map((encoded): unknown => JSON.parse(JSON.stringify(encoded))),
      Effect.flatMap(Schema.decodeUnknownEffect(json))
    )
  const at = Timestamp.fromMillis(Date.UTC(2026, 9, 1))
  const failures: ReadonlyArray<ExportWorkflow.Failure> = [
    new ExportWorkflow.AccountError({ account: "bob", description: "it has no key" }),
    new Export.ExportError({ reason: new Export.InUse({ path: "a", process: 7 }) }),
    new HistoryFile.FileError({ path: "a", reason: new HistoryFile.CutOff({ line: 3 }) }),
    new HistoryError.HistoryError({ reason: new HistoryError.NotShownYet({ until: at, asOf: at }) }),
    new HistorySink.SinkError({ reason: new HistorySink.DiskFull({ path: "a" }), cause: new Error("ENOSPC") }),
    KalshiError.make({
      operation: "getFills",
      reason: new KalshiError.Unexpected({ original: new KalshiError.RateLimited({ status: 429 }) }),
      attempts: 5
    })
  ]

  for (const failure of failures) {
    it.effect(`crosses to another process as it is: ${failure._tag}`, () =>
      Effect.gen(function* () {
        const told = yield* across(failure)
        assert.strictEqual(told.constructor, failure.constructor)
        assert.strictEqual(told.message, failure.message)
        if ("reason" in told && "reason" in failure) assert.deepStrictEqual(told.reason, failure.reason)
        if (failure._tag === "KalshiError") assert.isTrue(told._tag === "KalshiError" && told.retryable)
      })
    )
  }
})

describe("when it is tried again", () => {
  it.effect("soon at first, a minute apart at most, and no more after a day", () =>
    Effect.gen(function* () {
      const failure = KalshiError.make({
        operation: "getFills",
        reason: new KalshiError.RateLimited({ status: 429 }),
        attempts: 5
      })
      const tries = yield* Ref.make(0)
      const trying = yield* Effect.forkChild(
        Effect.flip(
          Ref.update(tries, (count) => count + 1).pipe(
            Effect.andThen(Effect.fail(failure)),
            Effect.retry(ExportWorkflow.standard)
          )
        )
      )
      yield* TestClock.adjust("1300 millis")
      assert.strictEqual(yield* Ref.get(tries), 2)
      yield* TestClock.adjust("1 hour")
      const first = yield* Ref.get(tries)
      assert.isTrue(first > 50 && first < 80, `${first}`)
      yield* TestClock.adjust("24 hours")
      assert.strictEqual(yield* Fiber.join(trying), failure)
    })
  )
})

describe("an export as a workflow", () => {
  it("knows every kind of records", () => {
    assert.sameMembers([...ExportWorkflow.FileExport.fields.what.literals], Object.keys(Kind.all))
  })

  layer(sandbox, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
    for (const [name, engine] of Object.entries(engines)) {
      it.effect(`is done once, whoever submits it again: the engine ${name}`, () =>
        Effect.gen(function* () {
          const at = yield* folder
          const wanted = { account: "alice", what: "fills", format: "ndjson", path: at("fills") } as const
          const done = yield* ExportWorkflow.ToFile.execute(wanted)
          assert.deepStrictEqual([done.path, done.records, done.how], [at("fills"), 1200, "begun"])
          const whole = { ...wanted, path: at("whole"), until: done.until }
          yield* Export.toFile(whole)
          assert.strictEqual(yield* text(at("fills")), yield* text(at("whole")))

          const before = yield* asked
          assert.deepStrictEqual(yield* ExportWorkflow.ToFile.execute({ ...wanted, windows: 4 }), done)
          assert.strictEqual(yield* asked, before)
          // another time is another export
          const again = yield* ExportWorkflow.ToFile.execute({ ...wanted, sinceLast: true, run: "tomorrow" })
          assert.deepStrictEqual([again.records, again.how], [1200, "added"])
          assert.isAtLeast(again.until, done.until)
        }).pipe(Effect.provide(process({}, engine)))
      )

      it.effect(`fails as the export does: the engine ${name}`, () =>
        Effect.gen(function* () {
          const fs = yield* FileSystem.FileSystem
          const at = yield* folder
          const fails = (wanted: Partial<ExportWorkflow.FileExport> & { readonly path: string }) =>
            Effect.flip(
              ExportWorkflow.ToFile.execute({ account: "alice", what: "settlements", format: "csv", ...wanted })
            )
          const nobody = yield* fails({ account: "nobody", path: at("nobody") })
          assert.instanceOf(nobody, ExportWorkflow.AccountError)
          assert.strictEqual(nobody.message, "the account nobody cannot be used here: it has no key")

          const until = Timestamp.fromMillis(Date.UTC(2026, 0, 1))
          const backwards = yield* fails({ path: at("backwards"), since: until, until })
          assert.instanceOf(backwards, HistoryError.HistoryError)
          assert.strictEqual(backwards.reason._tag, "InvalidQuery")

          const unwritable = yield* fails({ path: "/dev/null/settlements" })
          assert.instanceOf(unwritable, HistorySink.SinkError)
          assert.strictEqual(unwritable.reason._tag, "Unwritable")

          yield* fs.writeFileString(at("theirs"), "somebody's")
          const theirs = yield* fails({ path: at("theirs") })
          assert.instanceOf(theirs, Export.ExportError)
          assert.strictEqual(theirs.reason._tag, "NotOurs")

          const wanted = { path: at("ours"), sinceLast: true }
          yield* ExportWorkflow.ToFile.execute({ account: "alice", what: "settlements", format: "csv", ...wanted })
          yield* fs.writeFileString(at("ours"), "somebody's")
          const ours = yield* fails({ ...wanted, run: "2" })
          assert.instanceOf(ours, HistoryFile.FileError)
          assert.strictEqual(ours.reason._tag, "CutOff")

          yield* inject({ _tag: "Status", status: 403 }, { endpoint: "getSettlements" })
          const before = yield* asked
          const forbidden = yield* fails({ path: at("forbidden") })
          assert.instanceOf(forbidden, KalshiError.KalshiError)
          assert.deepStrictEqual([forbidden.reason._tag, forbidden.operation], ["Forbidden", "getPortfolioSettlements"])
          // it is known from then on, and is not tried again
          const after = yield* asked
          assert.isAbove(after, before)
          assert.strictEqual((yield* fails({ path: at("forbidden") })).message, forbidden.message)
          assert.strictEqual(yield* asked, after)
          // seen to, it is another run, which goes on with the range of the first
          const done = yield* ExportWorkflow.ToFile.execute({
            account: "alice",
            what: "settlements",
            format: "csv",
            path: at("forbidden"),
            run: "2"
          })
          assert.deepStrictEqual([done.records, done.how], [40, "resumed"])
        }).pipe(Effect.provide(process({}, engine)))
      )
    }

    it.effect("goes on after failures that pass, and gives up in the end", () =>
      Effect.gen(function* () {
        const at = yield* folder
        const wanted = { account: "alice", what: "orders", format: "ndjson" } as const
        const fault = { _tag: "Status", status: 503 } as const
        yield* inject(fault, { endpoint: "getOrders", times: 3 })
        const done = yield* ExportWorkflow.ToFile.execute({ ...wanted, path: at("orders") })
        assert.deepStrictEqual([done.records, done.how], [400, "resumed"])

        const { strikes } = yield* inject(fault, { endpoint: "getOrders", times: 100 })
        const error = yield* Effect.flip(ExportWorkflow.ToFile.execute({ ...wanted, path: at("never") }))
        assert.isTrue(error._tag === "KalshiError" && error.retryable, error.message)
        assert.strictEqual(yield* strikes, 4)
        yield* Control.Control.use((control) => control.clearFaults)
      }).pipe(Effect.provide(process()))
    )

    it.effect("waits while the exchange is paused", () =>
      Effect.gen(function* () {
        const at = yield* folder
        const wanted = { account: "alice", what: "deposits", format: "csv", path: at("deposits") } as const
        const code = "exchange_is_paused"
        const { strikes } = yield* inject(
          { _tag: "ServerError", status: 409, code },
          { endpoint: "getDeposits", times: 2 }
        )
        assert.isAbove((yield* ExportWorkflow.ToFile.execute(wanted)).records, 0)
        assert.strictEqual(yield* strikes, 2)
      }).pipe(Effect.provide(process()))
    )

    it.effect("waits for another process that is at it", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const at = yield* folder
        yield* fs.writeFileString(at("fills.lock"), `${globalThis.process.pid}`)
        const wanted = { account: "alice", what: "fills", format: "ndjson", path: at("fills") } as const
        const running = yield* Effect.forkChild(ExportWorkflow.ToFile.execute(wanted))
        yield* Effect.sleep("30 millis")
        assert.isUndefined(running.pollUnsafe())
        yield* fs.remove(at("fills.lock"))
        assert.strictEqual((yield* Fiber.join(running)).records, 1200)
      }).pipe(Effect.provide(process({ retry: Schedule.spaced("5 millis") })))
    )

    it.effect("is gone on with by a process that knows nothing but the disk", () =>
      Effect.gen(function* () {
        const at = yield* folder
        // of a range of this length the first parts are small
        const since = Timestamp.micros((yield* Timestamp.now) - 180 * 86_400_000_000)
        const wanted = { account: "alice", what: "fills", format: "csv", path: at("fills"), since } as const
        const reached = yield* Deferred.make<Export.Progress>()
        const first = process({
          onProgress: (_, progress) =>
            progress.records === 0 ? Effect.void : Effect.andThen(Deferred.succeed(reached, progress), Effect.never)
        })
        // it ends in the middle, with its engine
        yield* ExportWorkflow.ToFile.execute(wanted).pipe(Effect.race(Deferred.await(reached)), Effect.provide(first))
        const { records, until } = yield* Deferred.await(reached)
        assert.isBelow(records, 1200)

        const seen: Array<Export.Progress> = []
        const second = process({
          onProgress: (of, progress) =>
            Effect.sync(() => {
              if (of.path === wanted.path) seen.push(progress)
            })
        })
        const done = yield* Effect.provide(ExportWorkflow.ToFile.execute(wanted), second)
        assert.deepStrictEqual([done.records, done.how, done.until], [1200, "resumed", until])
        assert.isAtLeast(seen[0]?.records ?? 0, records)
        yield* Export.toFile({ ...wanted, path: at("whole"), until })
        assert.strictEqual(yield* text(at("fills")), yield* text(at("whole")))
      })
    )
  })
})

describe("an exchange that is out of order for a while", () => {
  const withBreaker = History.layer.pipe(
    Layer.provideMerge(kit.sandbox({ history: { fills: 100 } }, { rateLimit: "none" })),
    Layer.provideMerge(NodeServices.layer)
  )
  layer(withBreaker, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
    it.effect("is waited for until the breaker closes again", () =>
      Effect.gen(function* () {
        const at = yield* folder
        const wanted = { account: "alice", what: "fills", format: "csv", path: at("fills") } as const
        // as many as open the breaker, for a second
        const { strikes } = yield* inject({ _tag: "Status", status: 503 }, { times: 5 })
        const done = yield* ExportWorkflow.ToFile.execute(wanted)
        assert.deepStrictEqual([done.records, done.how, yield* strikes], [100, "begun", 5])
      }).pipe(Effect.provide(process({ retry: Schedule.spaced("100 millis") })))
    )
  })
})

describe("accounts", () => {
  it.effect("are built once for all exports that need them, and again after a failure", () =>
    Effect.gen(function* () {
      const built: Array<string> = []
      const history = yield* Layer.build(Layer.mock(History.History, {}))
      const accounts = ExportWorkflow.layerAccounts((account) =>
        Layer.effectContext(
          Effect.suspend(() => {
            built.push(account)
            return account === "alice" || built.length > 2
              ? Effect.succeed(history)
              : Effect.fail(new ExportWorkflow.AccountError({ account, description: "not yet" }))
          })
        )
      )
      yield* Effect.gen(function* () {
        const { get } = yield* ExportWorkflow.Accounts
        const use = (account: string) => Effect.provide(History.History, get(account))
        assert.strictEqual(yield* use("alice"), yield* use("alice"))
        assert.strictEqual((yield* Effect.flip(use("bob"))).message, "the account bob cannot be used here: not yet")
        yield* use("bob")
        assert.deepStrictEqual(built, ["alice", "bob", "bob"])
        yield* TestClock.adjust("2 minutes")
        yield* use("alice")
        assert.deepStrictEqual(built, ["alice", "bob", "bob", "alice"])
      }).pipe(Effect.provide(accounts))
    })
  )
})
