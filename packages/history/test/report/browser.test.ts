/** The page as a browser shows it; its pictures are in `out/report`. */
import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Report from "@effect-kalshi/history/Report"
import * as numbers from "../../src/report/numbers.ts"
import * as select from "../../src/report/select.ts"
import * as Browser from "./Browser.ts"
import * as measure from "./measure.ts"
import * as Samples from "./Samples.ts"
import { amountOf } from "./Text.ts"

const CHARTS = [
  "equity",
  "profit-by-month",
  "profit-by-series",
  "fees-by-month",
  "fees-by-series",
  "win-rate",
  "exposure"
]

const DESKTOP: Browser.Look = { width: 1280 }
const PHONE: Browser.Look = { width: 390 }

const quiet = ({ asked, said }: Browser.Open, address: string): void => {
  assert.deepStrictEqual(asked, [address])
  assert.deepStrictEqual(said, [])
}

const marksOf = (charts: ReadonlyArray<measure.Seen>, id: string, series = 0): ReadonlyArray<measure.Mark> => {
  const chart = charts.find((each) => each.id.startsWith(`${id}-`) && CHARTS.includes(id))
  return (chart?.marks ?? []).filter((mark) => mark.series === series).toSorted((a, b) => a.index - b.index)
}

/** Bars are as long as their amounts are large, to a pixel. */
const proportional = (lengths: ReadonlyArray<number>, amounts: ReadonlyArray<bigint>): void => {
  assert.strictEqual(lengths.length, amounts.length)
  const largest = Math.max(...amounts.map((amount) => Math.abs(Number(amount))))
  const longest = Math.max(...lengths)
  assert.isAbove(longest, 40)
  for (const [index, amount] of amounts.entries()) {
    assert.closeTo(lengths[index] ?? NaN, (Math.abs(Number(amount)) / largest) * longest, 1.2)
  }
}

const seriesAmounts = (data: Report.Data, key: "profit" | "fees", limit: number): ReadonlyArray<bigint> => {
  const by = {
    amount: (each: Report.SeriesResult) => BigInt(each[key]),
    name: ({ series }: Report.SeriesResult) => series
  }
  return select.top(data.series, limit, by).kept.map(by.amount)
}

/** Everything that a chart shows is drawn, and as large as the data. */
const drawn = (data: Report.Data, charts: ReadonlyArray<measure.Seen>, width: number): void => {
  assert.deepStrictEqual(
    charts.map(({ id }) => id.replace(/-(wide|narrow)$/, "")),
    CHARTS
  )
  for (const { height, id, left, outside, right, smallest } of charts) {
    assert.isAbove(height, 80, id)
    assert.isTrue(left >= 0 && right <= width, id)
    assert.deepStrictEqual(outside, [], id)
    assert.isAtLeast(smallest, width < 360 || width === 780 ? 10 : 11, id)
  }
  const line = charts[0]?.line
  // of more points than there are pixels, those that lie on one another are left out
  const points = data.equity.points.length
  if (points < 400) assert.strictEqual(line?.points, points)
  assert.isAtLeast(line?.points ?? 0, Math.min(points, 300))
  assert.isAbove(line?.width ?? 0, Math.min(width, 500) * 0.5)
  assert.isAbove(line?.height ?? 0, 60)
  assert.isAbove(charts[0]?.hits ?? 0, 30)
  const [first, last] = [data.equity.points[0]?.at ?? 0, data.equity.points.at(-1)?.at ?? 0]
  const flows = data.fundings.filter(({ at }) => at >= first && at <= last)
  assert.lengthOf(marksOf(charts, "equity", 2), flows.filter(({ amount }) => amount > 0).length)
  assert.lengthOf(marksOf(charts, "equity", 3), flows.filter(({ amount }) => amount < 0).length)
  const months = select.everyMonth(data.months)
  for (const key of ["profit", "fees"] as const) {
    const columns = marksOf(charts, `${key}-by-month`)
    proportional(
      columns.map(({ height }) => height),
      months.map((month) => BigInt(month[key]))
    )
    const bars = marksOf(charts, `${key}-by-series`)
    proportional(
      bars.map((bar) => bar.width),
      seriesAmounts(data, key, 14)
    )
  }
  const traded = select.everyPrice(data.prices).filter(({ lots }) => lots > 0)
  assert.isAbove(traded.length, 5)
  const won = marksOf(charts, "win-rate")
  assert.deepStrictEqual(
    won.map(({ index }) => index),
    traded.map(({ from }) => from / 100_000)
  )
  proportional(
    won.map(({ height }) => height),
    traded.map(({ lots, wins }) => BigInt(Math.round((wins / lots) * 1e6)))
  )
  assert.lengthOf(marksOf(charts, "win-rate", 2), traded.length)
  assert.lengthOf(marksOf(charts, "exposure"), data.exposures.length > 12 ? 11 : data.exposures.length)
  for (const { marks } of charts) {
    assert.isTrue(marks.every((mark) => mark.left >= 0 && mark.left + mark.width <= width + 1))
  }
}

/** The parts of a table add up to its last row, exactly. */
const adds = (table: measure.Table): void => {
  for (const [index, head] of table.head.entries()) {
    const cells = table.rows.map((row) => row[index] ?? "")
    if (!["Profit", "Fees", "Volume", "Cost", "Amount"].includes(head) || table.total === undefined) continue
    assert.strictEqual(
      numbers.sum(cells.map(amountOf)),
      amountOf(table.total[index] ?? ""),
      `${table.caption}: ${head}`
    )
    // so that they stand one below the other
    assert.lengthOf(new Set([...cells, table.total[index] ?? ""].map((cell) => cell.split(".")[1]?.length)), 1)
  }
}

describe.skipIf(Browser.program === undefined)("Report in a browser", () => {
  layer(Browser.layer)((it) => {
    it.effect("shows a year on a wide screen", () =>
      Effect.gen(function* () {
        const address = Browser.write("sample", Samples.year)
        const open = yield* Browser.open(address, DESKTOP)
        drawn(Samples.year, yield* open.run<ReadonlyArray<measure.Seen>>(measure.charts), 1280)
        assert.deepStrictEqual(yield* open.run(measure.faint), [])
        assert.deepStrictEqual(yield* open.run(measure.ground), [255, 255, 255])
        yield* open.picture("desktop")
        // and on what is between that and a phone
        for (const width of [600, 779, 780, 1000]) {
          yield* open.resize(width)
          assert.isAtMost(yield* open.run<number>(measure.overflow), 0)
          drawn(Samples.year, yield* open.run<ReadonlyArray<measure.Seen>>(measure.charts), width)
        }
        yield* open.resize(1280)
        // what a mark says, beside the mouse
        const tip = `(() => {
          const mark = document.querySelector("#profit-by-month-wide .mark")
          const { height, left, top, width } = mark.getBoundingClientRect()
          mark.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: left + width / 2, clientY: top + height / 2 }))
          const { hidden, textContent } = document.getElementById("tip")
          return [hidden, textContent]
        })()`
        const month = select.everyMonth(Samples.year.months)[0]
        assert.deepStrictEqual(yield* open.run(tip), [
          false,
          `Dec 2025\nProfit ${numbers.exact(BigInt(month?.profit ?? 0), "always")}`
        ])
        quiet(open, address)
      })
    )

    it.effect("shows a year on a phone", () =>
      Effect.gen(function* () {
        const address = Browser.write("sample", Samples.year)
        const open = yield* Browser.open(address, PHONE)
        drawn(Samples.year, yield* open.run<ReadonlyArray<measure.Seen>>(measure.charts), 390)
        assert.isAtMost(yield* open.run<number>(measure.overflow), 0)
        assert.isAtLeast(yield* open.run<number>(measure.smallestText), 11)
        yield* open.picture("phone")
        // as small as phones are
        yield* open.resize(320)
        assert.isAtMost(yield* open.run<number>(measure.overflow), 0)
        drawn(Samples.year, yield* open.run<ReadonlyArray<measure.Seen>>(measure.charts), 320)
        assert.strictEqual(yield* open.run(measure.cut), 0)
        quiet(open, address)
      })
    )

    it.effect("is dark where the reader has it dark", () =>
      Effect.gen(function* () {
        const address = Browser.write("doubtful", Samples.doubtful)
        const open = yield* Browser.open(address, { ...DESKTOP, dark: true })
        assert.isBelow(Math.max(...(yield* open.run<ReadonlyArray<number>>(measure.ground))), 40)
        assert.deepStrictEqual(yield* open.run(measure.faint), [])
        yield* open.picture("dark")
        quiet(open, address)
      })
    )

    it.effect("has all of it on paper, light, with every table open", () =>
      Effect.gen(function* () {
        const address = Browser.write("sample", Samples.year)
        const open = yield* Browser.open(address, { width: 720, dark: true, print: true, script: false })
        assert.deepStrictEqual(yield* open.run(measure.ground), [255, 255, 255])
        assert.deepStrictEqual(yield* open.run(measure.faint), [])
        const charts = yield* open.run<ReadonlyArray<measure.Seen>>(measure.charts)
        assert.isTrue(charts.every(({ id }) => id.endsWith("-wide")))
        assert.lengthOf(charts, CHARTS.length)
        const tables = yield* open.run<ReadonlyArray<measure.Table>>(measure.tables)
        assert.lengthOf(tables, CHARTS.length + 3)
        assert.isTrue(tables.every(({ height }) => height > 40))
        const sections = `[...document.querySelectorAll("section")].map((each) => each.getBoundingClientRect().height > 100)`
        assert.deepStrictEqual(
          yield* open.run(sections),
          Array.from({ length: 7 }, () => true)
        )
        yield* open.picture("print")
        yield* Effect.promise(() =>
          open.page.pdf({ path: `${Browser.folder}sample.pdf`, format: "A4", printBackground: true })
        )
        quiet(open, address)
      })
    )

    it.effect("adds up three years of 500 series to the micro-dollar", () =>
      Effect.gen(function* () {
        const address = Browser.write("long", Samples.long)
        const open = yield* Browser.open(address, PHONE)
        drawn(Samples.long, yield* open.run<ReadonlyArray<measure.Seen>>(measure.charts), 390)
        assert.isAtMost(yield* open.run<number>(measure.overflow), 0)
        const tables = yield* open.run<ReadonlyArray<measure.Table>>(measure.tables)
        for (const table of tables) adds(table)
        assert.isTrue(tables.every(({ isNamed }) => isNamed))
        const bySeries = tables.filter(({ caption }) => caption.startsWith("Profit by series"))
        assert.lengthOf(bySeries, 1)
        assert.strictEqual(amountOf(bySeries[0]?.total?.[1] ?? ""), BigInt(Samples.long.totals.profit))
        assert.match(bySeries[0]?.rows.at(-1)?.[0] ?? "", /^\d{3} others$/)
        quiet(open, address)
      })
    )

    for (const [name, data, empty] of [
      ["nothing", Samples.nothing, 9],
      ["single", Samples.single, 3],
      ["huge", Samples.huge, 1]
    ] as const) {
      it.effect(`is readable with ${name} on a phone`, () =>
        Effect.gen(function* () {
          const address = Browser.write(name, data)
          const open = yield* Browser.open(address, PHONE)
          assert.isAtMost(yield* open.run<number>(measure.overflow), 0)
          const charts = yield* open.run<ReadonlyArray<measure.Seen>>(measure.charts)
          for (const { height, id, outside, smallest } of charts) {
            assert.isAbove(height, 40, id)
            assert.deepStrictEqual(outside, [], id)
            assert.isAtLeast(smallest, 11, id)
          }
          assert.isAtLeast(yield* open.run<number>(measure.smallestText), 11)
          assert.strictEqual(yield* open.run(`document.querySelectorAll(".empty").length`), empty)
          assert.strictEqual(yield* open.run(measure.cut), 0)
          quiet(open, address)
        })
      )
    }

    it.effect("shows hostile text as text", () =>
      Effect.gen(function* () {
        const address = Browser.write("hostile", Samples.hostile)
        const open = yield* Browser.open(address, DESKTOP)
        assert.match(yield* open.run<string>("document.title"), /^<script>document\.title="owned"/)
        assert.strictEqual(yield* open.run(`document.querySelectorAll("script").length`), 1)
        assert.strictEqual(yield* open.run(`document.querySelectorAll("img, [onerror]").length`), 0)
        drawn(Samples.hostile, yield* open.run<ReadonlyArray<measure.Seen>>(measure.charts), 1280)
        quiet(open, address)
      })
    )

    it.effect("is let nothing by its own policy", () =>
      Effect.gen(function* () {
        const address = Browser.write("sample", Samples.year)
        const open = yield* Browser.open(address, DESKTOP)
        const attack = `new Promise((resolve) => {
          addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective))
          const script = document.createElement("script")
          script.textContent = "window.owned = true"
          document.body.append(script)
        })`
        assert.match(yield* open.run<string>(attack), /^script-src/)
        assert.isTrue(yield* open.run<boolean>("window.owned === undefined"))
      })
    )
  })
})
