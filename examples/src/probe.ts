import "effect-kalshi/jit"
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import { NodeRuntime } from "@effect/platform-node"
import { Clock, Effect, Layer, Stream, Schema } from "effect"
import { Csv, Ndjson } from "effect/encoding"
import { FetchHttpClient } from "effect/http"
import { Credentials, Environment, Fill, Kalshi, Portfolio } from "effect-kalshi"

const timed = <A, E, R>(name: string, self: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const start = yield* Clock.currentTimeMillis
    const a = yield* self
    console.log(name, (yield* Clock.currentTimeMillis) - start, "ms")
    return a
  })
const member = (key: { keyId: string; privateKey: Sandbox.Sandbox["Service"]["privateKey"] }, url: string) =>
  Kalshi.layer().pipe(
    Layer.provide(Credentials.layer({ environment: Environment.sandbox(url), ...key })),
    Layer.provide(FetchHttpClient.layer)
  )

const program = Effect.gen(function*() {
  const sandbox = yield* Sandbox.Sandbox
  const control = yield* Control.Control
  const other = yield* control.account("other")
  yield* Effect.gen(function*() {
    const portfolio = yield* Portfolio.Portfolio
    console.log("you", yield* portfolio.getBalance())
    const pos = yield* portfolio.getPositions()
    console.log(pos.marketPositions.length, pos.eventPositions.length)
    const all = yield* timed("fills", Stream.runCollect(portfolio.fills()))
    console.log(all.length, all[0])
    yield* timed("ndjson", Stream.fromIterable(all).pipe(Stream.rechunk(1000), Stream.pipeThroughChannel(Ndjson.encodeSchema(Fill.Fill)()), Stream.runDrain))
    const csv = yield* timed("csv", Stream.fromIterable(all).pipe(Stream.rechunk(1000), Stream.pipeThroughChannel(Csv.encodeSchema(Fill.Fill)({ headers: true })), Stream.runCollect))
    console.log(new TextDecoder().decode(csv[0]).slice(0, 600))
    const back = yield* timed("csv read", Stream.fromIterable(csv).pipe(Stream.pipeThroughChannel(Csv.decodeSchema(Fill.Fill)({ headers: true })), Stream.runCollect))
    console.log(back.length, back[0])
    const o = yield* timed("orders", Stream.runCollect(portfolio.orders()))
    const s = yield* timed("settlements", Stream.runCollect(portfolio.settlements()))
    console.log(o.length, s.length, s.find((x) => x.result._tag === "scalar"))
    const truth = yield* timed("truth", control.truth(sandbox.account))
    console.log(truth.balance, truth.fills.length, truth.positions[0], yield* control.audit)
  }).pipe(Effect.provide(member(sandbox, sandbox.url)))
  yield* Effect.gen(function*() {
    const a = yield* Layer.build(member(sandbox, sandbox.url))
    const b = yield* Layer.build(member(other, sandbox.url))
    const { Context } = yield* Effect.promise(() => import("effect"))
    console.log("a", (yield* Context.get(a, Portfolio.Portfolio).getBalance()).available)
    console.log("b", (yield* Context.get(b, Portfolio.Portfolio).getBalance()).available)
    const m = yield* Layer.makeMemoMap
    const scope = yield* Effect.scope
    const c = yield* Layer.buildWithMemoMap(member(sandbox, sandbox.url), m, scope)
    const d = yield* Layer.buildWithMemoMap(member(other, sandbox.url), m, scope)
    console.log("c", (yield* Context.get(c, Portfolio.Portfolio).getBalance()).available)
    console.log("d", (yield* Context.get(d, Portfolio.Portfolio).getBalance()).available)
  }).pipe(Effect.scoped)
  console.log(process.memoryUsage().rss / 1e6)
})
void Schema
NodeRuntime.runMain(timed("all", program.pipe(Effect.provide(Sandbox.layer({ history: { fills: 25000, orders: 8000, settlements: 600 } })))))
