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
        const call = (said: Omit<remote.Call, "member" | "headroom">, learned = "") =>
          redis.eval(script)(
            keys,
            { ...said, member: "one", headroom: HEADROOM },
            JSON.stringify(smaller),
            learned,
            now
          )
        yield* call({ op: "hello" })
        const asked = new Map<string, number>()
        let last: { readonly answer: Answer & { readonly granted: true }; readonly said: remote.Call } | undefined

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
              if (answer.granted) last = { answer, said: { ...said, member: "one", headroom: HEADROOM } }
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

  it.effect("goes on where the clock of Redis is set back", () =>
    Effect.gen(function* () {
      const redis = yield* Redis.Redis
      const keys = remote.keysOf("test:", Server.account())
      const at = (now: number, said: Omit<remote.Call, "member" | "headroom">) =>
        redis.eval(script)(keys, { ...said, member: "one", headroom: 0 }, JSON.stringify(smaller), "", now)
      const ask = { op: "ask", claim: "a", rank: 1, tokens: 10, buckets: ["write"] } as const
      const HOUR = 3_600_000
      yield* at(HOUR, { op: "hello" })
      yield* at(HOUR + 1_000, { op: "refused", buckets: ["write"] })
      yield* at(HOUR + 1_000, { ...ask, claim: "of another process", rank: 0, tokens: 100 })
      // what was refused is quiet for a second at most, its pace back after ten, and a claim stands for one
      assert.strictEqual((yield* at(0, ask))[0], 0)
      assert.strictEqual((yield* at(1_500, ask))[0], 1)
      const [, , , , ...levels] = yield* at(20_000, { op: "levels" })
      assert.deepStrictEqual(levels, ["read", "60", "write", "100"])
    }).pipe(Effect.provide(Server.layer))
  )
})
