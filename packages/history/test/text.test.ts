import { HistorySink } from "@effect-kalshi/history"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { beside, folder, run } from "./Files.ts"

describe("HistorySink.text", () => {
  it.effect("writes all of a text or none of it", () =>
    Effect.gen(function* () {
      const { path, remove } = folder("text")
      yield* Effect.addFinalizer(() => Effect.sync(remove))
      const file = Path.join(path, "new", "page.html")
      const pieces = Stream.fromArrays(["é", "🙂\n"], ["end"])
      assert.strictEqual(yield* run(Stream.run(pieces, HistorySink.text(file))), 10)
      assert.strictEqual(Fs.readFileSync(file, "utf8"), "é🙂\nend")
      const broken = Stream.concat(Stream.succeed("half"), Stream.fail("no more"))
      assert.strictEqual(yield* Effect.flip(run(Stream.run(broken, HistorySink.text(file)))), "no more")
      assert.strictEqual(Fs.readFileSync(file, "utf8"), "é🙂\nend")
      assert.deepStrictEqual(beside(file), ["page.html"])
      const error = yield* Effect.flip(run(Stream.run(Stream.succeed("a"), HistorySink.text(path))))
      assert.strictEqual(error.reason._tag, "NotAFile")
    }).pipe(Effect.scoped)
  )
})
