/**
 * The records of an account, gathered while it rests and while it trades, from
 * the exchange and from the files of an export.
 */
import { AccountRecords, Discrepancy, Export, History, type Kind, Ledger } from "@effect-kalshi/history"
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Contracts, Dollars, Timestamp } from "effect-kalshi"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as kit from "../portfolio/kit.ts"

const base = Fs.existsSync("/dev/shm") ? "/dev/shm" : Os.tmpdir()

const folder = Effect.acquireRelease(
  Effect.sync(() => Fs.mkdtempSync(Path.join(base, "kalshi-account-"))),
  (path) => Effect.sync(() => Fs.rmSync(path, { recursive: true }))
)

const ticker = "KXTRADED-26DEC24-T0"

/** The account trades a contract. */
const trade = Effect.gen(function* () {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  const { id } = yield* kit.other()
  const order = { ticker, price: Dollars.cents(40), count: Contracts.of(1) }
  yield* control.place(id, { ...order, side: "ask" })
  yield* control.place(account, { ...order, side: "bid" })
})

/** An order of the account that rests, and how it is taken back. */
const rest = Effect.gen(function* () {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  return yield* control.place(account, { ticker, side: "bid", price: Dollars.cents(3), count: Contracts.of(50) })
})

const truth = Effect.gen(function* () {
  const { account } = yield* Sandbox.Sandbox
  return yield* Control.Control.use((control) => control.truth(account))
})

const found = (records: AccountRecords.AccountRecords): ReadonlyArray<string> =>
  Ledger.make(records).discrepancies.map(Discrepancy.describe)

/** Something happens once while the records are read. */
const during = (what: AccountRecords.Progress["what"], event: Effect.Effect<void>): AccountRecords.Options => {
  let hasHappened = false
  return {
    onProgress: (progress) =>
      Effect.suspend(() => {
        if (hasHappened || progress.what !== what) return Effect.void
        hasHappened = true
        return event
      })
  }
}

const NAMES = ["fills", "settlements", "deposits", "withdrawals", "transfers", "orders", "positions"] as const

const save = (path: string, what: Kind.Name, more: Partial<Export.FileOptions<Kind.Name>> = {}) =>
  Export.toFile({ what, path: Path.join(path, `${what}.csv`), format: "csv", account: "sandbox/one", ...more })

const whole = History.layer.pipe(
  Layer.provideMerge(kit.sandbox({ seed: 3, history: { fills: 300, orders: 80, settlements: 12 } })),
  Layer.provideMerge(NodeServices.layer)
)

layer(whole, { excludeTestServices: true })("AccountRecords", (it) => {
  describe("from the exchange", () => {
    it.effect("are all there are, with archived markets and the balance of the same moment", () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        yield* control.listMarket({ ticker, event: "KXTRADED-26DEC24" })
        yield* trade
        yield* rest
        const { balance, fills } = yield* truth
        const middle = fills[150]?.at ?? Timestamp.micros(0)
        yield* control.setCutoff({ markets: middle, trades: middle, orders: middle, positions: middle })
        const records = yield* AccountRecords.live()
        assert.lengthOf(records.fills, fills.length)
        assert.deepStrictEqual(records.gaps, [])
        assert.deepStrictEqual(
          new Set(records.markets.map((market) => market.ticker)),
          new Set(fills.map((fill) => fill.ticker))
        )
        assert.isTrue(records.markets.some(({ settledAt }) => settledAt !== undefined && settledAt < middle))
        assert.deepStrictEqual(records.snapshots, [
          { at: records.asOf, subaccount: 0, available: balance.available, reserved: balance.reserved }
        ])
        assert.isAbove(balance.reserved, 0)
        assert.deepStrictEqual(found(records), [])
        assert.strictEqual(Ledger.make(records).totals.cash, balance.available + balance.reserved)
      })
    )

    it.effect("contradict nothing where the account trades meanwhile: what moved is left out, and said", () =>
      Effect.gen(function* () {
        const services = yield* Effect.context<Control.Control | Sandbox.Sandbox>()
        for (const [what, event] of [
          ["fills", trade],
          ["deposits", trade],
          ["positions", trade],
          ["orders", rest]
        ] as const) {
          const happening = event.pipe(Effect.provideContext(services), Effect.orDie, Effect.asVoid)
          const records = yield* AccountRecords.live(during(what, happening))
          assert.deepStrictEqual(records.gaps, [{ _tag: "Moved" }], what)
          assert.deepStrictEqual([records.snapshots, records.positions], [[], undefined])
          assert.deepStrictEqual(found(records), [], what)
        }
        assert.deepStrictEqual(found(yield* AccountRecords.live()), [])
      })
    )
  })

  describe("from a folder", () => {
    it.effect("end where the first export ended, and contradict nothing", () =>
      Effect.gen(function* () {
        const path = yield* folder
        const { until } = yield* save(path, "fills")
        yield* trade
        for (const what of NAMES.slice(1)) yield* save(path, what)
        const records = yield* AccountRecords.fromFolder(path)
        assert.strictEqual(records.asOf, until)
        assert.strictEqual(records.account, "sandbox/one")
        assert.deepStrictEqual(records.gaps, [{ _tag: "Moved" }, { _tag: "NoMarkets" }])
        assert.deepStrictEqual(found(records), [])
        // and all of it where nothing moved
        for (const what of NAMES) yield* save(path, what, { restart: true })
        const rested = yield* AccountRecords.fromFolder(path)
        assert.deepStrictEqual(rested.gaps, [{ _tag: "NoMarkets" }])
        assert.lengthOf(rested.fills, (yield* truth).fills.length)
        assert.isAbove(rested.positions?.length ?? 0, 0)
        assert.deepStrictEqual(found(rested), [])
        const live = yield* AccountRecords.live()
        const looked = yield* AccountRecords.withMarkets(rested)
        assert.deepStrictEqual(looked.gaps, [])
        assert.strictEqual(Ledger.make(looked).totals.cash, Ledger.make(live).totals.cash)
        assert.isBelow(
          Math.abs(Ledger.make(rested).totals.cash - Ledger.make(live).totals.cash),
          10_000 * rested.settlements.length
        )

        // by their latest record where nothing tells more, and in any format
        for (const name of Fs.readdirSync(path)) if (name.endsWith(".checkpoint")) Fs.rmSync(Path.join(path, name))
        Fs.rmSync(Path.join(path, "orders.csv"))
        Fs.rmSync(Path.join(path, "transfers.csv"))
        yield* save(path, "transfers", {
          path: Path.join(path, "transfers.ndjson.gz"),
          format: "ndjson",
          compression: "gzip"
        })
        Fs.rmSync(Path.join(path, "transfers.ndjson.gz.checkpoint"))
        const bare = yield* AccountRecords.fromFolder(path)
        assert.strictEqual(bare.asOf, Math.max(...rested.fills.map(({ createdAt }) => createdAt ?? 0)))
        assert.deepStrictEqual(bare.gaps, [{ _tag: "NotAmong", kind: "orders" }, { _tag: "NoMarkets" }])
        assert.lengthOf(bare.fills, rested.fills.length)
      }).pipe(Effect.scoped)
    )

    it.effect("say what they are of alone, and refuse what is not of one account", () =>
      Effect.gen(function* () {
        const path = yield* folder
        const refused = Effect.flip(AccountRecords.fromFolder(path)).pipe(Effect.map(({ message }) => message))
        assert.match(yield* refused, /has no fills, settlements, deposits, withdrawals and transfers/)
        const since = (yield* truth).fills[100]?.at
        yield* save(path, "fills", { ticker })
        for (const what of NAMES.slice(1)) yield* save(path, what, { since })
        const { gaps } = yield* AccountRecords.fromFolder(path)
        assert.deepStrictEqual(gaps.slice(0, 2), [
          { _tag: "Narrowed", kinds: ["fills"], to: `those of the market ${ticker}` },
          {
            _tag: "Narrowed",
            kinds: NAMES.slice(1),
            to: `those from ${Timestamp.format(since ?? Timestamp.micros(0))} on`
          }
        ])
        assert.isTrue(gaps.every((gap) => AccountRecords.describe(gap).endsWith(".")))
        yield* save(path, "fills", {
          path: Path.join(path, "fills.parquet"),
          format: "parquet",
          account: "sandbox/two"
        })
        assert.match(yield* refused, /has the fills more than once, in fills.csv and fills.parquet/)
        Fs.rmSync(Path.join(path, "fills.csv"))
        assert.match(yield* refused, /different accounts, sandbox\/two and sandbox\/one/)
        const checkpoint = Path.join(path, "fills.parquet.checkpoint")
        Fs.writeFileSync(checkpoint, Fs.readFileSync(checkpoint, "utf8").replace(`"isDone":true`, `"isDone":false`))
        assert.match(yield* refused, /an export of fills that is not finished/)
        Fs.rmSync(Path.join(path, "fills.parquet"))
        assert.match(yield* refused, /an export of fills that is not finished/)
      }).pipe(Effect.scoped)
    )
  })
})
