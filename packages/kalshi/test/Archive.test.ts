import { assert, describe, it, vi } from "@effect/vitest"
import { readFileSync } from "node:fs"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Archive from "effect-kalshi/Archive"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as OrdersApi2024 from "effect-kalshi/api/legacy/Orders"
import * as PortfolioApi2024 from "effect-kalshi/api/legacy/Portfolio"
import * as OrdersApi from "effect-kalshi/api/Orders"
import * as PortfolioApi from "effect-kalshi/api/Portfolio"
import * as Fill from "effect-kalshi/models/Fill"
import * as Order from "effect-kalshi/models/Order"
import * as Position from "effect-kalshi/models/Position"
import * as Settlement from "effect-kalshi/models/Settlement"
import * as Generators from "./Generators.ts"
import * as Handmade from "./models/Handmade.ts"
import * as Mutate from "./models/Mutate.ts"
import * as Wires from "./models/Wires.ts"

type Raw = Handmade.Raw

/** An entry of any kind, as the tests compare it. */
interface Told {
  readonly generation: Archive.Generation
  readonly line: number
  readonly index: number
  readonly path: string
  readonly kind?: string
  readonly record: unknown
}

/** How each kind of record is found in an archive. */
interface Kind {
  readonly list: string
  readonly decode: Archive.Decode<Told>
  readonly declared: Readonly<Record<Archive.Generation, { readonly fields: object }>>
  /** One name in the record that no record can do without. */
  readonly needed: string
}

const kinds: Readonly<Record<Archive.Kind, Kind>> = {
  fill: {
    list: "fills",
    decode: Archive.decodeFills,
    declared: { "2024": PortfolioApi2024.Fill, "2026-01": January2026.Fill, today: PortfolioApi.Fill },
    needed: "is_taker"
  },
  order: {
    list: "orders",
    decode: Archive.decodeOrders,
    declared: { "2024": OrdersApi2024.Order, "2026-01": January2026.Order, today: OrdersApi.Order },
    needed: "status"
  },
  settlement: {
    list: "settlements",
    decode: Archive.decodeSettlements,
    declared: {
      "2024": PortfolioApi2024.Settlement,
      "2026-01": January2026.Settlement,
      today: PortfolioApi.Settlement
    },
    needed: "revenue"
  },
  marketPosition: {
    list: "market_positions",
    decode: Archive.decodePositions,
    declared: {
      "2024": PortfolioApi2024.MarketPosition,
      "2026-01": January2026.MarketPosition,
      today: PortfolioApi.MarketPosition
    },
    needed: "ticker"
  },
  eventPosition: {
    list: "event_positions",
    decode: Archive.decodePositions,
    declared: {
      "2024": PortfolioApi2024.EventPosition,
      "2026-01": January2026.EventPosition,
      today: PortfolioApi.EventPosition
    },
    needed: "event_ticker"
  }
}
const allKinds: ReadonlyArray<Archive.Kind> = ["fill", "order", "settlement", "marketPosition", "eventPosition"]

type Source = string | Stream.Stream<string>

/** Everything in an archive that has nothing bad in it. */
const all = <A>(decode: Archive.Decode<A>, source: Source): ReadonlyArray<A> =>
  Effect.runSync(Stream.runCollect(decode(source)))

/** What is good and what is bad in an archive. */
const sorted = <A>(
  decode: Archive.Decode<A>,
  source: Source
): { readonly good: ReadonlyArray<A>; readonly bad: ReadonlyArray<Archive.ArchiveError> } => {
  const bad: Array<Archive.ArchiveError> = []
  const onBad = (error: Archive.ArchiveError) => Effect.sync(() => bad.push(error))
  return { good: Effect.runSync(Stream.runCollect(decode(source, { onBad }))), bad }
}

/** What an archive ends with, and what came before it. */
const ended = <A>(decode: Archive.Decode<A>, source: Source) => {
  const good: Array<A> = []
  const error = Effect.runSync(
    Effect.flip(Stream.runForEach(decode(source), (entry) => Effect.sync(() => good.push(entry))))
  )
  return { good, error }
}

const golden = (name: string): string =>
  readFileSync(new URL(`./fixtures/golden/${name}_response.json`, import.meta.url), "utf8")

const Recorded = Schema.fromJsonString(Schema.Struct({ response: Schema.Record(Schema.String, Schema.Unknown) }))
const Raws = Schema.decodeUnknownSync(Schema.Array(Schema.Record(Schema.String, Schema.Unknown)))
const response = (name: string) => Schema.decodeUnknownSync(Recorded)(golden(name)).response

/** The records of January 2026 as they were recorded. */
const recorded: Readonly<Record<Archive.Kind, ReadonlyArray<Raw>>> = {
  fill: Raws(response("portfolio_fills")["fills"]),
  order: [
    ...Raws(response("portfolio_orders")["orders"]),
    ...Raws([response("amend_order")["old_order"], response("amend_order")["order"]]),
    ...Raws(Raws(response("batch_create_orders")["orders"]).map((item) => item["order"]))
  ],
  settlement: Raws(response("portfolio_settlements")["settlements"]),
  marketPosition: Raws(response("portfolio_positions")["market_positions"]),
  eventPosition: Raws(response("portfolio_positions")["event_positions"])
}

const json = (value: unknown): string => JSON.stringify(value)

describe("Archive", () => {
  describe("the recorded responses of January 2026", () => {
    const places = (entries: ReadonlyArray<Told>) => entries.map(({ index, line, path }) => ({ index, line, path }))

    it("are read, each record with its generation and its place", () => {
      const fills = all(Archive.decodeFills, golden("portfolio_fills"))
      assert.deepStrictEqual(
        places(fills),
        [0, 1, 2, 3, 4].map((index) => ({ line: 1, index, path: `response.fills[${index}]` }))
      )
      assert.deepStrictEqual<unknown>(fills[0]?.record, {
        tradeId: "43db2a6b-63dc-5493-8674-3307da176d64",
        orderId: "6e44d48f-cdf5-5181-ad6c-5c740920b5f0",
        ticker: "KXEXAMPLE-9C7BFD30C721",
        side: "bid",
        price: 600_000,
        count: 3200,
        isTaker: true,
        createdAt: 1_768_061_471_109_554
      })
      const orders = all(Archive.decodeOrders, golden("portfolio_orders"))
      const amended = all(Archive.decodeOrders, golden("amend_order"))
      const batch = all(Archive.decodeOrders, golden("batch_create_orders"))
      const settlements = all(Archive.decodeSettlements, golden("portfolio_settlements"))
      const positions = all(Archive.decodePositions, golden("portfolio_positions"))
      assert.deepStrictEqual(
        [orders, amended, batch, settlements, positions].map((entries) => entries.length),
        [5, 2, 2, 1, 23]
      )
      assert.deepStrictEqual(places(amended), [
        { line: 1, index: 0, path: "response.old_order" },
        { line: 1, index: 1, path: "response.order" }
      ])
      assert.deepStrictEqual(
        amended.map(({ record }) => record.status),
        ["resting", "canceled"]
      )
      assert.deepStrictEqual(places(batch), [
        { line: 1, index: 0, path: "response.orders[0].order" },
        { line: 1, index: 1, path: "response.orders[1].order" }
      ])
      assert.deepStrictEqual(
        positions.map(({ index, kind, path }) => [index, kind, path]),
        [
          ...recorded.marketPosition.map((_, at) => [at, "market", `response.market_positions[${at}]`]),
          ...recorded.eventPosition.map((_, at) => [at + 12, "event", `response.event_positions[${at}]`])
        ]
      )
      for (const { generation } of [...fills, ...orders, ...amended, ...batch, ...settlements, ...positions]) {
        assert.strictEqual(generation, "2026-01")
      }
    })

    it("are what their own models are", () => {
      const models = (kind: Archive.Kind): ReadonlyArray<unknown> =>
        all(kinds[kind].decode, json({ [kinds[kind].list]: recorded[kind] })).map(({ record }) => record)
      const decoded = <W, A>(schema: Schema.Codec<W, unknown>, kind: Archive.Kind, fromWire: (wire: W) => A) =>
        recorded[kind].map((record) => fromWire(Schema.decodeUnknownSync(schema)(record)))
      assert.deepStrictEqual(models("fill"), decoded(January2026.Fill, "fill", Fill.fromWireJanuary2026))
      assert.deepStrictEqual(models("order"), decoded(January2026.Order, "order", Order.fromWireJanuary2026))
      assert.deepStrictEqual(
        models("settlement"),
        decoded(January2026.Settlement, "settlement", Settlement.fromWireJanuary2026)
      )
      assert.deepStrictEqual(
        models("marketPosition"),
        decoded(January2026.MarketPosition, "marketPosition", Position.fromWireJanuary2026)
      )
      assert.deepStrictEqual(
        models("eventPosition"),
        decoded(January2026.EventPosition, "eventPosition", Position.eventFromWireJanuary2026)
      )
    })
  })

  describe("every field of a record is in the model or left out for a reason", () => {
    const generations = [
      { generation: "2024", handmade: Handmade.of2024, recorded: undefined },
      { generation: "2026-01", handmade: Handmade.ofJanuary2026, recorded }
    ] as const

    /** Reads records of a kind; what is refused, or by its change of another generation, is undefined. */
    const readAll =
      (kind: Archive.Kind, expected: Archive.Generation): Mutate.ReadAll =>
      (records) => {
        const found: Array<unknown> = Array.from(records, () => undefined)
        for (const { generation, index, record } of sorted(kinds[kind].decode, json({ [kinds[kind].list]: records }))
          .good) {
          if (generation === expected) found[index] = record
        }
        return found
      }

    for (const { generation, handmade, recorded } of generations) {
      for (const kind of allKinds) {
        const leftOut = Archive.leftOut[generation][kind]
        const records: ReadonlyArray<Raw> = [handmade[kind], ...(recorded?.[kind] ?? [])]

        it(`${generation}: ${kind}`, () => {
          assert.deepStrictEqual(
            all(kinds[kind].decode, json({ [kinds[kind].list]: records })).map((entry) => entry.generation),
            records.map(() => generation)
          )
          for (const record of records) {
            for (const field of Object.keys(record)) {
              const { accepted, decides } = Mutate.effectOf(record, field, readAll(kind, generation))
              const isLeftOut = Object.hasOwn(leftOut, field)
              // $1 less the price of YES, whatever else it says
              if (field !== "no_price") assert.isTrue(accepted, `no change of ${field} is accepted`)
              if (decides) assert.isFalse(isLeftOut, `${field} is in the model, and said to be left out`)
              else assert.isTrue(isLeftOut, `${field} is neither in the model nor left out`)
            }
          }
        })

        it(`${generation}: ${kind} by hand has every field that is declared, and no reason is for nothing`, () => {
          const declared = Object.keys(kinds[kind].declared[generation].fields)
          assert.includeMembers(Object.keys(handmade[kind]), declared)
          const known = new Set([...declared, ...(recorded?.[kind] ?? []).flatMap(Object.keys)])
          for (const [field, reason] of Object.entries(leftOut)) {
            assert.isTrue(known.has(field), `no record has ${field}`)
            assert.isAbove(reason.length, 0)
          }
        })
      }
    }
  })

  describe("tells generations apart", () => {
    const one = (kind: Archive.Kind, record: Raw): Told => {
      const [entry] = all(kinds[kind].decode, json(record))
      if (entry === undefined) return assert.fail("nothing was read")
      return entry
    }
    const wires = { "2024": Handmade.of2024, "2026-01": Handmade.ofJanuary2026, today: Handmade.ofToday }

    it("whole records", () => {
      for (const kind of allKinds) {
        for (const [generation, records] of Object.entries(wires)) {
          assert.strictEqual(one(kind, records[kind]).generation, generation)
        }
      }
    })

    it("an integer with any later field beside it is of January 2026", () => {
      const { fill, settlement } = Handmade.of2024
      for (const sign of [
        { ts: 1 },
        { fill_id: "t" },
        { market_ticker: "K" },
        { yes_price_fixed: "0.37" },
        { fee_cost: "1" }
      ]) {
        assert.strictEqual(one("fill", { ...fill, ...sign }).generation, "2026-01")
      }
      for (const sign of [{ value: null }, { event_ticker: "E" }, { fee_cost: "0.01" }, { no_count_fp: "2.00" }]) {
        assert.strictEqual(one("settlement", { ...settlement, ...sign }).generation, "2026-01")
      }
      const { no_price: _, ...less } = fill
      assert.strictEqual(one("fill", less).generation, "2026-01", "2.0.0 had both prices")
    })

    it("an exact string decides over the integer beside it", () => {
      const { fill, marketPosition, settlement } = Handmade.ofJanuary2026
      const read = one("fill", fill)
      assert.deepInclude<unknown>(read.record, { count: 450, price: 415_100, fee: 76_501, subaccount: 3 })
      const { yes_price_dollars: _, ...fixed } = { ...fill, yes_price_fixed: "0.0415", no_price_dollars: "0.9585" }
      assert.deepInclude<unknown>(one("fill", fixed).record, { price: 41_500 })
      // a whole fill of today with the integers still there
      const both = { ...Handmade.ofToday.fill, count: 4, yes_price: 41 }
      assert.deepInclude<unknown>(one("fill", both), { generation: "2026-01" })
      assert.deepInclude<unknown>(one("fill", both).record, { count: 450, price: 415_100 })
      assert.deepInclude<unknown>(one("marketPosition", marketPosition).record, { position: -450, exposure: 2_632_051 })
      assert.deepInclude<unknown>(one("settlement", settlement).record, { yesCount: 450, noCost: 731_251 })
    })

    it("a sell is only told where its rule is known", () => {
      const side = (fill: Raw) => all(Archive.decodeFills, json(fill)).map(({ record }) => record.side)
      const { book_side: _, outcome_side: __, ...april } = Handmade.ofToday.fill
      const sell = { action: "sell", side: "no" }
      assert.deepStrictEqual(side({ ...april, ...sell }), ["ask"])
      assert.deepStrictEqual(side({ ...april, ...sell, count: 4, yes_price: 41 }), ["unknown"])
      assert.deepStrictEqual(side({ ...Handmade.of2024.fill, ...sell }), ["unknown"])
    })

    it("today's strings with some of the old integers are of today", () => {
      const { revenue: _, ...cents } = Handmade.of2024.settlement
      const { no_count: __, ...rest } = cents
      assert.strictEqual(one("settlement", { ...rest, ...Handmade.ofToday.settlement }).generation, "today")
      const withResting = { ...Handmade.ofToday.marketPosition, resting_orders_count: 3 }
      const position = one("marketPosition", withResting)
      assert.strictEqual(position.generation, "today")
      assert.deepInclude(position.record, { resting: 300 })
    })

    it("an old order with exact strings that its generation does not read is refused, not cut to cents", () => {
      const order = { ...Handmade.of2024.order, yes_price_dollars: "0.3750" }
      const { error } = ended(Archive.decodeOrders, json(order))
      assert.deepInclude<unknown>(error, { generation: "2026-01", description: 'Missing key at ["fill_count"]' })
      // what came later and is not about an amount does not make it unreadable
      assert.strictEqual(
        one("order", { ...Handmade.of2024.order, self_trade_prevention_type: "maker" }).generation,
        "2024"
      )
    })

    it("an order of January 2026 whose counts are missing is refused, not taken for one of 2024", () => {
      const { order } = Handmade.ofJanuary2026
      const names = ["fill_count", "initial_count"]
      const counts = Object.keys(order).filter((name) => names.some((count) => name.startsWith(count)))
      const without = (gone: ReadonlyArray<string>): Raw =>
        Object.fromEntries(Object.entries(order).filter(([name]) => !gone.includes(name)))
      const strings = Object.keys(order).filter((name) => /_(?:dollars|fp)$/.test(name))
      const unknown = Object.fromEntries(counts.map((name) => [name, null]))
      for (const record of [
        { ...order, ...unknown },
        { ...without(strings), fill_count: null },
        { ...without(strings), initial_count: null },
        without([...strings, "fill_count"]),
        without([...strings, ...counts])
      ]) {
        const { error } = ended(Archive.decodeOrders, json({ no_price: 60, type: "limit", ...record }))
        assert.strictEqual(error?.generation, "2026-01")
        assert.match(error?.description ?? "", /"(?:fill|initial)_count"/)
      }
    })

    const mask = Generators.integer(0, 2 ** 32 - 1)
    const readsParts = <W, A>(
      generation: Archive.Generation,
      kind: Archive.Kind,
      wire: Schema.Codec<W, unknown>,
      fromWire: (wire: W) => A
    ) => {
      const decode = Schema.decodeUnknownOption(wire)
      it.prop(`reads what can be read of a ${kind} of ${generation}`, [mask, mask], ([absent, empty]) => {
        const record = Object.fromEntries(
          Object.entries(wires[generation][kind]).flatMap(([name, value], at) =>
            (absent >> at) & 1 ? [] : [[name, (empty >> at) & 1 ? null : value]]
          )
        )
        const expected = Option.map(decode(record), fromWire)
        const { bad, good } = sorted(kinds[kind].decode, json({ [kinds[kind].list]: [record] }))
        assert.strictEqual(good.length + bad.length, 1)
        if (Option.isNone(expected)) return
        if (bad[0]?.description.startsWith("it tells no counts")) return
        assert.deepStrictEqual<unknown>(good[0]?.record, expected.value)
      })
    }
    readsParts("today", "fill", PortfolioApi.Fill, Fill.fromWire)
    readsParts("2026-01", "fill", January2026.Fill, Fill.fromWireJanuary2026)
    readsParts("2024", "fill", PortfolioApi2024.Fill, Fill.fromWire2024)
    readsParts("today", "order", OrdersApi.Order, Order.fromWire)
    readsParts("2026-01", "order", January2026.Order, Order.fromWireJanuary2026)
    readsParts("2024", "order", OrdersApi2024.Order, Order.fromWire2024)
    readsParts("today", "settlement", PortfolioApi.Settlement, Settlement.fromWire)
    readsParts("2026-01", "settlement", January2026.Settlement, Settlement.fromWireJanuary2026)
    readsParts("2024", "settlement", PortfolioApi2024.Settlement, Settlement.fromWire2024)
    readsParts("today", "marketPosition", PortfolioApi.MarketPosition, Position.fromWire)
    readsParts("2026-01", "marketPosition", January2026.MarketPosition, Position.fromWireJanuary2026)
    readsParts("2024", "marketPosition", PortfolioApi2024.MarketPosition, Position.fromWire2024)
    readsParts("today", "eventPosition", PortfolioApi.EventPosition, Position.eventFromWire)
    readsParts("2026-01", "eventPosition", January2026.EventPosition, Position.eventFromWireJanuary2026)
    readsParts("2024", "eventPosition", PortfolioApi2024.EventPosition, Position.eventFromWire2024)
  })

  describe("what one wire or the other would have shown is read as it was", () => {
    const GENERATIONS: ReadonlyArray<Archive.Generation> = ["2024", "2026-01", "today"]

    interface Line {
      readonly value: unknown
      readonly records: ReadonlyArray<{ readonly generation: Archive.Generation; readonly record: unknown }>
    }

    /** The ways to store two records of a kind. */
    const containers = (kind: Archive.Kind, one: Raw, two: Raw): ReadonlyArray<{ value: unknown; count: 1 | 2 }> => {
      const { list } = kinds[kind]
      const orders: ReadonlyArray<{ value: unknown; count: 1 | 2 }> = [
        { value: { order: one }, count: 1 },
        { value: { order: one, reduced_by: 1 }, count: 1 },
        { value: { old_order: one, order: two }, count: 2 },
        { value: { orders: [{ client_order_id: null, error: null, order: one }, { order: two }] }, count: 2 },
        { value: { orders: [{ order_id: "o", order: one, error: {} }, two] }, count: 2 }
      ]
      return [
        { value: one, count: 1 },
        { value: [one], count: 1 },
        { value: [one, two], count: 2 },
        { value: { [list]: [one, two], cursor: "" }, count: 2 },
        { value: { cursor: null, [list]: [one, two], other: [1] }, count: 2 },
        { value: [{ [list]: [one] }, { [list]: null }, { cursor: "" }, { [list]: [two] }], count: 2 },
        { value: { _metadata: { endpoint: list }, response: { [list]: [one, two] } }, count: 2 },
        { value: { _metadata: {}, response: [one, two] }, count: 2 },
        { value: [{ response: { [list]: [one] } }, two], count: 2 },
        ...(kind === "order" ? orders : [])
      ]
    }

    /** The entries of an archive that has nothing bad in it, without their paths. */
    const told = (kind: Archive.Kind, source: Source) =>
      all(kinds[kind].decode, source).map(({ generation, index, line, record }) => ({
        generation,
        index,
        line,
        record
      }))

    const expected = (lines: ReadonlyArray<Line>, numbers: ReadonlyArray<number>) =>
      lines.flatMap(({ records }, at) => records.map((record, index) => ({ ...record, index, line: numbers[at] })))

    const isSame = <A extends object>(kind: Archive.Kind, model: Schema.Codec<A, unknown>, wires: Wires.Wires<A>) => {
      const models = Arbitrary.map(Arbitrary.schema(model), Wires.clean)
      const lines = Arbitrary.array(
        Arbitrary.map(
          Arbitrary.all({
            generations: Arbitrary.all([Generators.integer(0, 2), Generators.integer(0, 2)]),
            container: Generators.integer(0, 99),
            models: Arbitrary.all([models, models])
          }),
          ({ container, generations, models }): Line => {
            const said = models.map((model, at) => {
              const generation = GENERATIONS[generations[at] ?? 0] ?? "today"
              return { generation, ...wires[generation](model) }
            })
            const all = containers(kind, said[0]?.wire ?? {}, said[1]?.wire ?? {})
            const { count, value } = all[container % all.length] ?? { count: 1, value: undefined }
            return {
              value,
              records: said.slice(0, count).map(({ generation, model }) => ({ generation, record: model }))
            }
          }
        ),
        { minLength: 1, maxLength: 6 }
      )

      it.prop(`${kind}: one file, however it is printed`, [lines, Generators.integer(0, 3)], ([lines, space]) => {
        for (const line of lines) {
          const text = JSON.stringify(line.value, null, space)
          assert.deepStrictEqual<unknown>(told(kind, text), expected([line], [1]))
          assert.deepStrictEqual<unknown>(
            told(kind, `\uFEFF\r\n${text.replaceAll("\n", "\r\n")}\n`),
            expected([line], [2])
          )
        }
      })

      it.prop(
        `${kind}: generations mixed line by line, wherever the text is cut`,
        [lines, Generators.integer(1, 40), Generators.integer(1, 5)],
        ([lines, cut, size]) => {
          // an empty line after every line
          const texts = lines.flatMap(({ value }) => [json(value), ""])
          const numbers = lines.map((_, at) => at * 2 + 1)
          const entries: unknown = expected(lines, numbers)
          const text = `\uFEFF${texts.join("\r\n")}`
          const pieces = Array.from({ length: Math.ceil(text.length / cut) }, (_, at) =>
            text.slice(at * cut, (at + 1) * cut)
          )
          assert.deepStrictEqual<unknown>(told(kind, text), entries)
          assert.deepStrictEqual<unknown>(told(kind, text.replaceAll("\r\n", "\n")), entries)
          assert.deepStrictEqual<unknown>(told(kind, Stream.fromIterable(texts)), entries)
          assert.deepStrictEqual<unknown>(told(kind, Stream.rechunk(Stream.fromIterable(texts), size)), entries)
          assert.deepStrictEqual<unknown>(told(kind, Stream.splitLines(Stream.fromIterable(pieces))), entries)
        }
      )
    }
    isSame("fill", Fill.Fill, Wires.fill)
    isSame("order", Order.Order, Wires.order)
    isSame("settlement", Settlement.Settlement, Wires.settlement)
    isSame("marketPosition", Position.MarketPosition, Wires.marketPosition)
    isSame("eventPosition", Position.EventPosition, Wires.eventPosition)
  })

  describe("what is bad", () => {
    const { fill, order } = Handmade.ofToday
    const fills = (count: number): ReadonlyArray<Raw> =>
      Array.from({ length: count }, (_, at) => ({ ...fill, trade_id: `t-${at}` }))
    const ids = (entries: ReadonlyArray<Archive.Entry<Fill.Fill>>) => entries.map(({ record }) => record.tradeId)

    const problems: ReadonlyArray<readonly [name: string, text: string, message: string]> = [
      ["an empty file", "", "line 1: it is empty"],
      ["a file of white space", "\uFEFF \r\n\t", "line 1: it is empty"],
      ["a number", "42", "line 1: no fills in it: it is a number"],
      ["a text", '"fills"', "line 1: no fills in it: it is a string"],
      ["null", "null", "line 1: no fills in it: it is null"],
      ["an empty object", "{}", "line 1: no fills in it: it is empty"],
      ["a web page", "<!DOCTYPE html>\n<html>\n</html>", "line 1: it is not JSON but a web page"],
      ["plain text", "404 page\nnot found", "line 1: it is not JSON"],
      [
        "a path",
        "out/fills.ndjson",
        "line 1: it is not JSON, and there is no { or [ in it: this takes the text of a file, not its path"
      ],
      [
        "UTF-16 that was read as UTF-8",
        Buffer.from(`\uFEFF${json({ fills: [fill] })}\n`, "utf16le").toString("utf8"),
        "line 1: it is not JSON but UTF-16 that was read as UTF-8"
      ],
      ["numbers, one a line", "1\n2", "line 1: it is not JSON"],
      [
        "an answer that is an error",
        '{"error":{"code":"unauthorized","message":"no"}}',
        'line 1: no fills in it: it has "error"'
      ],
      [
        "a file of another kind",
        golden("portfolio_positions"),
        'line 1, response: no fills in it: it has "cursor", "event_positions", "market_positions"'
      ],
      [
        "an order",
        json(order),
        'line 1: no fills in it: it has "order_id", "user_id", "client_order_id", "ticker", "outcome_side", …'
      ],
      ["a list that is none", '{"fills":{}}', "line 1, fills: an object and no list"],
      [
        "a recorded response with nothing",
        '{"_metadata":{},"response":null}',
        "line 1, response: no fills in it: it is null"
      ],
      ["something else in a list", '{"fills":[null]}', "line 1, fills[0]: null and no record"],
      ["a list in a list of records", '{"fills":[[]]}', "line 1, fills[0]: a list and no record"],
      [
        "a response that breaks off",
        `\n${json({ fills: [fill] }).slice(0, 90)}\n`,
        "line 2: it is not JSON: it breaks off"
      ],
      [
        "a response that breaks off far below",
        golden("portfolio_fills").slice(0, 900),
        "line 1: it is not JSON: it breaks off at line 33"
      ],
      ["a comma too many", '{\n  "fills": [\n    {},\n  ]\n}', "line 1: it is not JSON from line 4, column 3 on"],
      ["a comma too few", '{"fills":[] "cursor":""}', "line 1: it is not JSON from column 13 on"],
      ["a record that breaks off", json(fill).slice(0, -9), "line 1: it is not JSON: it breaks off"]
    ]
    for (const [name, text, message] of problems) {
      it(name, () => {
        const { error, good } = ended(Archive.decodeFills, text)
        assert.strictEqual(error.message, message)
        assert.strictEqual(error._tag, "ArchiveError")
        assert.deepStrictEqual<unknown>(good, [])
        assert.deepStrictEqual(
          sorted(Archive.decodeFills, text).bad.map((error) => error.message),
          [message]
        )
      })
    }

    const refused = (kind: Archive.Kind, record: Raw): string | undefined => {
      const { bad, good } = sorted(kinds[kind].decode, json(record))
      assert.strictEqual(bad.length + good.length, 1)
      return bad[0]?.description
    }

    it("the two prices of an old record are $1 together", () => {
      const { ofJanuary2026, of2024 } = Handmade
      const problem = "its two prices are not $1 together"
      for (const kind of ["fill", "order"] as const) {
        for (const [yes, no] of [
          [42, 42],
          [42, 57],
          [42, 59],
          [0, 0]
        ] as const) {
          assert.strictEqual(refused(kind, { ...of2024[kind], yes_price: yes, no_price: no }), problem)
        }
        const record = ofJanuary2026[kind]
        const inCents = { ...record, yes_price_dollars: null, no_price_dollars: null }
        const cents = { ...inCents, yes_price_fixed: null, no_price_fixed: null }
        assert.strictEqual(refused(kind, { ...record, no_price_dollars: "0.5850" }), problem)
        assert.isUndefined(refused(kind, { ...record, no_price: 42 }), "the strings decide")
        // a part of a cent on either side is cut off
        for (const [no, said] of [
          [57, problem],
          [58, undefined],
          [59, undefined],
          [60, problem],
          [null, undefined]
        ] as const) {
          assert.strictEqual(refused(kind, { ...cents, no_price: no }), said)
        }
      }
    })

    it("a count of an old record is not negative where only a position can be", () => {
      const counts = {
        fill: ["count", "count_fp"],
        order: [
          "place_count",
          "remaining_count",
          "remaining_count_fp",
          "taker_fill_count",
          "maker_fill_count",
          "decrease_count",
          "close_cancel_count",
          "fcc_cancel_count",
          "taker_self_trade_cancel_count",
          "fill_count",
          "fill_count_fp",
          "initial_count",
          "initial_count_fp"
        ],
        settlement: ["yes_count", "yes_count_fp", "no_count", "no_count_fp"],
        marketPosition: ["resting_orders_count"],
        eventPosition: ["resting_order_count", "total_cost_shares", "total_cost_shares_fp"]
      }
      for (const wire of [Handmade.of2024, Handmade.ofJanuary2026]) {
        for (const kind of allKinds) {
          const record: Raw = wire[kind]
          for (const name of counts[kind].filter((name) => Object.hasOwn(record, name))) {
            const value = typeof record[name] === "string" ? "-1.00" : -1
            assert.strictEqual(refused(kind, { ...record, [name]: value }), `"${name}" is negative`)
            assert.isUndefined(refused(kind, { ...record, [name]: value === -1 ? 0 : "0.00" }), name)
          }
        }
        assert.isUndefined(refused("marketPosition", { ...wire.marketPosition, position: -1 }))
      }
    })

    it("nesting without end is refused, and does not overflow", () => {
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`
      assert.include(ended(Archive.decodeFills, deep).error.message, "no fills in it: it is nested too deep")
      const wrapped = `${'{"response":'.repeat(1000)}{}${"}".repeat(1000)}`
      assert.include(ended(Archive.decodeFills, wrapped).error.message, "no fills in it")
    })

    it("lists that are null, absent or empty are no fills, and no problem", () => {
      for (const text of [
        '{"fills":null}',
        '{"fills":[]}',
        "[]",
        '{"cursor":""}',
        '{"response":{"fills":null,"cursor":null}}'
      ]) {
        assert.deepStrictEqual<unknown>(all(Archive.decodeFills, text), [])
      }
      assert.deepStrictEqual<unknown>(all(Archive.decodePositions, '{"market_positions":null,"cursor":""}'), [])
      assert.deepStrictEqual<unknown>(all(Archive.decodeFills, Stream.empty), [])
      assert.deepStrictEqual<unknown>(all(Archive.decodeFills, Stream.make("", " ", "\r")), [])
    })

    it("fields that nobody knows are passed over", () => {
      const later = { ...fill, mood: { of: ["the", "market"] }, __proto__x: 1 }
      assert.deepStrictEqual(
        all(Archive.decodeFills, json(later)).map(({ record }) => record),
        all(Archive.decodeFills, json(fill)).map(({ record }) => record)
      )
    })

    it("a bad record ends it after those before it, and says where it was", () => {
      const [one, two, three] = fills(3)
      const bad = { ...two, count_fp: "many" }
      const text = [json(one), "", json({ fills: [two, bad, three] }), json(three)].join("\n")
      for (const source of [text, Stream.fromIterable(text.split("\n"))]) {
        const { error, good } = ended(Archive.decodeFills, source)
        assert.deepStrictEqual(ids(good), ["t-0", "t-1"])
        assert.deepInclude<unknown>(error, {
          kind: "fill",
          line: 3,
          index: 1,
          path: "fills[1]",
          generation: "today"
        })
        assert.strictEqual(
          error.message,
          'line 3, fills[1]: unreadable fill (today): Expected a decimal count of contracts with at most 2 decimals at ["count_fp"]'
        )
      }
    })

    it("with onBad it is handed over in its place, and the rest is kept", () => {
      const [one, two, three] = fills(3)
      const lines = [
        json(one),
        '{"fills":[',
        json([{ ...two, fee_cost: null, count_fp: 2 }, two]),
        "<html>",
        json(three)
      ]
      for (const source of [lines.join("\n"), Stream.fromIterable(lines)]) {
        const seen: Array<string> = []
        Effect.runSync(
          Stream.runForEach(
            Archive.decodeFills(source, {
              onBad: (error) => Effect.sync(() => seen.push(`line ${error.line}, ${error.index}`))
            }),
            ({ record }) => Effect.sync(() => seen.push(record.tradeId))
          )
        )
        assert.deepStrictEqual(seen, ["t-0", "line 2, 0", "line 3, 0", "t-1", "line 4, 0", "t-2"])
      }
    })

    it("what onBad fails with ends it", () => {
      const result = Effect.runSync(
        Effect.flip(Stream.runDrain(Archive.decodeFills("42", { onBad: (error) => Effect.fail(error.kind) })))
      )
      assert.strictEqual(result, "fill")
    })

    it("what the source fails with ends it, after what was read", () => {
      const source = Stream.concat(Stream.make(json(fill)), Stream.fail("disk" as const))
      const seen: Array<string> = []
      const error = Effect.runSync(
        Effect.flip(
          Stream.runForEach(Archive.decodeFills(source), ({ record }) => Effect.sync(() => seen.push(record.tradeId)))
        )
      )
      assert.strictEqual(error, "disk")
      assert.deepStrictEqual(seen, ["t-1"])
    })

    it("a first line that breaks off takes no other with it", () => {
      const lines = [json(fill).slice(0, 40), ...fills(2).map(json)]
      const { bad, good } = sorted(Archive.decodeFills, lines.join("\n"))
      assert.deepStrictEqual(ids(good), ["t-0", "t-1"])
      assert.deepStrictEqual(
        bad.map((error) => error.message),
        ["line 1: it is not JSON: it breaks off"]
      )
    })

    it("a printed file that breaks off is one problem, and not one a line", () => {
      const text = JSON.stringify({ fills: fills(50) }, null, 2)
      const { bad, good } = sorted(Archive.decodeFills, text.slice(0, -20))
      assert.strictEqual(bad.length, 1)
      assert.deepStrictEqual<unknown>(good, [])
    })

    it("a file of several values is all of them, however they are printed", () => {
      const [one, two, three] = fills(3).map((record) => ({ fills: [record] }))
      const printed = [one, two, three].map((page) => JSON.stringify(page, null, 2))
      for (const text of [
        printed.join("\n"),
        printed.join(""),
        `\uFEFF${printed.join("\n\uFEFF")}`,
        [json(one), json(two)].join(" ") + json(three),
        // a line that is a value by itself is not the only one then
        [printed[0], json(two), printed[2]].join("\r\n")
      ]) {
        assert.deepStrictEqual(ids(all(Archive.decodeFills, text)), ["t-0", "t-1", "t-2"])
      }
      const lines = all(Archive.decodeFills, printed.join("\n")).map(({ line }) => line)
      assert.deepStrictEqual(
        lines,
        [0, 1, 2].map((at) => 1 + at * (printed[0] ?? "").split("\n").length)
      )
      // and so is a line with several
      const stream = Stream.make(`${json(one)} ${json(two)}`, json(three))
      assert.deepStrictEqual(
        all(Archive.decodeFills, stream).map(({ line, record }) => [line, record.tradeId]),
        [
          [1, "t-0"],
          [1, "t-1"],
          [2, "t-2"]
        ]
      )
    })

    it("what stands before the place where a file breaks is kept", () => {
      const [one, two] = fills(2).map((record) => JSON.stringify(record, null, 2))
      const { bad, good } = sorted(Archive.decodeFills, `${one}\n${two}\n  and more`)
      assert.deepStrictEqual(ids(good), ["t-0", "t-1"])
      const last = `${one}\n${two}`.split("\n").length + 1
      assert.deepStrictEqual(
        bad.map((error) => error.message),
        [`line ${last}: it is not JSON from column 3 on`]
      )
    })

    it("items of a batch that failed are no orders, and not passed over", () => {
      const text = json({
        orders: [
          { client_order_id: "a", order, error: null },
          { client_order_id: "b", order: null, error: { code: "insufficient_balance", message: "no" } },
          { client_order_id: "c", error: { message: "no" } },
          { client_order_id: "d", order: null, error: null },
          { client_order_id: "e", order: [] },
          { order_id: "o-2", fill_count: "1.00", remaining_count: "0.00", ts_ms: 1 },
          order
        ]
      })
      const { bad, good } = sorted(Archive.decodeOrders, text)
      assert.deepStrictEqual(
        good.map(({ path }) => path),
        ["orders[0].order", "orders[6]"]
      )
      assert.deepStrictEqual(
        bad.map((error) => error.message),
        [
          "line 1, orders[1]: it failed and has none: insufficient_balance",
          "line 1, orders[2]: it failed and has none: no",
          "line 1, orders[3]: no orders in it",
          "line 1, orders[4].order: a list and no record",
          'line 1, orders[5]: unreadable order (today): Missing key at ["ticker"]'
        ]
      )
    })

    it("the confirmation of a new order of 2.0.0 is not the order", () => {
      const confirmed = Object.fromEntries(
        Object.entries(Handmade.of2024.order).filter(([name]) =>
          Object.hasOwn(OrdersApi2024.OrderConfirmation.fields, name)
        )
      )
      const { error } = ended(Archive.decodeOrders, json({ order: confirmed }))
      assert.deepInclude<unknown>(error, {
        path: "order",
        generation: "2024",
        description: "it tells no counts: it confirms a new order, and is not the order"
      })
    })

    it("digits that JSON loses are refused, and so is what is beyond the exact range", () => {
      const { count: _, ...rest } = Handmade.of2024.fill
      const huge = `{"count":9007199254740993,${json(rest).slice(1)}`
      assert.include(ended(Archive.decodeFills, huge).error.message, 'Expected an integer at ["count"]')
      const count = 90_000_000_000_000
      for (const counts of [{ remaining_count: count * 10 }, { remaining_count: count, taker_fill_count: count }]) {
        const { error } = ended(Archive.decodeOrders, json({ ...Handmade.of2024.order, ...counts }))
        assert.strictEqual(error.generation, "2024")
      }
      // where a string decides, it has all the digits
      const exact = { ...Handmade.ofJanuary2026.marketPosition, position_fp: "-90071992547409.91" }
      const [entry] = all(Archive.decodePositions, json(exact))
      assert.deepInclude<unknown>(entry?.record, { position: -9_007_199_254_740_991 })
    })

    it("no error shows a record", () => {
      const secret = "not-to-be-shown"
      for (const value of [
        { fills: [{ ...fill, order_id: { secret } }] },
        { fills: [secret] },
        secret,
        { fills: secret },
        { fills: [{ ...fill, yes_price_dollars: secret }] },
        [{ trade_id: secret }]
      ]) {
        for (const text of [json(value), json(value).slice(0, -1)]) {
          assert.notInclude(json(ended(Archive.decodeFills, text).error), secret)
        }
      }
    })

    it("an error says the same after JSON", () => {
      const { error } = ended(Archive.decodeFills, '{"fills":[{"trade_id":"t"}]}')
      const again = Schema.decodeUnknownSync(Archive.ArchiveError)(
        JSON.parse(json(Schema.encodeSync(Archive.ArchiveError)(error)))
      )
      assert.strictEqual(again.message, error.message)
    })
  })

  describe("goes record by record", () => {
    const small = json({ trade_id: "t", order_id: "o", ticker: "K", count: 1, yes_price: 1, is_taker: true })

    it("a line of 300,000 records is decoded as far as it is read", () => {
      const count = 300_000
      const line = `{"fills":[${`${small},`.repeat(count)}{}]}`
      const bad: Array<number> = []
      const entries = Archive.decodeFills(Stream.make(line), {
        onBad: (error) => Effect.sync(() => bad.push(error.index))
      })
      const first = Effect.runSync(Stream.runCollect(Stream.take(entries, 3)))
      assert.deepStrictEqual(
        first.map(({ index }) => index),
        [0, 1, 2]
      )
      assert.deepStrictEqual(bad, [])
      assert.strictEqual(Effect.runSync(Stream.runCount(entries)), count)
      assert.deepStrictEqual(bad, [count])
    })

    it("lines are taken as they are needed", () => {
      let taken = 0
      const source = Stream.fromIteratorSucceed(
        (function* () {
          for (; taken < 1_000_000; taken++) yield small
        })(),
        16
      )
      const some = Effect.runSync(Stream.runCollect(Stream.take(Archive.decodeFills(source), 20)))
      assert.strictEqual(some.length, 20)
      assert.isBelow(taken, 100)
    })

    it("lines that come together are not all decoded for the first of them", () => {
      const parse = vi.spyOn(JSON, "parse")
      const lines = Array.from({ length: 4000 }, () => small)
      Effect.runSync(Stream.runDrain(Stream.take(Archive.decodeFills(Stream.fromArray(lines)), 3)))
      const parsed = parse.mock.calls.length
      parse.mockRestore()
      assert.isBelow(parsed, 1000)
    })

    it("the same archive can be read twice", () => {
      const entries = Archive.decodeFills(`${small}\n${small}`)
      const lines = Archive.decodeFills(Stream.make(small, small))
      for (const stream of [entries, entries, lines, lines]) {
        assert.deepStrictEqual(
          Effect.runSync(Stream.runCollect(stream)).map(({ line }) => line),
          [1, 2]
        )
      }
    })
  })
})
