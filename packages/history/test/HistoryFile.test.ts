import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Fs from "node:fs"
import * as Zlib from "node:zlib"
import * as HistoryFile from "../src/HistoryFile.ts"
import * as Kind from "../src/Kind.ts"
import * as Files from "./Files.ts"
import * as Records from "./Records.ts"

const { place, remove } = Files.folder("file")
afterAll(remove)

// where the system tells which files a process has open
const OPEN = "/proc/self/fd"

for (const way of Files.ways) {
  describe(`HistoryFile.read, ${Files.title(way)}`, () => {
    Records.each((kind) =>
      it.effect.prop(
        `gives back ${kind.name} as they were written`,
        [Records.lists(kind, 20)],
        ([records]) =>
          Effect.gen(function* () {
            const path = place(way)
            yield* Files.write(kind, path, way, records, [3, 1, 7])
            assert.deepStrictEqual(yield* Files.read(kind, path, way), records)
          }),
        { arbitrary: { runs: 6 } }
      )
    )

    it.effect("gives back what formats trip over", () =>
      Effect.gen(function* () {
        const path = place(way)
        yield* Files.write(Kind.fills, path, way, Records.strange)
        assert.deepStrictEqual(yield* Files.read(Kind.fills, path, way), Records.strange)
      })
    )

    it.effect("gives back none of none", () =>
      Effect.gen(function* () {
        const path = place(way)
        const written = yield* Files.write(Kind.trades, path, way, [])
        assert.deepStrictEqual(written, { path, records: 0, bytes: Fs.statSync(path).size })
        assert.deepStrictEqual(yield* Files.read(Kind.trades, path, way), [])
      })
    )

    if (Files.few.includes(way)) {
      it.effect("gives back more than one part", () =>
        Effect.gen(function* () {
          const path = place(way)
          const records = Records.fills(21_500)
          yield* Files.write(Kind.fills, path, way, records, [1000, 1, 20_001])
          assert.deepStrictEqual(yield* Files.read(Kind.fills, path, way), records)
        })
      )
    }

    it.effect("fails where a file breaks off, wherever it does, after what is whole before", () =>
      Effect.gen(function* () {
        const whole = place(way)
        const records = Records.strange
        yield* Files.write(Kind.fills, whole, way, records)
        const bytes = Fs.readFileSync(whole)
        const torn = place(way)
        for (let length = 0; length < bytes.length; length += length < 300 ? 1 : 97) {
          Fs.writeFileSync(torn, bytes.subarray(0, length))
          const got: Array<unknown> = []
          const error = yield* HistoryFile.read(Kind.fills, { ...way, path: torn }).pipe(
            Stream.runForEach((record) => Effect.sync(() => got.push(record))),
            Files.run,
            Effect.flip,
            // behind a line nothing tells that more was to come
            Effect.catchIf(
              () => true,
              () => Effect.succeed(undefined)
            )
          )
          assert.deepStrictEqual(got, records.slice(0, got.length))
          if (error === undefined) {
            assert.include(["ndjson", "csv"], way.format)
            assert.isUndefined(way.compression)
            assert.isTrue(length === 0 || bytes[length - 1] === 10)
            continue
          }
          assert.strictEqual(error.path, torn)
          // of the first bytes of gzip and Parquet nothing tells what they are of
          if (length >= 4) assert.strictEqual(error.reason._tag, "CutOff", `${length} bytes: ${error.message}`)
        }
      })
    )

    it.effect("says of a file that is something else that it is, and never takes it for records", () =>
      Effect.gen(function* () {
        const others = [
          "hello\n",
          "<html>\n</html>\n",
          "\u0000\u0001\u0002\n",
          "[]\n",
          '{"a":1}\n',
          "a,b\r\n1,2\r\n",
          Zlib.gzipSync("hello\n"),
          Buffer.from([0xff, 0xfe, 0x0a]),
          ...(way.format === "parquet" ? ["PAR1xxxxPAR1"] : [])
        ]
        for (const other of others) {
          const path = place(way)
          Fs.writeFileSync(path, other)
          const { reason } = yield* Effect.flip(Files.read(Kind.fills, path, way))
          assert.strictEqual(reason._tag, "Foreign", String(other))
        }
      })
    )

    it.effect("says that there is no file, or that it is a folder", () =>
      Effect.gen(function* () {
        const path = place(way)
        assert.strictEqual((yield* Effect.flip(Files.read(Kind.fills, path, way))).reason._tag, "Unreadable")
        Fs.mkdirSync(path)
        assert.strictEqual((yield* Effect.flip(Files.read(Kind.fills, path, way))).reason._tag, "Unreadable")
      })
    )

    it.effect("says that the records are of another kind", () =>
      Effect.gen(function* () {
        const path = place(way)
        yield* Files.write(Kind.fills, path, way, Records.fills(3))
        const { reason } = yield* Effect.flip(Files.read(Kind.transfers, path, way))
        assert.strictEqual(reason._tag, "Foreign")
      })
    )

    if (Fs.existsSync(OPEN) && Files.few.includes(way)) {
      it.effect("reads as much as is asked for, and leaves no file open", () =>
        Effect.gen(function* () {
          const open = () => Fs.readdirSync(OPEN).length
          const path = place(way)
          yield* Files.write(Kind.fills, path, way, Records.fills(20_001))
          const before = open()
          for (let turn = 0; turn < 3; turn++) {
            const taken = HistoryFile.read(Kind.fills, { ...way, path }).pipe(
              Stream.take(2),
              Stream.runCollect,
              Files.run
            )
            assert.deepStrictEqual(yield* taken, Records.fills(2))
          }
          assert.isAtMost(open(), before + 1)
        })
      )
    }
  })
}

describe("HistoryFile.read", () => {
  const line = Effect.fnUntraced(function* (format: "ndjson" | "csv", text: string | Uint8Array) {
    const path = place({ format })
    Fs.writeFileSync(path, text)
    const got: Array<unknown> = []
    const error = yield* HistoryFile.read(Kind.transfers, { format, path }).pipe(
      Stream.runForEach((record) => Effect.sync(() => got.push(record))),
      Files.run,
      Effect.flip
    )
    return [got.length, error.message.slice(path.length + 2)] as const
  })

  const json = (id: string) =>
    `{"transferId":"${id}","from":0,"to":1,"amount":"1.0000","createdAt":"2026-11-22T09:35:51Z"}\n`
  const header = "transfer_id,from,to,amount,created_at,exchange_index\r\n"
  const row = (id: string) => `${id},0,1,1.00,2026-11-22T09:35:51Z,\r\n`

  it.effect("names the line of NDJSON that is wrong", () =>
    Effect.gen(function* () {
      const good = json("a") + json("b")
      assert.deepStrictEqual(yield* line("ndjson", `${good}{"transferId":"c`), [
        2,
        "it breaks off on line 3; what wrote or copied it did not finish: write or copy it again"
      ])
      const cases: ReadonlyArray<readonly [string | Uint8Array, RegExp]> = [
        [`${good}\n${json("c")}`, /^line 3: it is not JSON; /],
        [`${good}null\n`, /^line 3: Expected object; /],
        [
          good + json("c").replace("1.0000", "1.0000001"),
          /^line 3: Expected a decimal dollar string .* at \["amount"\]; /
        ],
        [good + json("c").replace('"from":0', '"from":0.5'), /^line 3: .* at \["from"\]; /],
        [Buffer.concat([Buffer.from(good), Buffer.from([0xc3, 0x28, 10])]), /^line 3: it is not UTF-8 text; /],
        [`\uFEFF${good}`, /^line 1: it is not JSON; /]
      ]
      for (const [text, message] of cases) {
        const [count, found] = yield* line("ndjson", text)
        assert.match(found, message)
        assert.strictEqual(count, found.startsWith("line 1") ? 0 : 2)
      }
    })
  )

  it.effect("names the line of CSV that is wrong, in which a text may have several", () =>
    Effect.gen(function* () {
      const good = header + row('"a\r\nb\n"') + row("b")
      const cases: ReadonlyArray<readonly [string | Uint8Array, RegExp]> = [
        [good + row("c").replace("1.00", "1.0000001"), /^line 6: its amount is not an amount of at most 6 decimals; /],
        [good + row("c").replace("1.00", "1e0"), /^line 6: its amount is not an amount/],
        [good + row("c").replace("09:35", "25:35"), /^line 6: its created_at is not an RFC 3339 time; /],
        [good + row("c").replace(",0,", ",0x1,"), /^line 6: its from is not a whole number; /],
        [good + row("c").replace(",0,", ",,"), /^line 6: its from is empty; /],
        [good + row("c").replace(",0,", ",9007199254740993,"), /^line 6: .* at \["from"\]; /],
        [good + row("c").replace(",0,", ",0,0,"), /^line 6: it has 7 cells where the header has 6; /],
        [`${good}\r\n`, /^line 6: it has 1 cells where the header has 6; /],
        [good + row('c"d'), /^line 6: a quote or a return stands where neither can; /],
        [good + row('"c"d'), /^line 6: a quote or a return stands where neither can; /],
        [good + row("c\rd"), /^line 6: a quote or a return stands where neither can; /],
        [Buffer.concat([Buffer.from(good), Buffer.from([0xc3, 0x28, 10])]), /^line 6: it is not UTF-8 text; /],
        [good + row("c").slice(0, -2), /^it breaks off on line 6; /],
        [`${good}"c`, /^it breaks off on line 6; /],
        [`${good}"c\r\n`, /^it breaks off on line 7; /]
      ]
      for (const [text, message] of cases) {
        const [count, found] = yield* line("csv", text)
        assert.match(found, message)
        assert.strictEqual(count, 2)
      }
      assert.match((yield* line("csv", ""))[1], /^it breaks off on line 1; /)
      assert.match((yield* line("csv", header.replace("from,", "")))[1], /^line 1: it has no column "from"; /)
      assert.match(
        (yield* line("csv", header.replace("from", "From")))[1],
        /^line 1: transfers have no column "From"; /
      )
      assert.match((yield* line("csv", header.replace("from,", ",")))[1], /^line 1: transfers have no column ""; /)
      assert.match((yield* line("csv", header.replace("from,", "from,from,")))[1], /^line 1: it has a column twice; /)
    })
  )

  it.effect("reads CSV that another program has written again", () =>
    Effect.gen(function* () {
      const path = place({ format: "csv" })
      Fs.writeFileSync(path, '"amount",to,from,transfer_id,created_at\n"1",1,-0,"",2026-11-22T10:35:51.5+01:00\n')
      assert.deepStrictEqual(
        JSON.stringify(yield* Files.read(Kind.transfers, path, { format: "csv" })),
        JSON.stringify([{ transferId: "", from: 0, to: 1, amount: 1_000_000, createdAt: 1_795_340_151_500_000 }])
      )
    })
  )

  it.effect("does not read a file without a line break into memory", () =>
    Effect.gen(function* () {
      const [, message] = yield* line("ndjson", Buffer.alloc(17 * 1024 * 1024, 97))
      assert.match(message, /^line 1: it has no line break for 16 MiB; /)
    })
  )

  it.effect("tells deposits from withdrawals in Parquet, which have the same columns", () =>
    Effect.gen(function* () {
      const path = place({ format: "parquet" })
      yield* Files.write(Kind.deposits, path, { format: "parquet" }, [])
      const error = yield* Effect.flip(Files.read(Kind.withdrawals, path, { format: "parquet" }))
      assert.include(error.message, "it has deposits, and no withdrawals")
    })
  )

  it.effect("fails where a byte within Parquet was lost", () =>
    Effect.gen(function* () {
      const path = place({ format: "parquet" })
      yield* Files.write(Kind.fills, path, { format: "parquet" }, Records.fills(100))
      const bytes = Fs.readFileSync(path)
      Fs.writeFileSync(path, Buffer.concat([bytes.subarray(0, 200), bytes.subarray(201)]))
      const error = yield* Effect.flip(Files.read(Kind.fills, path, { format: "parquet" }))
      assert.strictEqual(error.reason._tag, "Foreign")
    })
  )
})
