/** The command in this process, on a sandbox of a port. */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Sink from "effect/Sink"
import * as PlatformError from "effect/PlatformError"
import * as Balance from "effect-kalshi/models/Balance"
import * as Fill from "effect-kalshi/models/Fill"
import * as Order from "effect-kalshi/models/Order"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import { env, jsonLines, kalshi, writes } from "./kit.ts"

const truth = Effect.gen(function* () {
  const { account } = yield* Sandbox.Sandbox
  return yield* Control.Control.use((control) => control.truth(account))
})

const decodeFill = Schema.decodeUnknownSync(Fill.Fill)
const decodeOrder = Schema.decodeUnknownSync(Order.Order)

/** Runs the command on the sandbox in force. */
const on = (...args: ReadonlyArray<string>) => Effect.flatMap(env, (given) => kalshi(args, given))

layer(Sandbox.layer({ keyType: "ed25519", seed: 7, history: { fills: 300, orders: 120, settlements: 5 } }), {
  excludeTestServices: true
})("kalshi", (it) => {
  describe("fills", () => {
    it.effect("lists the newest, and says that there are more", () =>
      Effect.gen(function* () {
        const { code, err, out } = yield* on("fills", "--limit", "5")
        assert.strictEqual(code, 0, err)
        const lines = out.trimEnd().split("\n")
        assert.match(lines[0]!, /^TIME \(UTC\) +TICKER +SIDE +COUNT +PRICE +FEE +ROLE +SUB$/)
        const newest = (yield* truth).fills.slice(0, 5)
        assert.deepStrictEqual(
          lines.slice(1).map((line) => line.split(/ {2,}/)[1]),
          newest.map(({ ticker }) => ticker)
        )
        assert.include(err, "There are more: these are the newest 5.")
        assert.notInclude(out, "There are more")
      })
    )

    it.effect("lists all, exact and one a line, as JSON", () =>
      Effect.gen(function* () {
        const { code, err, out } = yield* on("fills", "--limit", "0", "--json")
        assert.deepStrictEqual([code, err], [0, ""])
        const fills = jsonLines(out).map((line) => decodeFill(line))
        const real = (yield* truth).fills
        assert.isAbove(real.length, 290)
        assert.deepStrictEqual(
          fills.map(({ count, fee, price, tradeId }) => ({ count, fee, price, tradeId })),
          real.map(({ count, fee, price, tradeId }) => ({ count, fee, price, tradeId }))
        )
        assert.match(jsonLines(out)[0].price, /^\d\.\d{4,6}$/)
        const known = jsonLines((yield* on("fills", "--limit", "3", "--json")).err)
        assert.deepStrictEqual([known[0].note.shown, known[0].note.more], [3, true])
      })
    )

    it.effect("goes on in the archive where the live side ends", () =>
      Effect.gen(function* () {
        const real = (yield* truth).fills
        const middle = real[Math.floor(real.length / 2)]!
        yield* Control.Control.use((control) => control.setCutoff({ trades: middle.at, orders: middle.at }))
        const fills = jsonLines((yield* on("fills", "-n", "0", "--json")).out)
        assert.deepStrictEqual(
          fills.map(({ orderId, tradeId }) => `${tradeId}/${orderId}`),
          real.map(({ orderId, tradeId }) => `${tradeId}/${orderId}`)
        )
        const orders = jsonLines((yield* on("orders", "-n", "0", "--json")).out)
        const placed = (yield* truth).orders
        assert.strictEqual(orders.length, placed.length)
        assert.deepStrictEqual(
          new Set(orders.map(({ orderId }) => orderId)),
          new Set(placed.map(({ orderId }) => orderId))
        )
      })
    )

    it.effect("of a range are those of it, its start included and its end not", () =>
      Effect.gen(function* () {
        const real = (yield* truth).fills
        const [until, since] = [real[10]!.at, real[20]!.at]
        const { out } = yield* on(
          "fills",
          `--since=${Timestamp.format(since)}`,
          `--until=${Timestamp.format(until)}`,
          "--limit=0",
          "--json"
        )
        assert.deepStrictEqual(
          jsonLines(out).map(({ tradeId }) => tradeId),
          real.filter(({ at }) => at >= since && at < until).map(({ tradeId }) => tradeId)
        )
        const days = jsonLines((yield* on("fills", "--since", "30d", "-n", "0", "--json")).out)
        assert.isAbove(days.length, 0)
        assert.isBelow(days.length, real.length)
        const ticker = real[0]!.ticker
        const some = jsonLines((yield* on("fills", "--ticker", ticker, "-n", "0", "--json")).out)
        assert.strictEqual(some.length, real.filter((fill) => fill.ticker === ticker).length)
      })
    )

    it.effect("that are none say so, and print nothing", () =>
      Effect.gen(function* () {
        const none = yield* on("fills", "--ticker", "NO-SUCH-MARKET")
        assert.deepStrictEqual([none.code, none.out], [0, ""])
        assert.include(none.err, "There are no fills that match.")
        const quiet = yield* on("fills", "--ticker", "NO-SUCH-MARKET", "--quiet")
        assert.deepStrictEqual([quiet.code, quiet.out, quiet.err], [0, "", ""])
      })
    )

    it.effect("that end before they begin are refused", () =>
      Effect.gen(function* () {
        const { code, err, out } = yield* on("fills", "--since", "1d", "--until", "2d")
        assert.deepStrictEqual([code, out], [2, ""])
        assert.include(err, "--since is not before --until")
      })
    )
  })

  describe("orders", () => {
    it.effect("are those of a status, a market and an event", () =>
      Effect.gen(function* () {
        const placed = (yield* truth).orders
        for (const status of ["resting", "canceled", "executed"]) {
          const orders = jsonLines((yield* on("orders", "--status", status, "-n", "0", "--json")).out)
          assert.strictEqual(orders.length, placed.filter((order) => order.status === status).length, status)
          for (const order of orders) assert.strictEqual(decodeOrder(order).status, status)
        }
        const { ticker } = placed.at(-1)!
        const market = yield* Control.Control.use((control) => control.market(ticker))
        const event = market!.spec.eventTicker
        const ofEvent = jsonLines((yield* on("orders", "--event", event, "-n", "0", "--json")).out)
        const tickers = new Set<string>()
        for (const order of placed) {
          const found = yield* Control.Control.use((control) => control.market(order.ticker))
          if (found?.spec.eventTicker === event) tickers.add(order.ticker)
        }
        assert.isAbove(ofEvent.length, 0)
        assert.strictEqual(ofEvent.length, placed.filter((order) => tickers.has(order.ticker)).length)
      })
    )

    it.effect("are a table on a terminal, in colour unless NO_COLOR is set", () =>
      Effect.gen(function* () {
        const given = yield* env
        const terminal = { stdio: { stdoutIsTerminal: Effect.succeed(true) } }
        const colored = yield* kalshi(["orders", "-n", "2"], given, terminal)
        assert.isTrue(colored.out.startsWith("\u001b[2mCREATED (UTC)"))
        const plain = yield* kalshi(["orders", "-n", "2"], { ...given, NO_COLOR: "1" }, terminal)
        assert.match(plain.out, /^CREATED \(UTC\)/)
        assert.notInclude(plain.out, "\u001b")
        assert.notInclude((yield* on("orders", "-n", "2")).out, "\u001b")
      })
    )
  })

  describe("positions and balance", () => {
    it.effect("are of all subaccounts, and carry their numbers", () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        const { account } = yield* Sandbox.Sandbox
        const number = yield* control.openSubaccount(account)
        yield* control.transfer(account, { clientTransferId: "one", from: 0, to: number, amount: Dollars.of(50) })
        const book = yield* control.listMarket({ ticker: "KXCLI-26-A", event: "KXCLI-26" })
        const other = yield* control.account("other", { deposit: Dollars.of(100), key: "ed25519" })
        yield* control.place(other.id, {
          ticker: book.ticker,
          side: "ask",
          price: Dollars.cents(40),
          count: Contracts.of(10)
        })
        yield* control.place(account, {
          ticker: book.ticker,
          side: "bid",
          price: Dollars.cents(40),
          count: Contracts.of(10),
          subaccount: number
        })
        const positions = jsonLines((yield* on("positions", "-n", "0", "--json")).out)
        const main = (yield* truth).positions
        assert.strictEqual(positions.length, main.length + 1)
        assert.deepInclude(positions[0], { ticker: "KXCLI-26-A", position: "10.00", exposure: "4.0000", subaccount: 1 })
        assert.isTrue(positions.slice(1).every(({ subaccount }) => subaccount === 0))
        const one = jsonLines((yield* on("positions", "--subaccount", "1", "--json")).out)
        assert.deepStrictEqual(one, [positions[0]])
        const table = yield* on("positions", "--event", "KXCLI-26")
        assert.match(table.out, /KXCLI-26-A +10 +4\.00/)

        const balance = jsonLines((yield* on("balance", "--json")).out)
        assert.strictEqual(balance.length, 1)
        const whole = balance[0]
        const parts = whole.bySubaccount.map((part: { available: string }) => Dollars.fromStringUnsafe(part.available))
        const real = [
          (yield* control.truth(account, 0)).balance.available,
          (yield* control.truth(account, 1)).balance.available
        ]
        assert.deepStrictEqual(parts, real)
        assert.strictEqual(whole.available, Dollars.format(Dollars.sum(real)))
        const shards = Schema.decodeUnknownSync(Schema.Array(Balance.ShardBalance))(whole.byShard)
        assert.deepStrictEqual(shards, [{ exchangeIndex: 0, available: Dollars.sum(real) }])
        assert.match((yield* on("balance")).out, /^ +DOLLARS\nFree cash +[\d,.]+\nValue of positions/)
      })
    )
  })

  describe("a key that may do little", () => {
    it.effect("is bound to a subaccount, of which everything is", () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        const { keyId } = yield* Sandbox.Sandbox
        yield* control.setKey(keyId, { subaccount: 1 })
        yield* Effect.gen(function* () {
          const balance = jsonLines((yield* on("balance", "--json")).out)[0]
          assert.deepStrictEqual([balance.bySubaccount.length, balance.byShard], [1, []])
          assert.isUndefined(balance.bySubaccount[0].subaccount)
          const positions = jsonLines((yield* on("positions", "--json")).out)
          assert.deepStrictEqual(
            positions.map(({ ticker }) => ticker),
            ["KXCLI-26-A"]
          )
          const other = yield* on("positions", "--subaccount", "0")
          assert.strictEqual(other.code, 3)
          assert.include(other.err, "limited to a single sub-account")
        }).pipe(Effect.ensuring(control.setKey(keyId, { subaccount: null })))
      })
    )

    it.effect("may not read at all, which is said", () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        const { keyId } = yield* Sandbox.Sandbox
        yield* control.setKey(keyId, { scopes: ["write"] })
        yield* Effect.gen(function* () {
          const text = yield* on("fills")
          assert.deepStrictEqual([text.code, text.out], [3, ""])
          assert.match(text.err, /^kalshi: getFills: the key may not do this \(403/)
          const json = yield* on("fills", "--json")
          assert.deepStrictEqual([json.code, json.out], [3, ""])
          assert.deepInclude(jsonLines(json.err)[0].error, { kind: "refused", reason: "Forbidden" })
        }).pipe(Effect.ensuring(control.setKey(keyId, { scopes: ["read", "write"] })))
      })
    )
  })

  describe("output", () => {
    const broken = (code: string) => ({
      stdio: {
        stdout: () =>
          Sink.fail(
            PlatformError.systemError({
              _tag: "Unknown",
              module: "Stdio",
              method: "stdout",
              cause: Object.assign(new Error(code), { code })
            })
          )
      }
    })

    it.effect("that nobody reads any more is a good end, and one that cannot be written is not", () =>
      Effect.gen(function* () {
        const given = yield* env
        const gone = yield* kalshi(["fills", "-q"], given, broken("EPIPE"))
        assert.deepStrictEqual([gone.code, gone.err], [0, ""])
        const full = yield* kalshi(["fills", "-q"], given, broken("ENOSPC"))
        assert.deepStrictEqual(
          [full.code, full.err],
          [1, "kalshi: standard output cannot be written (ENOSPC): is the disk full?\n"]
        )
      })
    )
  })

  describe("an exchange that fails", () => {
    it.effect("is told in a line", () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        yield* Effect.gen(function* () {
          const fault = Faults.gatewayPage(503)
          yield* control.inject(fault, { endpoint: "getFills", times: 10 })
          const { code, err, out } = yield* on("fills")
          assert.deepStrictEqual([code, out], [1, ""])
          assert.match(err, /^kalshi: getFills: the exchange is not available \(503.*\)\n$/)
        }).pipe(Effect.ensuring(control.clearFaults))
      })
    )
  })

  it.effect("has written nothing by all of that", () =>
    Effect.gen(function* () {
      const all = yield* Control.Control.use((control) => control.requests())
      assert.isAbove(all.length, 20)
      assert.deepStrictEqual(yield* writes, [])
    })
  )
})
