import * as NodeServices from "@effect/platform-node/NodeServices"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { tableFromIPC, type Table } from "apache-arrow"
import { parse } from "csv-parse/sync"
import * as Arbitrary from "effect/Arbitrary"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as PlatformError from "effect/PlatformError"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Child from "node:child_process"
import * as Crypto from "node:crypto"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as Zlib from "node:zlib"
import { readParquet } from "parquet-wasm"
import * as HistorySink from "../src/HistorySink.ts"
import * as Kind from "../src/Kind.ts"
import * as Files from "./Files.ts"
import * as Records from "./Records.ts"

const { path: base, place, remove } = Files.folder("sink")
afterAll(remove)

describe("HistorySink.extension", () => {
  it("says what a file is, and how it is compressed where that is not inside", () => {
    assert.deepStrictEqual(
      Files.ways.map(({ compression, format }) => HistorySink.extension(format, compression)),
      [".ndjson", ".ndjson.gz", ".csv", ".csv.gz", ".parquet", ".parquet", ".parquet"]
    )
  })
})

for (const way of Files.ways) {
  describe(`HistorySink.file, ${Files.title(way)}`, () => {
    const sink = (path: string) => HistorySink.file(Kind.fills, { ...way, path })

    it.effect.prop(
      "gives the same bytes for the same records, however the stream is cut",
      [
        Records.lists(Kind.settlements, 30),
        Arbitrary.schema(
          Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 }))).check(
            Schema.isMinLength(1),
            Schema.isMaxLength(5)
          )
        )
      ],
      ([records, sizes]) =>
        Effect.gen(function* () {
          const [one, other] = [place(way), place(way)]
          const written = yield* Files.write(Kind.settlements, one, way, records)
          yield* Files.write(Kind.settlements, other, way, records, sizes)
          const bytes = Fs.readFileSync(one)
          assert.deepStrictEqual(written, { path: one, records: records.length, bytes: bytes.length })
          assert.isTrue(bytes.equals(Fs.readFileSync(other)))
        }),
      { arbitrary: { runs: 8 } }
    )

    if (Files.few.includes(way)) {
      it.effect("gives the same bytes also where they are more than any buffer, block and row group", () =>
        Effect.gen(function* () {
          const records = Records.fills(41_000)
          const [one, other] = [place(way), place(way)]
          yield* Files.write(Kind.fills, one, way, records, [1000])
          yield* Files.write(Kind.fills, other, way, records, [1, 20_000, 3, 777])
          assert.isTrue(Fs.readFileSync(one).equals(Fs.readFileSync(other)))
        })
      )
    }

    it.effect("writes beside the name, and leaves there nothing else", () =>
      Effect.gen(function* () {
        const path = place(way)
        const seen: Array<ReadonlyArray<string>> = []
        const records = Stream.fromIterable(Records.fills(3)).pipe(
          Stream.tap(() => Effect.sync(() => seen.push(Files.beside(path))))
        )
        yield* Files.run(Stream.run(records, sink(path)))
        const name = Path.basename(path)
        assert.deepStrictEqual(seen, [[`.${name}.partial`], [`.${name}.partial`], [`.${name}.partial`]])
        assert.deepStrictEqual(Files.beside(path), [name])
      })
    )

    it.effect("replaces a file, and what a killed process left beside it", () =>
      Effect.gen(function* () {
        const path = place(way)
        yield* Files.write(Kind.fills, path, way, Records.fills(2))
        const aside = Path.join(Path.dirname(path), `.${Path.basename(path)}.partial`)
        Fs.writeFileSync(aside, "x".repeat(100_000))
        Fs.chmodSync(path, 0o600)
        yield* Files.write(Kind.fills, path, way, Records.fills(5))
        assert.deepStrictEqual(yield* Files.read(Kind.fills, path, way), Records.fills(5))
        assert.deepStrictEqual(Files.beside(path), [Path.basename(path)])
        assert.strictEqual(Fs.statSync(path).mode & 0o777, 0o600)
      })
    )

    /** That a file of before is as it was, and that nothing is beside it. */
    const untouched = <A, E>(
      write: (path: string) => Effect.Effect<A, E, FileSystem.FileSystem>,
      check: (exit: A) => void
    ) =>
      Effect.gen(function* () {
        for (const isThere of [false, true]) {
          const path = place(way)
          if (isThere) Fs.writeFileSync(path, "old")
          check(yield* Effect.provide(write(path), NodeServices.layer))
          assert.deepStrictEqual(Files.beside(path), isThere ? [Path.basename(path)] : [])
          if (isThere) assert.strictEqual(Fs.readFileSync(path, "utf8"), "old")
        }
      })

    it.effect("leaves a file as it is where the source fails halfway, with the error of the source", () =>
      untouched(
        (path) =>
          Files.run(
            Effect.flip(
              Stream.run(Stream.concat(Stream.fromArray(Records.fills(25_000)), Stream.fail("lost")), sink(path))
            )
          ),
        (error) => assert.strictEqual(error, "lost")
      )
    )

    it.effect("leaves a file as it is where it is interrupted halfway", () =>
      untouched(
        (path) =>
          Files.run(
            Effect.gen(function* () {
              const isUnderWay = yield* Deferred.make<void>()
              const records = Stream.concat(
                Stream.fromArray(Records.fills(25_000)),
                Stream.fromEffect(Effect.andThen(Deferred.succeed(isUnderWay, undefined), Effect.never))
              )
              const fiber = yield* Effect.forkChild(Stream.run(records, sink(path)))
              yield* Deferred.await(isUnderWay)
              const during = Files.beside(path)
              yield* Fiber.interrupt(fiber)
              return during
            })
          ),
        (during) => assert.isTrue(during.some((name) => name.endsWith(".partial")))
      )
    )

    // the compressed ones are written by the same hand
    if (way.compression === undefined) {
      it.effect("leaves a file as it is where a process is killed, and its next run does it", () =>
        Effect.gen(function* () {
          const path = place(way)
          Fs.writeFileSync(path, "old")
          const program = Path.join(import.meta.dirname, "killed.mjs")
          const ended = Child.spawnSync(process.execPath, [program, path, way.format, way.compression ?? ""], {
            encoding: "utf8"
          })
          assert.strictEqual(ended.signal, "SIGKILL", ended.stderr)
          assert.strictEqual(Fs.readFileSync(path, "utf8"), "old")
          assert.strictEqual(Files.beside(path).length, 2)
          yield* Files.write(Kind.fills, path, way, Records.fills(2))
          assert.deepStrictEqual(Files.beside(path), [Path.basename(path)])
          assert.deepStrictEqual(yield* Files.read(Kind.fills, path, way), Records.fills(2))
        })
      )
    }

    it.effect("makes its folder", () =>
      Effect.gen(function* () {
        const path = Path.join(Path.dirname(place(way)), "a", "b", "c")
        yield* Files.write(Kind.fills, path, way, Records.fills(2))
        assert.deepStrictEqual(yield* Files.read(Kind.fills, path, way), Records.fills(2))
      })
    )

    it.effect("does not replace a folder or a device, and takes no record for it", () =>
      Effect.gen(function* () {
        const path = place(way)
        Fs.mkdirSync(path)
        const fifo = place(way)
        Child.execFileSync("mkfifo", [fifo])
        for (const at of [path, fifo, "/dev/null"]) {
          let taken = 0
          const records = Stream.tap(Stream.fromArray(Records.fills(2)), () => Effect.sync(() => taken++))
          const error = yield* Files.run(Effect.flip(Stream.run(records, sink(at))))
          assert.strictEqual(error.reason._tag, "NotAFile")
          assert.strictEqual(error.message, `${at} is a folder or a device, which is not replaced; name a file`)
          assert.strictEqual(taken, 0)
        }
        assert.deepStrictEqual(Files.beside(path), [Path.basename(path)])
      })
    )

    it.effect("says that it may not write there", () =>
      Effect.gen(function* () {
        const file = place(way)
        Fs.writeFileSync(file, "")
        // nobody may write there, not even root
        for (const path of [Path.join(file, "records"), "/proc/self/records", `${file}${"x".repeat(300)}`]) {
          const error = yield* Effect.flip(Files.write(Kind.fills, path, way, Records.fills(2)))
          assert.strictEqual(error.reason._tag, "Unwritable", path)
          assert.include(error.message, `${path} cannot be written (`)
        }
      })
    )

    it.effect("gives way to another that began to write the same file meanwhile", () =>
      Effect.gen(function* () {
        const path = place(way)
        const records = Stream.concat(
          Stream.fromArray(Records.fills(2)),
          Stream.fromEffect(Effect.as(Files.write(Kind.fills, path, way, Records.fills(7)), Records.fill(3)))
        )
        const { reason } = yield* Files.run(Effect.flip(Stream.run(records, sink(path))))
        assert.deepStrictEqual(reason, new HistorySink.Contended({ path }))
        assert.deepStrictEqual(Files.beside(path), [Path.basename(path)])
        assert.deepStrictEqual(yield* Files.read(Kind.fills, path, way), Records.fills(7))
      })
    )

    it.effect("brings the file to the disk, then renames it, and then brings its name to the disk", () =>
      Effect.gen(function* () {
        const path = place(way)
        const done: Array<string> = []
        const tell = (text: string) => Effect.sync(() => done.push(text))
        const disk = Layer.effect(
          FileSystem.FileSystem,
          Effect.map(FileSystem.FileSystem, (fs) =>
            FileSystem.FileSystem.of({
              ...fs,
              rename: (from, to) =>
                Effect.andThen(tell(`rename ${Path.basename(from)} ${Path.basename(to)}`), fs.rename(from, to)),
              open: (at, options) =>
                Effect.map(fs.open(at, options), (file): FileSystem.File =>
                  Object.create(file, {
                    sync: { value: Effect.andThen(tell(`sync ${Path.basename(at)}`), file.sync) },
                    writeAll: {
                      value: (bytes: Uint8Array) => Effect.andThen(tell("write"), file.writeAll(bytes))
                    }
                  })
                )
            })
          )
        )
        yield* Stream.run(Stream.fromArray(Records.fills(2)), sink(path)).pipe(Effect.provide(disk), Files.run)
        const name = Path.basename(path)
        assert.deepStrictEqual(done, [
          "write",
          `sync .${name}.partial`,
          `rename .${name}.partial ${name}`,
          `sync ${Path.basename(Path.dirname(path))}`
        ])
      })
    )

    it.effect("leaves a file as it is where the disk does not take the last of it", () => {
      // what a file system that writes later says when it is to have written
      const full = PlatformError.systemError({
        _tag: "Unknown",
        module: "FileSystem",
        method: "sync",
        cause: Object.assign(new Error("ENOSPC: no space left on device, fsync"), { code: "ENOSPC" })
      })
      const disk = Layer.effect(
        FileSystem.FileSystem,
        Effect.map(FileSystem.FileSystem, (fs) =>
          FileSystem.FileSystem.of({
            ...fs,
            open: (path, options) =>
              Effect.map(fs.open(path, options), (file): FileSystem.File =>
                Object.create(file, { sync: { value: Effect.fail(full) } })
              )
          })
        )
      )
      return untouched(
        (path) =>
          Stream.run(Stream.fromArray(Records.fills(2)), sink(path)).pipe(Effect.flip, Effect.provide(disk), Files.run),
        ({ reason }) => assert.strictEqual(reason._tag, "DiskFull")
      )
    })
  })
}

const mount = Path.join(base, "small")

const isMounted = ((): boolean => {
  Fs.mkdirSync(mount)
  return Child.spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", mount]).status === 0
})()

describe.skipIf(!isMounted)("HistorySink.file on a disk of 1 MiB (skipped where none can be mounted)", () => {
  afterAll(() => void Child.spawnSync("umount", [mount]))

  for (const way of Files.few) {
    it.effect(`says that it is full, and leaves what was there: ${Files.title(way)}`, () =>
      Effect.gen(function* () {
        const path = Path.join(mount, `records${HistorySink.extension(way.format, way.compression)}`)
        yield* Files.write(Kind.fills, path, way, Records.fills(10))
        const before = Fs.readFileSync(path)
        // what is the same again and again fits by being compressed
        const random = Records.fills(60_000).map((fill) => ({ ...fill, orderId: Crypto.randomUUID() }))
        const error = yield* Effect.flip(Files.write(Kind.fills, path, way, random))
        assert.deepStrictEqual(error.reason, new HistorySink.DiskFull({ path }))
        assert.isTrue(Fs.readFileSync(path).equals(before))
        assert.notInclude(Files.beside(path), `.${Path.basename(path)}.partial`)
        // there is room again
        yield* Files.write(Kind.fills, path, way, Records.fills(20))
        assert.deepStrictEqual(yield* Files.read(Kind.fills, path, way), Records.fills(20))
        Fs.rmSync(path)
      })
    )
  }
})

const half = { ...Records.fill(1), ticker: "half \uD83D" }

describe("HistorySink.file, text that is not Unicode", () => {
  for (const way of Files.ways) {
    it.effect(`is exact or refused: ${Files.title(way)}`, () =>
      Effect.gen(function* () {
        const path = place(way)
        const writing = Files.write(Kind.fills, path, way, [Records.fill(0), half])
        if (way.format === "ndjson") {
          yield* writing
          assert.deepStrictEqual(yield* Files.read(Kind.fills, path, way), [Records.fill(0), half])
        } else {
          const { message, reason } = yield* Effect.flip(writing)
          assert.strictEqual(reason._tag, "Unsayable")
          assert.strictEqual(
            message,
            `the record "${Kind.fills.key(half)}" cannot be written: its ticker: it has half of a character, which UTF-8 cannot say; NDJSON holds every text`
          )
          assert.deepStrictEqual(Files.beside(path), [])
        }
      })
    )
  }
})

describe("HistorySink.ndjson", () => {
  it.effect("is a line of JSON a record, as its schema writes it", () =>
    Effect.gen(function* () {
      const path = place()
      yield* Files.run(Stream.run(Stream.fromArray(Records.strange), HistorySink.ndjson(Kind.fills, { path })))
      const text = Fs.readFileSync(path, "utf8")
      assert.isTrue(text.endsWith("}\n"))
      const lines = text.slice(0, -1).split("\n")
      assert.deepStrictEqual(
        lines.map((line): unknown => JSON.parse(line)),
        Records.strange.map((fill) => Schema.encodeSync(Kind.fills.schema)(fill))
      )
    })
  )

  it.effect("writes money, counts and times as the exchange does", () =>
    Effect.gen(function* () {
      const path = place()
      yield* Files.run(Stream.run(Stream.make(Records.fill(7)), HistorySink.ndjson(Kind.fills, { path })))
      assert.strictEqual(
        Fs.readFileSync(path, "utf8"),
        '{"tradeId":"00000000-0000-4000-8000-000000000007","orderId":"10000000-0000-4000-8000-000000000007",' +
          '"ticker":"KXTEST-26NOV08-T7","side":"ask","price":"0.0800","count":"0.08","isTaker":false,' +
          '"fee":"0.000959","createdAt":"2026-05-28T20:26:48.641969Z","subaccount":3}\n'
      )
    })
  )

  it.effect("is the same file as gzip, which has no time in it", () =>
    Effect.gen(function* () {
      const [plain, packed] = [place(), place()]
      const records = Records.fills(5000)
      yield* Files.write(Kind.fills, plain, { format: "ndjson" }, records)
      yield* Files.write(Kind.fills, packed, { format: "ndjson", compression: "gzip" }, records)
      const bytes = Fs.readFileSync(packed)
      assert.isTrue(Zlib.gunzipSync(bytes).equals(Fs.readFileSync(plain)))
      assert.strictEqual(bytes.readUInt32LE(4), 0)
      assert.isBelow(bytes.length * 5, Fs.statSync(plain).size)
    })
  )
})

describe("HistorySink.csv", () => {
  const csv = Effect.fnUntraced(function* <A>(kind: Kind.Kind<A>, records: ReadonlyArray<A>) {
    const path = place({ format: "csv" })
    yield* Files.run(Stream.run(Stream.fromArray(records), HistorySink.csv(kind, { path })))
    return Fs.readFileSync(path, "utf8")
  })

  it.effect("is what another parser takes it for, absent and empty text told apart", () =>
    Effect.gen(function* () {
      const text = yield* csv(Kind.fills, Records.strange)
      // strict: nothing is forgiven
      const [header, ...rows] = parse(text, {
        record_delimiter: "\r\n",
        cast: (value, { quoting }) => (value === "" && !quoting ? null : value)
      })
      assert.deepStrictEqual(
        header,
        Kind.fills.columns.map(({ name }) => name)
      )
      assert.deepStrictEqual(
        rows,
        Records.strange.map((fill) => [
          fill.tradeId,
          fill.orderId,
          fill.ticker,
          fill.side,
          Dollars.format(fill.price),
          Contracts.format(fill.count),
          fill.isTaker ? "true" : "false",
          fill.fee === undefined ? null : Dollars.format(fill.fee),
          fill.createdAt === undefined ? null : times[fill.createdAt],
          fill.subaccount === undefined ? null : String(fill.subaccount),
          fill.exchangeIndex === undefined ? null : String(fill.exchangeIndex)
        ])
      )
      assert.isTrue(text.endsWith("\r\n"))
    })
  )

  it.effect("writes money, counts and times of one form", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* csv(Kind.transfers, [
          {
            transferId: "=a",
            from: 0,
            to: 63,
            amount: Dollars.micros(-1_500_001),
            createdAt: Timestamp.fromSeconds(1_795_340_151)
          }
        ]),
        "transfer_id,from,to,amount,created_at,exchange_index\r\n=a,0,63,-1.500001,2026-11-22T09:35:51.000000Z,\r\n"
      )
    })
  )

  it.effect("is a header for no records", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* csv(Kind.trades, []), "trade_id,ticker,taker_side,price,count,created_at,is_block\r\n")
    })
  )
})

/** What the times of the strange fills are, by another program. */
const times: Readonly<Record<number, string>> = {
  [-Number.MAX_SAFE_INTEGER]: "1684-07-28T00:12:25.259009Z",
  [-1_000_001]: "1969-12-31T23:59:58.999999Z",
  [-1]: "1969-12-31T23:59:59.999999Z",
  0: "1970-01-01T00:00:00.000000Z",
  1: "1970-01-01T00:00:00.000001Z",
  999_999: "1970-01-01T00:00:00.999999Z",
  [Number.MAX_SAFE_INTEGER]: "2255-06-05T23:47:34.740991Z"
}

describe("HistorySink.parquet", () => {
  /** What another reader makes of it. */
  const table = (path: string): Table =>
    tableFromIPC(readParquet(new Uint8Array(Fs.readFileSync(path))).intoIPCStream())

  /** The whole numbers that a column is stored as. */
  const integers = (from: Table, name: string): ReadonlyArray<bigint | null> => {
    const column = from.getChild(name)
    return Array.from({ length: from.numRows }, (_, index): bigint | null => {
      const value: unknown = column?.get(index)
      if (value === null || value === undefined) return null
      // words of 32 bits, the lowest first
      const words = Array.from(new Uint32Array(Object(value)), BigInt)
      return BigInt.asIntN(
        128,
        words.reduceRight((all, word) => (all << 32n) | word, 0n)
      )
    })
  }

  for (const compression of [undefined, "gzip", "none"] as const) {
    describe(compression ?? "with Snappy, where nothing is said", () => {
      const written = Effect.fnUntraced(function* <A>(kind: Kind.Kind<A>, records: ReadonlyArray<A>) {
        const path = place({ format: "parquet" })
        yield* Files.write(
          kind,
          path,
          { format: "parquet", ...(compression === undefined ? {} : { compression }) },
          records
        )
        return table(path)
      })

      it.effect("has the types of the columns, of a file without records too", () =>
        Effect.gen(function* () {
          for (const records of [[], Records.strange]) {
            const { numRows, schema } = yield* written(Kind.fills, records)
            assert.strictEqual(numRows, records.length)
            assert.deepStrictEqual(
              schema.fields.map(({ name, nullable, type }) => `${name} ${type} ${nullable}`),
              [
                "trade_id Utf8 false",
                "order_id Utf8 false",
                "ticker Utf8 false",
                "side Utf8 false",
                "price Decimal[18e+6] false",
                "count Decimal[18e+2] false",
                "is_taker Bool false",
                "fee Decimal[18e+6] true",
                "created_at Timestamp<MICROSECOND, UTC> true",
                "subaccount Int64 true",
                "exchange_index Int64 true"
              ]
            )
            assert.deepStrictEqual([...schema.metadata], [["effect-kalshi.kind", "fills"]])
          }
        })
      )

      it.effect("has the values, exactly", () =>
        Effect.gen(function* () {
          const all = [...Records.strange, ...Records.fills(20_500)]
          const found = yield* written(Kind.fills, all)
          const values = (name: string): ReadonlyArray<unknown> => [...found.getChild(name)!]
          // its decoder takes a mark off
          const text = (of: (fill: (typeof all)[number]) => string) =>
            all.map((fill) => of(fill).replace(/^\uFEFF/, ""))
          const whole = (of: (fill: (typeof all)[number]) => number | undefined) =>
            all.map((fill) => {
              const value = of(fill)
              return value === undefined ? null : BigInt(value)
            })
          assert.deepStrictEqual(
            values("trade_id"),
            text(({ tradeId }) => tradeId)
          )
          assert.deepStrictEqual(
            values("order_id"),
            text(({ orderId }) => orderId)
          )
          assert.deepStrictEqual(
            values("ticker"),
            text(({ ticker }) => ticker)
          )
          assert.deepStrictEqual(
            values("side"),
            text(({ side }) => side)
          )
          assert.deepStrictEqual(
            values("is_taker"),
            all.map(({ isTaker }) => isTaker)
          )
          assert.deepStrictEqual(
            integers(found, "price"),
            whole(({ price }) => price)
          )
          assert.deepStrictEqual(
            integers(found, "count"),
            whole(({ count }) => count)
          )
          assert.deepStrictEqual(
            integers(found, "fee"),
            whole(({ fee }) => fee)
          )
          assert.deepStrictEqual(
            values("subaccount"),
            whole(({ subaccount }) => subaccount)
          )
          assert.deepStrictEqual(
            values("exchange_index"),
            whole(({ exchangeIndex }) => exchangeIndex)
          )
          // as they are stored: the reader's own values are milliseconds
          const stored = found.getChild("created_at")!.data.flatMap(({ values }) => [...values])
          assert.deepStrictEqual(
            stored.map((value, index) => (all[index]!.createdAt === undefined ? null : value)),
            whole(({ createdAt }) => createdAt)
          )
        })
      )
    })
  }
})
