/** Processes that share a budget in Redis, each as a store of its own, on real time. */
import { assert, describe, it } from "@effect/vitest"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Redis from "effect/persistence/Redis"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as remotes from "../../src/limits/redis.ts"
import * as shared from "../../src/limits/shared.ts"
import type { Budget } from "../../src/limits/Service.ts"
import type { Answer, Ask, Store } from "../../src/limits/Store.ts"
import * as Server from "./Redis.ts"

const budget: Budget = { read: { refill: 100, capacity: 100 }, write: { refill: 1_000, capacity: 1_000 } }
// so slow that nothing of it comes back within a test
const slow: Budget = { read: { refill: 0.001, capacity: 300 }, write: { refill: 0.001, capacity: 300 } }

const process = (layer: Server.Way["layer"], account: string, options: Partial<shared.Options> = {}) =>
  shared
    .make({ account, redis: layer, prefix: "test:", budget, headroom: 0, processes: 1, ...options })
    .pipe(Effect.provide(SecureRandom.layerWebCrypto))

const writes = (tokens: number, claim = "a", lane: Ask["lane"] = "order"): Ask => ({
  claim,
  lane,
  tokens,
  buckets: ["write"]
})

const isGranted = ({ granted }: Answer): boolean => granted

/** Asks until it is granted. */
const taken = (store: Store, ask: Ask) =>
  store.ask(ask).pipe(
    Effect.tap((answer) => (answer.granted ? Effect.void : store.rest(answer.wait))),
    Effect.repeat({ until: isGranted })
  )

const eventually = <A, E>(effect: Effect.Effect<A, E>, is: (value: A) => boolean) =>
  effect.pipe(Effect.repeat({ until: is, schedule: Schedule.spaced("20 millis") }), Effect.timeout("5 seconds"))

const learned: Budget = { ...budget, read: { refill: 100, capacity: 200 } }

/** As Redis does when it is started again. */
const forget = (account: string) =>
  Redis.Redis.use(({ send }) => Effect.orDie(send("DEL", ...remotes.keysOf("test:", account))))

const isIn = (mode: string) => (seen: { readonly mode: string }) => seen.mode === mode

describe.skipIf(Server.url === undefined)("a budget in Redis", () => {
  it.live("is one for all", () =>
    Effect.gen(function* () {
      const account = Server.account()
      const one = yield* process(Server.layer, account)
      const two = yield* process(Server.layer, account)
      const other = yield* process(Server.layer, Server.account())
      assert.deepInclude(yield* one.mode, { mode: "shared" })
      yield* taken(one, writes(1_000))
      assert.deepInclude(yield* two.ask(writes(1_000)), { granted: false })
      // of another account, and as old: who is alone at first has half the pace
      assert.isTrue(isGranted(yield* other.ask(writes(450))))
      const { processes } = yield* eventually(one.mode, ({ processes }) => processes === 2)
      assert.strictEqual(processes, 2)
    }).pipe(Effect.scoped)
  )

  it.live("is learned by one for all, and what is in the buckets stays", () =>
    Effect.gen(function* () {
      const account = Server.account()
      const one = yield* process(Server.layer, account)
      const two = yield* process(Server.layer, account)
      yield* taken(one, writes(1_000))
      yield* one.learn(slow)
      yield* two.ask(writes(1))
      assert.strictEqual(yield* two.largest("write", "order"), 300)
      const levels = yield* two.levels
      assert.isBelow(levels.find(({ name }) => name === "write")?.tokens ?? Infinity, 100)
      // who comes later has nothing either
      const three = yield* process(Server.layer, account)
      assert.deepInclude(yield* three.ask(writes(200)), { granted: false })
      assert.strictEqual(yield* three.largest("write", "order"), 300)
    }).pipe(Effect.scoped)
  )

  it.live("serves who came first, and cancels before, whichever process they are of", () =>
    Effect.gen(function* () {
      const account = Server.account()
      const [one, two, three] = [
        yield* process(Server.layer, account),
        yield* process(Server.layer, account),
        yield* process(Server.layer, account)
      ]
      yield* taken(one, writes(1_000))
      const order: Array<string> = []
      const at = new Map<string, number>()
      const began = performance.now()
      const take = (store: Store, ask: Ask, name: string) =>
        Effect.andThen(
          taken(store, ask),
          Effect.sync(() => {
            at.set(name, performance.now() - began)
            order.push(name)
          })
        )
      yield* Effect.all(
        [
          take(one, writes(500, "a"), "first"),
          Effect.delay(take(two, writes(10, "a"), "second"), "40 millis"),
          Effect.delay(take(three, writes(300, "a", "cancel"), "cancel"), "80 millis")
        ],
        { concurrency: "unbounded" }
      )
      assert.strictEqual(order[0], "cancel")
      // 810 tokens are there after as many milliseconds: the second goes when there is enough for the first as well
      assert.isAbove(at.get("second") ?? 0, 750)
      assert.isAbove(at.get("first") ?? 0, 750)
    }).pipe(Effect.scoped)
  )

  it.live("does not wait for a claim whose process is gone", () =>
    Effect.gen(function* () {
      const account = Server.account()
      const one = yield* process(Server.layer, account)
      const life = yield* Scope.make()
      const gone = yield* Scope.provide(process(Server.layer, account), life)
      yield* taken(one, writes(1_000))
      assert.deepInclude(yield* gone.ask(writes(1_000, "a", "cancel")), { granted: false })
      yield* Scope.close(life, Exit.void)
      const began = performance.now()
      yield* taken(one, writes(100))
      // its claim stands for a second, or until there is enough for both
      assert.isBelow(performance.now() - began, 1_500)
    }).pipe(Effect.scoped)
  )

  it.live("takes back what was not sent, and is empty after a 429", () =>
    Effect.gen(function* () {
      const account = Server.account()
      const one = yield* process(Server.layer, account)
      yield* taken(one, writes(1_000))
      yield* one.learn(slow)
      yield* one.learn({ ...slow, write: { refill: 1_000, capacity: 1_000 } })
      const grant = yield* taken(one, writes(500))
      if (!grant.granted) return assert.fail("not granted")
      yield* grant.giveBack
      const again = yield* one.ask(writes(450))
      if (!again.granted) return assert.fail("nothing was given back")
      yield* grant.refused
      const answer = yield* one.ask(writes(1, "b"))
      if (answer.granted) return assert.fail("it was not emptied")
      assert.isAbove(answer.wait, 900)
      assert.isTrue(isGranted(yield* taken(one, writes(2, "c", "cancel"))))
    }).pipe(Effect.scoped)
  )

  it.live("starts without Redis, takes its part, and shares when there is one", () =>
    Effect.gen(function* () {
      const way = yield* Server.way
      yield* way.cut
      const store = yield* process(way.layer, Server.account(), { processes: 4 })
      assert.deepStrictEqual(yield* store.mode, { mode: "apart", processes: 4 })
      yield* taken(store, writes(2, "c", "cancel"))
      yield* way.mend
      yield* eventually(store.mode, isIn("shared"))
    }).pipe(Effect.scoped)
  )

  for (const fault of ["cut", "hold"] as const) {
    it.live(`ends in time while Redis is ${fault === "cut" ? "gone" : "silent"}`, () =>
      Effect.gen(function* () {
        const way = yield* Server.way
        const life = yield* Scope.make()
        const store = yield* Scope.provide(process(way.layer, Server.account()), life)
        yield* way[fault]
        yield* eventually(store.mode, isIn("apart"))
        yield* store.ask(writes(1))
        const began = performance.now()
        yield* Scope.close(life, Exit.void)
        assert.isBelow(performance.now() - began, 2_000)
        if (fault === "hold") yield* way.cut
        yield* way.mend
      }).pipe(Effect.scoped)
    )
  }

  for (const fault of ["cut", "hold"] as const) {
    it.live(
      `is a part for each while Redis is ${fault === "cut" ? "gone" : "silent"}, and one again when it is back`,
      () =>
        Effect.gen(function* () {
          const said: Array<string> = []
          const logger = Logger.make(({ message }) => {
            said.push(String(message))
          })
          yield* Effect.gen(function* () {
            const account = Server.account()
            const way = yield* Server.way
            const stores = yield* Effect.forEach([1, 2, 3, 4], () => process(way.layer, account))
            yield* Effect.forEach(stores, (store) => eventually(store.mode, ({ processes }) => processes === 4))
            yield* Effect.forEach(stores, (store) => store.learn(learned))
            const before = performance.now()
            yield* way[fault]
            // a cancel waits for tokens of its part, and not for Redis
            yield* Effect.forEach(stores, (store) => taken(store, writes(2, "c", "cancel")), { concurrency: 4 })
            assert.isBelow(performance.now() - before, 400)
            for (const store of stores) {
              assert.deepStrictEqual(yield* store.mode, { mode: "apart", processes: 4 })
              const [read, write] = yield* store.levels
              assert.deepInclude(read, { refill: 25, capacity: 50 })
              assert.deepInclude(write, { refill: 250, capacity: 250 })
              // who takes risk off may take more than the part, and waits for it
              assert.deepInclude(yield* store.ask(writes(500)), { granted: false })
              assert.strictEqual(yield* store.largest("write", "order"), 250)
              assert.strictEqual(yield* store.largest("write", "cancel"), 1_000)
            }
            yield* Effect.sleep("700 millis")
            if (fault === "hold") yield* way.cut
            else yield* Effect.provide(forget(account), Server.layer)
            yield* way.mend
            const back = performance.now()
            yield* Effect.forEach(stores, (store) => eventually(store.mode, isIn("shared")), { concurrency: 4 })
            assert.isBelow(performance.now() - back, 2_000)
            assert.strictEqual(said.filter((line) => line.includes("takes 1/4 of the budget")).length, 4)
            assert.strictEqual(said.filter((line) => line.includes("is shared")).length, 4)
            // what was spent apart is not known: buckets are empty when the first one is back
            const [, write] = yield* (stores[0] ?? assert.fail("no store")).levels
            assert.isBelow(write?.tokens ?? Infinity, Math.min(999, performance.now() - back))
            yield* Effect.forEach(stores, (store) => eventually(store.mode, ({ processes }) => processes === 4))
            // also where Redis had forgotten it
            const [read] = yield* (stores[3] ?? assert.fail("no store")).levels
            assert.deepInclude(read, learned.read)
          }).pipe(Effect.scoped, Effect.provide(Logger.layer([logger])))
        })
    )
  }
})
