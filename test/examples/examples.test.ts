import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as NodeFs from "node:fs"
import * as Program from "../demo/Program.ts"
import { check, PATIENCE } from "./check.ts"

const source = (name: string): string =>
  NodeFs.readFileSync(new URL(`../../examples/src/${name}.ts`, import.meta.url), "utf8")

/** What each example has to say. */
const says: Readonly<Record<string, ReadonlyArray<RegExp>>> = {
  first: [/^Filled 10\.00 of 10 contracts$/m, /^KXHIGHNY-26DEC31-T40 10\.00 at 0\.4300$/m],
  batch: [
    /^Resting: 10\.00 rest/m,
    /^PostOnlyCross, not-applied/m,
    /^AlreadyCancelled: 10\.00 of .*\nCancelled: 10\.00 of .*\nCancelled: 10\.00 of .*$/m
  ],
  errors: [
    /^Too dear: insufficient balance/m,
    /^There is no such market\.$/m,
    /^InvalidInput after 0 attempts: .*nothing was sent$/m,
    /^Resting under example-errors-1$/m,
    /^Resting once, under example-errors-1$/m,
    /^ClientOrderIdReused: retryable false, outcome not-applied$/m
  ],
  "export-fills": [/^out\/fills\.ndjson: 1200 fills, [\d.]+ contracts, \$[\d.]+ in fees$/m],
  preview: [/^ {2}ask 0\.6160 × 100\.00$/m, /^fees: quadratic_with_maker_fees × 1$/m, /^holding 25 yes: opens 0\.00/m],
  recover: [
    /^the first program ends, and does not know whether it has an order$/m,
    /^the next one finds decision-1: applied, Cancelled since$/m
  ],
  "two-accounts": [/^Alice: Resting$/m, /^Bob: Filled$/m, /^Alice has \$170\.0000, Bob \$28\.5300$/m],
  archive: [
    /^2024 {4}bid 32\.00 at 0\.4300, fee not recorded$/m,
    /^2026-01 bid 5\.00 at 0\.4350, fee not recorded$/m,
    /^ {2}later\.ndjson, line 2: it is not JSON: it breaks off$/m,
    /^today {3}bid 2\.50 at 0\.4310, fee 0\.0429$/m
  ],
  legacy: [
    /^today:\n {2}Resting, then 10\.00 taken off the book\n {2}a quarter of a contract: Resting$/m,
    /^2\.0\.0:\n {2}Resting, then 10\.00 taken off the book\n {2}a quarter of a contract: count: the wire of 2\.0\.0 counts whole contracts, and this is 0\.25; /m
  ],
  "in-memory": [/^Requests: 2, orders: 1, fills: 1$/m, /^Cash after settlement: \$105\.5284$/m]
}

/** Those that need PostgreSQL, and are run with it among the long tests. */
const withPostgres = ["fleet"]

const names = [...Object.keys(says), ...withPostgres]

it.live(
  "every example runs against a sandbox with one command",
  () =>
    Effect.forEach(Object.entries(says), ([name, expected]) => check(name, expected), {
      concurrency: 3,
      discard: true
    }),
  PATIENCE
)

for (const name of withPostgres) {
  it.live(`${name} says what it needs where none answers`, () =>
    Effect.gen(function* () {
      const { code, err, out } = yield* Program.run("run.js", [name], { DATABASE_URL: "postgres://127.0.0.1:1/none" })
      assert.deepStrictEqual([code, out], [1, ""])
      assert.match(err, /^no PostgreSQL answers at 127\.0\.0\.1:1: set DATABASE_URL, or start one, .+\n$/)
    })
  )
}

it.live("without a name the examples are listed, all of them", () =>
  Effect.gen(function* () {
    const { code, out } = yield* Program.run("run.js", [])
    assert.strictEqual(code, 0)
    const listed = Array.from(out.matchAll(/^ {2}(\S+)/gm), ([, name]) => name)
    assert.deepStrictEqual(listed.toSorted(), names.toSorted())
  })
)

it.live("a name that is none is refused", () =>
  Effect.gen(function* () {
    const { code, err } = yield* Program.run("run.js", ["nobody"])
    assert.strictEqual(code, 1)
    assert.match(err, /^There is no example nobody/)
  })
)

it("the first program has 20 lines at most", () => {
  assert.isAtMost(source("first").trimEnd().split("\n").length, 20)
})

it("an example is 20 to 120 lines long", () => {
  for (const name of names) {
    if (name !== "first") assert.isAtMost(source(name).split("\n").length, 120, name)
  }
})
