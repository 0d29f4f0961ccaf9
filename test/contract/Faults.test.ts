import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Contract from "./Contract.ts"
import * as Recorder from "./Recorder.ts"
import * as Tap from "./Tap.ts"

Tap.install()

const ask = Effect.gen(function* () {
  const { url } = yield* Sandbox.Sandbox
  return yield* Effect.exit(Effect.flatMap(HttpClient.get(`${url}/exchange/status`), (response) => response.text))
})

const broken: ReadonlyArray<readonly [Faults.Fault, RegExp]> = [
  [Faults.truncated, /was cut/],
  [Faults.malformed, /not JSON/],
  [Faults.noOrder, /must have required property/],
  [Faults.status(202), /status must be 200, is 202/],
  [Faults.redirect("/elsewhere"), /status 307 is unknown/]
]

/** Faults that the exchange has too: what is answered is what it answers. */
const known: ReadonlyArray<Faults.Fault> = [
  Faults.latency("1 millis"),
  Faults.refused,
  Faults.droppedAfter,
  Faults.tooManyRequests,
  Faults.gatewayPage(502),
  Faults.serverError(),
  Faults.serverErrorAfter(),
  Faults.held("1 millis"),
  Faults.delayed("1 millis", "1 millis"),
  Faults.duplicated
]

const judgesFaults = Effect.gen(function* () {
  const control = yield* Control.Control
  for (const [fault, message] of broken) {
    yield* control.inject(fault)
    yield* Recorder.exempt({ of: "response", because: `the sandbox has the fault ${fault._tag}` })(ask)
    assert.strictEqual(Contract.format(Recorder.take().violations), "")
    yield* control.inject(fault)
    yield* ask
    const { exchanges, violations } = Recorder.take()
    // A fault that owns up in a header is let through without the test's word.
    const owned = exchanges.every((exchange) => exchange.fault === fault._tag)
    assert.match(Contract.format(violations), owned ? /^$/ : message)
  }
  for (const fault of known) {
    yield* control.inject(fault)
    yield* ask
    assert.strictEqual(Contract.format(Recorder.take().violations), "", fault._tag)
  }
})

it.layer(Layer.mergeAll(Sandbox.layer({ port: 0 }), FetchHttpClient.layer), { excludeTestServices: true })(
  "over sockets",
  (it) => {
    it.effect("an answer that a fault broke is a violation, unless the test says so", () => judgesFaults)
  }
)

it.layer(Recorder.layer.pipe(Layer.provideMerge(Sandbox.layerInMemory())), { excludeTestServices: true })(
  "in memory",
  (it) => {
    it.effect("an answer that a fault broke is a violation, unless the test says so", () => judgesFaults)

    it.effect("the sandbox is judged as over sockets", () =>
      Effect.gen(function* () {
        const { url } = yield* Sandbox.Sandbox
        for (const path of ["/exchange/status", "/markets?limit=3", "/portfolio/balance"]) {
          yield* HttpClient.get(url + path)
        }
        const { exchanges, violations } = Recorder.take()
        assert.deepStrictEqual(
          exchanges.map(({ status }) => status),
          [200, 200, 401]
        )
        assert.strictEqual(Contract.format(violations), "")
      })
    )
  }
)
