/** The examples that need PostgreSQL. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { inject } from "vitest"
import * as Program from "../demo/Program.ts"

/** What each of those has to say that need PostgreSQL. */
const saysWithPostgres: Readonly<Record<string, ReadonlyArray<RegExp>>> = {
  fleet: [
    /^worker ([AB]) is killed in the middle of \w+ at [1-9]/m,
    // what was begun by one and finished by the other went on where it was
    /^\w+ +(?:A +B|B +A) +resumed +2000 +[0-9a-f]{12} +the same$/m,
    /(?:^(?:alice|bob|carol|dave|erin|frank) +[AB] +[AB] +(?:begun|resumed) +2000 +[0-9a-f]{12} +the same\n){6}$/m
  ]
}

const postgres = inject("postgres")

const check = Effect.fnUntraced(function* (
  name: string,
  expected: ReadonlyArray<RegExp>,
  env: Readonly<Record<string, string>>
) {
  const { code, err, out } = yield* Program.run("run.js", [name], env)
  assert.strictEqual(code, 0, `${name}: ${err}`)
  assert.strictEqual(err, "", name)
  for (const words of expected) assert.match(out, words, name)
})

const PATIENCE = 120_000

for (const [name, expected] of Object.entries(saysWithPostgres)) {
  it.live.skipIf(postgres === undefined)(
    `${name} does what it says, where PostgreSQL answers`,
    () => check(name, expected, { DATABASE_URL: postgres ?? "" }),
    PATIENCE
  )
}
