import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redis from "effect/persistence/Redis"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as memory from "../../src/limits/memory.ts"
import * as remote from "../../src/limits/redis.ts"
import type { Budget } from "../../src/limits/Service.ts"
import { type Answer, rank } from "../../src/limits/Store.ts"
import * as Server from "./Redis.ts"

const HEADROOM = 250
const smaller: Budget = { read: { refill: 20, capacity: 60 }, write: { refill: 100, capacity: 100 } }
const larger: Budget = { read: { refill: 90, capacity: 200 }, write: { refill: 300, capacity: 900 } }

const Step = Schema.Struct({
  op: Schema.Literals(["ask", "ask ", "ask  ", "withdraw", "giveBack", "refused", "learn"]),
  after: Schema.Literals([0, 1, 7, 20, 100, 450, 900]),
  claim: Schema.Literals(["a", "b", "c", "d"]),
  lane: Schema.Literals(["cancel", "order", "read"]),
  buckets: Schema.Literals(["read", "write", "write:1", "write write:1"]),
  tokens: Schema.Literals([1, 2, 10, 40, 60, 100, 300])
})

const Steps = Schema.Array(Step).check(Schema.isMinLength(10), Schema.isMaxLength(60))

type Said = Omit<remote.Call, "member" | "headroom" | "processes">

// the script on the clock of the test
const script = Redis.script(
  (keys: ReadonlyArray<string>, call: remote.Call, budget: string, learned: string, now: number) => [
    ...keys,
    JSON.stringify(call),
    budget,
    learned,
    now
  ],
  { numberOfKeys: 3, lua: remote.lua("tonumber(ARGV[4])") }
).withReturnType<remote.Reply>()

describe.skipIf(Server.url === undefined)("the script in Redis", () => {
  it.effect.prop(
    "does what the store in memory does",
    [Steps],
    ([steps]) =>
      Effect.gen(function* () {
        const store = yield* memory.make({ budget: smaller, headroom: HEADROOM })
        const redis = yield* Redis.Redis
        const keys = remote.keysOf("test:", Server.account())
        let now = yield* Clock.currentTimeMillis
        const call = (said: Omit<remote.Call, "member" | "headroom" | "processes">, learned = "") =>
          redis.eval(script)(
            keys,
            { ...said, member: "one", headroom: HEADROOM, processes: 1 },
            JSON.stringify(smaller),
            learned,
            now
          )
        yield* call({ op: "hello" })
        const asked = new Map<string, number>()
        let last: { readonly answer: Answer & { readonly granted: true }; readonly said: Said } | undefined

        for (const { after, buckets, claim, lane, op, tokens } of steps) {
          yield* TestClock.adjust(after)
          now += after
          // a claim lapses in Redis, since its process may have died
          for (const [claim, at] of asked) if (at + remote.LEASE < now) yield* store.withdraw(claim)
          const names = buckets.split(" ")
          switch (op) {
            case "withdraw":
              yield* store.withdraw(claim)
              yield* call({ op, claim })
              break
            case "learn":
              yield* store.learn(larger)
              yield* call({ op }, JSON.stringify(larger))
              break
            case "giveBack":
            case "refused":
              if (last === undefined) break
              yield* last.answer[op]
              yield* call({ op, buckets: last.said.buckets, tokens: last.said.tokens })
              break
            default: {
              const said = { op: "ask", claim, rank: rank(lane), tokens, buckets: names } as const
              const answer = yield* store.ask({ claim, lane, tokens, buckets: names })
              const [granted, number] = yield* call(said)
              assert.strictEqual(granted === 1, answer.granted)
              assert.closeTo(Number(number), answer.granted ? answer.left : answer.wait, 1e-6)
              asked.set(claim, now)
              if (answer.granted) last = { answer, said }
            }
          }
          const [, , , , ...pairs] = yield* call({ op: "levels" })
          const levels = yield* store.levels
          assert.strictEqual(pairs.length / 2, levels.length)
          for (const { name, tokens } of levels) {
            assert.closeTo(Number(pairs[pairs.indexOf(name) + 1]), tokens, 1e-6, name)
          }
        }
      }).pipe(Effect.provide(Server.layer)),
    { arbitrary: { runs: 100 } }
  )

  /** Calls of several processes on an account of the Basic tier, at instants of the test's choice. */
  const account = Effect.map(Redis.Redis, (redis) => {
    const keys = remote.keysOf("test:", Server.account())
    const at = (now: number, member: string, said: Said & { readonly processes?: number }, learned = "") =>
      redis.eval(script)(keys, { processes: 1, ...said, member, headroom: 0 }, JSON.stringify(smaller), learned, now)
    const ask = (now: number, member: string, tokens: number, bucket = "write") =>
      Effect.map(
        at(now, member, { op: "ask", claim: member, rank: 1, tokens, buckets: [bucket] }),
        ([granted]) => granted === 1
      )
    const write = (now: number, member: string) =>
      Effect.map(at(now, member, { op: "levels" }), ([, , , , ...levels]) =>
        Number(levels[levels.indexOf("write") + 1])
      )
    return { at, ask, write }
  })

  it.effect("goes on where the clock of Redis is set back", () =>
    Effect.gen(function* () {
      const { ask, at } = yield* account
      const HOUR = 3_600_000
      yield* at(HOUR, "one", { op: "hello" })
      yield* at(HOUR + 1_000, "one", { op: "refused", buckets: ["write"] })
      yield* at(HOUR + 1_000, "two", { op: "ask", claim: "two", rank: 0, tokens: 100, buckets: ["write"] })
      // what was refused is quiet for a second at most, its pace back after ten, and a claim stands for one
      assert.isFalse(yield* ask(0, "one", 10))
      assert.isTrue(yield* ask(1_500, "one", 10))
      const [, , , , ...levels] = yield* at(20_000, "one", { op: "levels" })
      assert.deepStrictEqual(levels, ["read", "60", "write", "100"])
    }).pipe(Effect.provide(Server.layer))
  )

  it.effect("adds nothing to a bucket that nobody has used when a larger budget is learned", () =>
    Effect.gen(function* () {
      const { ask, at } = yield* account
      yield* at(0, "one", { op: "hello" })
      yield* at(100_000, "one", { op: "learn" }, JSON.stringify(larger))
      // 100 that it held, and 300 a second
      assert.isFalse(yield* ask(101_000, "one", 401, "write:2"))
      assert.isTrue(yield* ask(101_000, "one", 400, "write:2"))
    }).pipe(Effect.provide(Server.layer))
  )

  it.effect("counts what one that was cut off alone has spent, once, and never below nothing", () =>
    Effect.gen(function* () {
      const { at, write } = yield* account
      yield* at(0, "one", { op: "hello", joins: true })
      yield* at(0, "two", { op: "hello", joins: true })
      yield* at(60_000, "two", { op: "hello" })
      assert.strictEqual(yield* write(60_000, "two"), 100)
      const back = { op: "hello", joins: true, apart: 59_900, processes: 2, spent: { write: 3_000 } } as const
      for (let times = 0; times < 7; times++) yield* at(60_000, "one", back)
      assert.strictEqual(yield* write(60_000, "two"), 0)
      assert.strictEqual(yield* write(61_000, "two"), 100)
    }).pipe(Effect.provide(Server.layer))
  )

  it.effect("takes no more of one that was away for a moment than has flowed in", () =>
    Effect.gen(function* () {
      const { at, write } = yield* account
      yield* at(0, "one", { op: "hello", joins: true })
      yield* at(0, "two", { op: "hello", joins: true })
      yield* at(60_000, "two", { op: "hello" })
      yield* at(60_000, "one", { op: "hello", joins: true, apart: 300, processes: 2 })
      assert.strictEqual(yield* write(60_000, "two"), 70)
      assert.strictEqual(yield* write(60_300, "two"), 100)
    }).pipe(Effect.provide(Server.layer))
  )

  it.effect("has an empty bucket after an outage, whoever is first, and the share of those who are back", () =>
    Effect.gen(function* () {
      const { ask, at, write } = yield* account
      for (const member of ["a", "b", "c", "d"]) yield* at(0, member, { op: "hello", joins: true })
      for (const member of ["a", "b", "c", "d"]) yield* at(10_000, member, { op: "hello" })
      // a program that starts finds full buckets, and nobody whom it could ask
      const [, , processes] = yield* at(40_000, "new", { op: "hello", joins: true })
      assert.strictEqual(processes, 5)
      assert.isFalse(yield* ask(40_000, "new", 1))
      assert.strictEqual(yield* write(41_000, "new"), 20)
      const back = { op: "hello", joins: true, apart: 31_000, processes: 4, spent: { write: 775 } } as const
      yield* at(41_000, "a", back)
      // two of five
      assert.strictEqual(yield* write(42_000, "new"), 60)
      yield* ask(42_000, "new", 60)
      for (const member of ["b", "c", "d"]) yield* at(42_000, member, back)
      assert.strictEqual(yield* write(42_500, "new"), 50)
      // what is missing is given up after a while
      yield* ask(42_500, "new", 50)
      assert.strictEqual((yield* at(50_000, "new", { op: "hello" }))[2], 1)
    }).pipe(Effect.provide(Server.layer))
  )
})
