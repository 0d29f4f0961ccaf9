import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as pages from "../src/service/pages.ts"

interface Page {
  readonly items: ReadonlyArray<string>
  readonly cursor?: string | undefined
}

/** A list of pages by the cursor that asks for them, and what was asked. */
const list = (byCursor: Readonly<Record<string, Page>>, options?: { readonly cursor?: string }) => {
  const asked: Array<string> = []
  const stream = pages.stream<string, string, string, never>({
    page: (cursor = "first") =>
      Effect.suspend(() => {
        asked.push(cursor)
        const page = byCursor[cursor]
        return page === undefined ? Effect.fail(`no page ${cursor}`) : Effect.succeed(page)
      }),
    key: (item) => item,
    stuck: () => "stuck",
    cursor: options?.cursor
  })
  return { asked, stream }
}

describe("pages", () => {
  it.effect("follows the cursor to its end", () =>
    Effect.gen(function* () {
      const { asked, stream } = list({
        first: { items: ["a", "b"], cursor: "2" },
        2: { items: ["c"], cursor: "3" },
        3: { items: ["d"] }
      })
      assert.deepStrictEqual(yield* Stream.runCollect(stream), ["a", "b", "c", "d"])
      assert.deepStrictEqual(asked, ["first", "2", "3"])
    })
  )

  it.effect("begins where it is told to", () =>
    Effect.gen(function* () {
      const { asked, stream } = list({ 2: { items: ["c"] } }, { cursor: "2" })
      assert.deepStrictEqual(yield* Stream.runCollect(stream), ["c"])
      assert.deepStrictEqual(asked, ["2"])
    })
  )

  it.effect("an empty list is an empty stream", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* Stream.runCollect(list({ first: { items: [] } }).stream), [])
    })
  )

  it.effect("goes on after empty pages that have a cursor", () =>
    Effect.gen(function* () {
      const { stream } = list({
        first: { items: [], cursor: "2" },
        2: { items: ["a"], cursor: "3" },
        3: { items: [], cursor: "4" },
        4: { items: [], cursor: "5" },
        5: { items: ["a", "b"], cursor: "6" },
        6: { items: [] }
      })
      assert.deepStrictEqual(yield* Stream.runCollect(stream), ["a", "b"])
    })
  )

  it.effect("drops what the two pages before already had, and nothing else", () =>
    Effect.gen(function* () {
      const { stream } = list({
        first: { items: ["a", "b", "c"], cursor: "2" },
        2: { items: ["c", "c", "d"], cursor: "3" },
        3: { items: ["b", "d", "e"], cursor: "4" },
        4: { items: ["a", "e", "f"] }
      })
      // "a" was three pages ago: to keep every key would be to keep the whole list
      assert.deepStrictEqual(yield* Stream.runCollect(stream), ["a", "b", "c", "d", "e", "a", "f"])
    })
  )

  it.effect("a cursor that names itself is an error, after the items before it", () =>
    Effect.gen(function* () {
      const { asked, stream } = list({
        first: { items: ["a"], cursor: "2" },
        2: { items: ["b"], cursor: "2" }
      })
      const seen: Array<string> = []
      const error = yield* Effect.flip(Stream.runForEach(stream, (item) => Effect.sync(() => seen.push(item))))
      assert.strictEqual(error, "stuck")
      assert.deepStrictEqual(seen, ["a"])
      assert.strictEqual(asked.length, 2)
    })
  )

  for (const length of [2, 3, 7, 50]) {
    it.effect(`cursors in a circle of ${length} are an error`, () =>
      Effect.gen(function* () {
        const circle = Object.fromEntries(
          Array.from({ length }, (_, index): [string, Page] => [
            `c${index}`,
            { items: [`item ${index}`], cursor: `c${(index + 1) % length}` }
          ])
        )
        const { asked, stream } = list({ first: { items: [], cursor: "c0" }, ...circle })
        assert.strictEqual(yield* Effect.flip(Stream.runDrain(stream)), "stuck")
        assert.isAtMost(asked.length, 3 * length + 2)
      })
    )
  }

  it.effect("a long list is no circle", () =>
    Effect.gen(function* () {
      const length = 500
      const { stream } = list(
        Object.fromEntries(
          Array.from({ length }, (_, index): [string, Page] => [
            index === 0 ? "first" : `c${index}`,
            { items: [`item ${index}`], cursor: index + 1 < length ? `c${index + 1}` : undefined }
          ])
        )
      )
      assert.strictEqual(yield* Stream.runCount(stream), length)
    })
  )

  it.effect("an error comes after the items before it", () =>
    Effect.gen(function* () {
      const { stream } = list({ first: { items: ["a"], cursor: "gone" } })
      const seen: Array<string> = []
      assert.strictEqual(
        yield* Effect.flip(Stream.runForEach(stream, (item) => Effect.sync(() => seen.push(item)))),
        "no page gone"
      )
      assert.deepStrictEqual(seen, ["a"])
    })
  )

  it.effect("is one page ahead of its reader, and not two", () =>
    Effect.gen(function* () {
      const { asked, stream } = list({
        first: { items: ["a"], cursor: "2" },
        2: { items: ["b"], cursor: "3" },
        3: { items: ["c"], cursor: "4" },
        4: { items: ["d"] }
      })
      const gates = { a: yield* Deferred.make<void>(), b: yield* Deferred.make<void>() }
      const fiber = yield* Effect.forkChild(
        Stream.runForEach(stream, (item) => (item === "a" || item === "b" ? Deferred.await(gates[item]) : Effect.void))
      )
      for (let turn = 0; turn < 50; turn++) yield* Effect.yieldNow
      assert.deepStrictEqual(asked, ["first", "2"])
      yield* Deferred.succeed(gates.a, undefined)
      for (let turn = 0; turn < 50; turn++) yield* Effect.yieldNow
      assert.deepStrictEqual(asked, ["first", "2", "3"])
      yield* Deferred.succeed(gates.b, undefined)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(asked, ["first", "2", "3", "4"])
    })
  )

  it.effect("asks for nothing more than its reader and one page", () =>
    Effect.gen(function* () {
      const { asked, stream } = list({
        first: { items: ["a", "b"], cursor: "2" },
        2: { items: ["c"], cursor: "3" },
        3: { items: ["d"] }
      })
      assert.deepStrictEqual(yield* stream.pipe(Stream.take(1), Stream.runCollect), ["a"])
      assert.isAtMost(asked.length, 2)
    })
  )
})
