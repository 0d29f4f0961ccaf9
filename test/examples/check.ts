/** What an example says, which the tests of all of them share. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Program from "../demo/Program.ts"

// a dozen and more processes, on machines that do other things too
export const PATIENCE = 120_000

/** Runs an example, which has to say all of this, and nothing on standard error. */
export const check = Effect.fnUntraced(function* (
  name: string,
  expected: ReadonlyArray<RegExp>,
  env: Readonly<Record<string, string>> = {}
) {
  const { code, err, out } = yield* Program.run("run.js", [name], env)
  assert.strictEqual(code, 0, `${name}: ${err}`)
  assert.strictEqual(err, "", name)
  for (const words of expected) assert.match(out, words, name)
})
