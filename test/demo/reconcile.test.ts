import { Control, Sandbox } from "@effect-kalshi/sandbox"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Contracts, Dollars } from "effect-kalshi"
import * as Compare from "../../examples/src/demo/Compare.ts"
import * as Expected from "../../examples/src/demo/Expected.ts"
import * as Files from "../../examples/src/demo/Files.ts"
import * as Lists from "../../examples/src/demo/Lists.ts"
import * as Reconcile from "../../examples/src/demo/Reconcile.ts"

const layer = Layer.merge(
  Sandbox.layerInMemory({ history: { fills: 300, orders: 120, settlements: 12 } }),
  NodeServices.layer
)

/** Writes these rows and compares them with the truth, or what an engine that is wrong takes for it. */
const reconcile = Effect.fn(function* (
  change: (rows: Expected.Rows) => Expected.Rows,
  mistake: (truth: Control.Truth) => Control.Truth = (truth) => truth
) {
  const files = yield* FileSystem.FileSystem
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  const directory = yield* files.makeTempDirectoryScoped()
  const truth = mistake(yield* control.truth(account))
  const rows = change(Expected.rows(truth))
  const write = <A>(list: Lists.List<A>, all: ReadonlyArray<A>) =>
    Effect.forEach(Files.formats, (format) =>
      Files.write(list, format, `${directory}/${Files.nameOf(list, format)}`, Stream.fromIterable(all))
    )
  yield* write(Lists.fills, rows.fills)
  yield* write(Lists.orders, rows.orders)
  yield* write(Lists.settlements, rows.settlements)
  yield* write(Lists.marketPositions, rows.marketPositions)
  yield* write(Lists.eventPositions, rows.eventPositions)
  const outcome = yield* Reconcile.withTruth({ directory, truth, audit: yield* control.audit })
  return { directory, outcome }
})

const wrongIn = (outcome: Reconcile.Outcome): ReadonlyArray<string> =>
  outcome.comparisons.filter(({ wrong }) => wrong > 0).map(({ file }) => file)

const wrongDerived = (outcome: Reconcile.Outcome): ReadonlyArray<string> =>
  outcome.derived.filter(({ wrong }) => wrong > 0).map(({ file }) => file)

const wrongMoney = (outcome: Reconcile.Outcome): ReadonlyArray<string> =>
  outcome.checks.filter(({ files, knows }) => files !== knows).map(({ what }) => what)

const said = (outcome: Reconcile.Outcome): ReadonlyArray<string> =>
  outcome.comparisons.flatMap((comparison) =>
    comparison.first.map((difference) => Compare.describe(comparison, difference))
  )

it.layer(layer)("reconciliation", (it) => {
  it.effect("agrees with itself", () =>
    Effect.gen(function* () {
      const { outcome } = yield* reconcile((rows) => rows)
      assert.deepStrictEqual(wrongIn(outcome), [])
      assert.deepStrictEqual(wrongMoney(outcome), [])
      assert.deepStrictEqual(wrongDerived(outcome), [])
      assert.isTrue(outcome.derived.every(({ rows }) => rows > 0))
      assert.isTrue(Reconcile.isClean(outcome))
      assert.deepStrictEqual(outcome.comparisons.map(({ rows }) => rows).slice(0, 6), [300, 300, 120, 120, 12, 12])
    })
  )

  it.effect("finds one micro-dollar in one fee, in the row and in the cash", () =>
    Effect.gen(function* () {
      const { outcome } = yield* reconcile((rows) => ({
        ...rows,
        fills: rows.fills.map((fill, index) =>
          index === 150 ? { ...fill, fee: Dollars.add(fill.fee ?? Dollars.zero, Dollars.micros(1)) } : fill
        )
      }))
      assert.deepStrictEqual(wrongIn(outcome), ["fills.ndjson", "fills.csv"])
      assert.deepStrictEqual(wrongMoney(outcome), ["Fees of all fills", "Cash at the end"])
      assert.match(said(outcome)[0] ?? "", /: fee is \d+ in fills\.ndjson, \d+ in the sandbox$/)
    })
  )

  it.effect("finds a row that is missing, one that is there twice and one that nobody knows", () =>
    Effect.gen(function* () {
      const { outcome } = yield* reconcile((rows) => ({
        ...rows,
        fills: rows.fills.slice(1),
        orders: [...rows.orders, ...rows.orders.slice(-1)],
        settlements: rows.settlements.map((row, index) => (index === 0 ? { ...row, ticker: "KXNOBODY" } : row))
      }))
      const words = said(outcome).join("\n")
      assert.match(words, /: in the sandbox, not in fills\.csv/)
      assert.match(words, /: more than once in orders\.ndjson/)
      assert.match(words, /KXNOBODY\/.*: in settlements\.csv, not in the sandbox/)
      assert.isFalse(Reconcile.isClean(outcome))
    })
  )

  it.effect("finds in the settlement file what the cash does not account for", () =>
    Effect.gen(function* () {
      const { outcome } = yield* reconcile((rows) => ({
        ...rows,
        settlements: rows.settlements.map((row, index) =>
          index === 3 ? { ...row, revenue: Dollars.add(row.revenue, Dollars.cents(1)) } : row
        )
      }))
      assert.deepStrictEqual(wrongMoney(outcome), ["Revenue, in the wire's whole cents", "Cash at the end"])
      const dropped = yield* reconcile((rows) => ({
        ...rows,
        settlements: rows.settlements.filter(({ revenue }, index) => index > 5 || revenue === 0)
      }))
      assert.include(wrongMoney(dropped.outcome), "Cash at the end")
    })
  )

  for (const [what, file, mistake] of [
    [
      "an open position that is lost",
      "market_positions.ndjson",
      (truth) => {
        const lost = truth.positions.find(({ position }) => position !== 0)
        return { ...truth, positions: truth.positions.filter((view) => view !== lost) }
      }
    ],
    [
      "a position of the wrong sign",
      "market_positions.ndjson",
      (truth) => ({
        ...truth,
        positions: truth.positions.map((view) => ({ ...view, position: Contracts.negate(view.position) }))
      })
    ],
    [
      "a wrong fee of a settlement",
      "settlements.ndjson",
      (truth) => ({
        ...truth,
        settlements: truth.settlements.map((view, index) =>
          index === 5 ? { ...view, fees: Dollars.add(view.fees, Dollars.micros(1)) } : view
        )
      })
    ],
    [
      "a wrong count of a settlement",
      "settlements.ndjson",
      (truth) => ({
        ...truth,
        settlements: truth.settlements.map((view, index) =>
          index === 5 ? { ...view, noCount: Contracts.add(view.noCount, Contracts.of(0.01)) } : view
        )
      })
    ],
    [
      "an order that is lost",
      "orders.ndjson",
      (truth) => {
        const lost = truth.orders.find(({ filled }) => filled !== 0)
        return { ...truth, orders: truth.orders.filter((view) => view !== lost) }
      }
    ],
    [
      "an order that was filled by less",
      "orders.ndjson",
      (truth) => {
        const less = truth.orders.find(({ filled }) => filled > 1)
        return {
          ...truth,
          orders: truth.orders.map((view) =>
            view === less ? { ...view, filled: Contracts.subtract(view.filled, Contracts.of(0.01)) } : view
          )
        }
      }
    ]
  ] satisfies ReadonlyArray<readonly [string, string, (truth: Control.Truth) => Control.Truth]>) {
    it.effect(`finds ${what} by the sandbox itself, from the fills`, () =>
      Effect.gen(function* () {
        const { outcome } = yield* reconcile((rows) => rows, mistake)
        // the files have what the sandbox says
        assert.deepStrictEqual(wrongIn(outcome), [])
        assert.deepStrictEqual(wrongDerived(outcome), [file])
        assert.isFalse(Reconcile.isClean(outcome))
      })
    )
  }

  it.effect("finds what differs between two files where nobody tells the truth", () =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const { directory } = yield* reconcile((rows) => rows)
      assert.isTrue(Reconcile.isClean(yield* Reconcile.withEachOther(directory)))
      const path = `${directory}/orders.csv`
      const text = yield* files.readFileString(path)
      yield* files.writeFileString(path, text.slice(0, text.lastIndexOf("\r\n", text.length - 3) + 2))
      const outcome = yield* Reconcile.withEachOther(directory)
      assert.deepStrictEqual(wrongIn(outcome), ["orders.csv"])
      assert.match(said(outcome)[0] ?? "", /: in orders\.ndjson, not in orders\.csv$/)
    })
  )

  for (const [how, end] of [
    ["a failure", Stream.fail("line broke")],
    ["an interruption", Stream.never]
  ] as const) {
    it.effect(`leaves no half of a file after ${how}`, () =>
      Effect.gen(function* () {
        const files = yield* FileSystem.FileSystem
        const directory = yield* files.makeTempDirectoryScoped()
        const path = `${directory}/fills.csv`
        const part = files.exists(`${path}.part`).pipe(Effect.repeat({ until: (exists) => exists }))
        yield* files.writeFileString(path, "what was there before")
        const rows = Stream.concat(Stream.fromIterable(Expected.rows(yield* truthOf).fills), end)
        const writing = yield* Effect.forkChild(Files.write(Lists.fills, "csv", path, rows))
        if (how === "an interruption") yield* Effect.andThen(part, Fiber.interrupt(writing))
        assert.isTrue(Exit.isFailure(yield* Fiber.await(writing)))
        assert.deepStrictEqual(yield* files.readDirectory(directory), ["fills.csv"])
        assert.strictEqual(yield* files.readFileString(path), "what was there before")
      })
    )
  }
})

const truthOf = Effect.gen(function* () {
  const control = yield* Control.Control
  return yield* control.truth((yield* Sandbox.Sandbox).account)
})
