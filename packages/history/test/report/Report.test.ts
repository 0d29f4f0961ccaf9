import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as Dollars from "effect-kalshi/Dollars"
import * as Report from "@effect-kalshi/history/Report"
import { escape, markup, raw } from "../../src/report/markup.ts"
import * as Samples from "./Samples.ts"

const year = Report.html(Samples.year)

describe("Report", () => {
  it("gives the same bytes for the same data, whatever was drawn before", () => {
    Report.html(Samples.single)
    assert.strictEqual(Report.html(Samples.year), year)
  })

  it("is one file of less than 300 kB that names nothing to load", () => {
    assert.isBelow(Buffer.byteLength(year), 300_000)
    assert.isNull(/(?:src|href|action|poster|data)="(?!#|data:,")/.exec(year))
    assert.isNull(/@import|url\((?!#)|https?:(?!\/\/www\.w3\.org)/.exec(year))
  })

  it("has no id twice", () => {
    const ids = [...year.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    assert.isAbove(ids.length, 25)
    assert.strictEqual(new Set(ids).size, ids.length)
    // and each that is named is there
    for (const [, id] of year.matchAll(/(?:url\(|href="|aria-labelledby=")#?([\w-]+)[)"]/g)) assert.include(ids, id)
  })

  it("writes data as text, never as markup", () => {
    const page = Report.html(Samples.hostile)
    assert.notInclude(page, "<script>document")
    assert.notInclude(page, "<img")
    assert.strictEqual(page.split("<script").length, 2)
    assert.include(page, "&lt;script&gt;document.title=&quot;owned&quot;&lt;/script&gt;")
    assert.strictEqual(escape(`<&>"'`), "&lt;&amp;&gt;&quot;&#39;")
    assert.strictEqual(markup`<b>${"<i>"}${raw("<u>")}${undefined}${1}</b>`.text, "<b>&lt;i&gt;<u>1</b>")
  })

  it("says first what does not agree", () => {
    const page = Report.html(Samples.doubtful)
    const alert = page.slice(page.indexOf(`id="doubts"`), page.indexOf("<nav"))
    assert.include(alert, "These figures do not add up")
    assert.include(alert, "profit by series")
    assert.include(alert, "profit by month")
    assert.notInclude(alert, "fees by series")
    assert.include(alert, "$11,979.3275")
    assert.include(alert, `<strong><span class="keep">+$0.6725</span></strong>`)
    assert.include(alert, "KXHIGHNY-260212-T48 (subaccount 0), fill 5c1f0e7a, fill 9d22b1c4")
    assert.include(alert, "+$31.0725")
    assert.include(alert, "+$26.0725")
    assert.include(page, "Subaccount 3, which the key may not read.")
    assert.notInclude(page, "All parts in this report add up exactly")
  })

  it("says that all agrees only where it was compared", () => {
    assert.include(year, "the records give the cash that the exchange reports, to the micro-dollar")
    assert.notInclude(year, "do not add up")
    const page = Report.html(Samples.nothing)
    assert.include(page, "not compared with the exchange’s balance")
    assert.notInclude(page, "that the exchange reports, to the micro-dollar")
    const part = { from: Samples.year.asOf, until: Samples.year.asOf, amount: Dollars.cents(1) }
    const open = Report.html({ ...Samples.nothing, unexplained: [part] })
    assert.include(open, "Part of the balance is not explained")
    assert.notInclude(open, "do not add up")
  })

  it("counts what it does not list", () => {
    const all = Array.from({ length: 53 }, (_, index) => ({
      message: `No fill of order ${index}`,
      records: [],
      amount: Dollars.cents(1)
    }))
    const parts = all.map(({ amount }) => ({ from: Samples.year.asOf, until: Samples.year.asOf, amount }))
    const page = Report.html({ ...Samples.nothing, discrepancies: all, unexplained: parts })
    assert.include(page, "Records that do not agree (53)")
    assert.include(page, "and 3 more that are not listed here")
    assert.include(page, "3 later ones")
    assert.include(page, "+$0.53")
  })

  it("names an exchange that is not the real one", () => {
    assert.include(Report.html(Samples.nothing), "sandbox: not the exchange itself")
    assert.notInclude(year, "not the exchange itself")
  })

  it("draws any account", () => {
    for (const data of [Samples.nothing, Samples.single, Samples.long, Samples.huge]) {
      const page = Report.html(data)
      assert.isTrue(page.endsWith("</html>\n"))
      assert.notMatch(page, /NaN|undefined|Infinity|\[object/)
    }
  })

  it.effect("has data that can be stored and read again, exactly", () =>
    Effect.gen(function* () {
      const stored = JSON.stringify(yield* Schema.encodeEffect(Report.Data)(Samples.year))
      const read = yield* Schema.decodeUnknownEffect(Report.Data)(JSON.parse(stored))
      assert.deepStrictEqual(read, Samples.year)
      assert.strictEqual(Report.html(read), year)
      const wrong = { ...JSON.parse(stored), months: [{ month: "2026-13", profit: "0", fees: "0", volume: "0" }] }
      assert.isTrue(Exit.isFailure(yield* Effect.exit(Schema.decodeUnknownEffect(Report.Data)(wrong))))
    })
  )
})
