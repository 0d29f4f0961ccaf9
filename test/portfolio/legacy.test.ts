/**
 * What is peculiar to the wire of 2.0.0: what it says, what it refuses, and
 * what it makes of an answer without counts.
 */
import { Control, Faults } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Contracts,
  Credentials,
  Dollars,
  Environment,
  type KalshiError,
  type OrderRequest,
  Portfolio,
  Retry,
  Timestamp
} from "effect-kalshi"
import * as support from "../support.ts"
import * as kit from "./kit.ts"
import * as wires from "./wires.ts"

type Service = Portfolio.Portfolio["Service"]

const ID = "01234567-89ab-4cde-8f01-23456789abcd"

/** An order as this wire shows it. */
const shown = (more: Readonly<Record<string, unknown>> = {}) => ({
  order_id: ID,
  ticker: "KXT-1-A",
  status: "resting",
  yes_price: 44,
  no_price: 56,
  action: "buy",
  side: "yes",
  type: "limit",
  client_order_id: "mine",
  taker_fill_count: 0,
  maker_fill_count: 0,
  remaining_count: 10,
  ...more
})

const Body = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

describe("what is said on the wire of 2.0.0", () => {
  const price = Dollars.cents(44)
  const count = Contracts.of(10)
  const wishes: ReadonlyArray<
    readonly [what: string, wish: OrderRequest.Wish, said: Readonly<Record<string, unknown>>]
  > = [
    ["a bid buys yes", { side: "bid", price }, { action: "buy", side: "yes", yes_price: 44 }],
    ["an ask buys no", { side: "ask", price }, { action: "buy", side: "no", no_price: 56 }],
    ["buy yes stays", { action: "buy", side: "yes", price }, { action: "buy", side: "yes", yes_price: 44 }],
    [
      "buy no stays",
      { action: "buy", side: "no", price: Dollars.cents(56) },
      { action: "buy", side: "no", no_price: 56 }
    ],
    ["sell yes stays", { action: "sell", side: "yes", price }, { action: "sell", side: "yes", yes_price: 44 }],
    [
      "sell no stays",
      { action: "sell", side: "no", price: Dollars.cents(56) },
      { action: "sell", side: "no", no_price: 56 }
    ]
  ]

  it.live.each(wishes)("%s", ([, wish, said]) =>
    Effect.gen(function* () {
      const server = yield* kit.stub(() => ({ status: 201, body: { order: shown({ status: "executed" }) } }))
      const result = yield* Portfolio.Portfolio.use((portfolio) =>
        portfolio.createOrder({ ...wish, ticker: "KXT-1-A", count, clientOrderId: "mine" })
      ).pipe(Effect.provide(wires.legacy.at(server.url)))
      assert.deepStrictEqual(Body(server.asked[0]?.body ?? ""), {
        ticker: "KXT-1-A",
        client_order_id: "mine",
        type: "limit",
        count: 10,
        ...said
      })
      // executed is filled whole: nothing is read back
      assert.strictEqual(server.asked.length, 1)
      assert.deepStrictEqual<unknown>(result, {
        _tag: "Filled",
        orderId: ID,
        clientOrderId: "mine",
        filled: count,
        remaining: Contracts.zero
      })
    }).pipe(Effect.scoped)
  )

  it.live("the token is in the header that the contract names, and nothing else signs", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub(() => ({ body: { balance: 1_234 } }))
      const balance = yield* Portfolio.Portfolio.use((portfolio) => portfolio.getBalance()).pipe(
        Effect.provide(wires.legacy.at(server.url))
      )
      assert.deepStrictEqual<unknown>(balance, { available: Dollars.of(12.34) })
      const [asked] = server.asked
      assert.strictEqual(asked?.headers["authorization"], "Bearer a-token")
      assert.deepStrictEqual(
        Object.keys(asked?.headers ?? {}).filter((name) => name.startsWith("kalshi-")),
        []
      )
    }).pipe(Effect.scoped)
  )

  it.live("at once is an expiration that is past, and an expiration is seconds", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub(() => ({ status: 201, body: { order: shown({ status: "executed" }) } }))
      const expiresAt = Timestamp.fromMillis(Date.now() + 60_000)
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const order = { ...kit.bid("KXT-1-A"), clientOrderId: "mine" }
        yield* portfolio.createOrder({ ...order, timeInForce: "immediate_or_cancel" })
        yield* portfolio.createOrder({ ...order, expiresAt })
      }).pipe(Effect.provide(wires.legacy.at(server.url)))
      const [atOnce, later] = server.asked.map(({ body }) => Number(Body(body)["expiration_ts"]))
      const yesterday = Date.now() / 1000 - 86_400
      assert.approximately(atOnce ?? 0, yesterday, 60)
      assert.strictEqual(later, Timestamp.toSeconds(expiresAt))
    }).pipe(Effect.scoped)
  )

  it.live("an amend repeats the words and the id of the order, whatever it is asked in", () =>
    Effect.gen(function* () {
      const order = shown({ action: "sell", side: "no", yes_price: 44, no_price: 56, client_order_id: "theirs" })
      const server = yield* kit.stub(({ method }) => ({ status: method === "GET" ? 200 : 201, body: { order } }))
      yield* Portfolio.Portfolio.use((portfolio) =>
        portfolio.amendOrder({ orderId: ID, side: "bid", price: Dollars.cents(45), total: Contracts.of(12) })
      ).pipe(Effect.provide(wires.legacy.at(server.url)))
      assert.deepStrictEqual(Body(server.asked.find(({ method }) => method === "POST")?.body ?? ""), {
        ticker: "KXT-1-A",
        action: "sell",
        side: "no",
        no_price: 55,
        count: 12,
        client_order_id: "theirs",
        updated_client_order_id: "theirs"
      })
      // the order is read once: what it is at is in it
      assert.deepStrictEqual(
        server.asked.map(({ method }) => method),
        ["GET", "POST"]
      )
    }).pipe(Effect.scoped)
  )
})

const order = kit.bid("KXT-1-A")
const amend = { orderId: ID, ticker: "KXT-1-A", side: "bid", price: Dollars.cents(40), total: Contracts.of(2) } as const

const create =
  (change: Partial<OrderRequest.OrderRequest>) =>
  (portfolio: Service): Effect.Effect<unknown, KalshiError.KalshiError> =>
    portfolio.createOrder({ ...order, ...change } as OrderRequest.OrderRequest)

const unsaid: ReadonlyArray<
  readonly [what: string, field: string, call: (portfolio: Service) => Effect.Effect<unknown, KalshiError.KalshiError>]
> = [
  ["half a contract", "count", create({ count: Contracts.of(2.5) })],
  ["a hundredth of a contract", "count", create({ count: Contracts.centis(1) })],
  ["more contracts than 32 bits count", "count", create({ count: Contracts.of(2 ** 31) })],
  [
    "more contracts than 32 bits count in a batch",
    "orders[0].count",
    (portfolio) => portfolio.batchCreateOrders([{ ...order, count: Contracts.of(2 ** 31) }])
  ],
  [
    "an amend to more contracts than 32 bits count",
    "total",
    (portfolio) => portfolio.amendOrder({ ...amend, total: Contracts.of(2 ** 31) })
  ],
  [
    "a decrease by more contracts than 32 bits count",
    "by",
    (portfolio) => portfolio.decreaseOrder(ID, { by: Contracts.of(2 ** 31) })
  ],
  [
    "a decrease to more contracts than 32 bits count",
    "to",
    (portfolio) => portfolio.decreaseOrder(ID, { to: Contracts.of(2 ** 31) })
  ],
  ["a price below a cent", "price", create({ price: Dollars.of(0.405) })],
  [
    "a price of NO below a cent",
    "price",
    create({ action: "buy", side: "no", price: Dollars.of(0.5555) } as Partial<OrderRequest.OrderRequest>)
  ],
  ["all or nothing", "timeInForce", create({ timeInForce: "fill_or_kill" })],
  ["cancelling what rests of one's own", "selfTradePrevention", create({ selfTradePrevention: "maker" })],
  ["post-only", "postOnly", create({ postOnly: true })],
  ["reduce-only", "reduceOnly", create({ reduceOnly: true })],
  ["cancel on pause", "cancelOnPause", create({ cancelOnPause: true })],
  ["an order group", "orderGroupId", create({ orderGroupId: "group" })],
  ["a subaccount", "subaccount", create({ subaccount: 1 })],
  ["a shard", "exchangeIndex", create({ exchangeIndex: 2 })],
  [
    "half a contract in a batch",
    "orders[1].count",
    (portfolio) => portfolio.batchCreateOrders([order, { ...order, count: Contracts.of(0.5) }])
  ],
  ["an amend to half a contract", "total", (portfolio) => portfolio.amendOrder({ ...amend, total: Contracts.of(1.5) })],
  [
    "an amend to a price below a cent",
    "price",
    (portfolio) => portfolio.amendOrder({ ...amend, price: Dollars.of(0.401) })
  ],
  ["an amend on a subaccount", "subaccount", (portfolio) => portfolio.amendOrder({ ...amend, subaccount: 3 })],
  ["a decrease by half a contract", "by", (portfolio) => portfolio.decreaseOrder(ID, { by: Contracts.of(0.5) })],
  ["a decrease to half a contract", "to", (portfolio) => portfolio.decreaseOrder(ID, { to: Contracts.of(0.5) })],
  ["a cancel on a shard", "exchangeIndex", (portfolio) => portfolio.cancelOrder(ID, { exchangeIndex: 1 })],
  [
    "a cancel on a subaccount in a batch",
    "subaccount",
    (portfolio) => portfolio.batchCancelOrders([{ orderId: ID, subaccount: 1 }])
  ],
  ["the balance of a subaccount", "subaccount", (portfolio) => portfolio.getBalance({ subaccount: 1 })],
  ["the fills of a shard", "exchangeIndex", (portfolio) => portfolio.getFills({ exchangeIndex: 1 })],
  ["the orders of two events", "eventTickers", (portfolio) => portfolio.getOrders({ eventTickers: ["A", "B"] })],
  [
    "the settlements of an event",
    "eventTicker",
    (portfolio) => portfolio.getPortfolioSettlements({ eventTicker: "A" })
  ],
  [
    "the positions of a subaccount",
    "subaccount",
    (portfolio) => Stream.runDrain(portfolio.marketPositions({ subaccount: 1 }))
  ],
  ["a cancel of everything", "cancelAllOrders", (portfolio) => portfolio.cancelAllOrders()],
  ["deposits", "deposits", (portfolio) => portfolio.getDeposits()],
  ["withdrawals", "withdrawals", (portfolio) => Stream.runCollect(portfolio.withdrawals())],
  ["a new subaccount", "subaccount", (portfolio) => portfolio.createSubaccount()],
  [
    "a transfer between subaccounts",
    "subaccount",
    (portfolio) => portfolio.transferBetweenSubaccounts({ from: 0, to: 1, amount: Dollars.cents(1) })
  ],
  ["the balances of subaccounts", "subaccount", (portfolio) => portfolio.getSubaccountBalances],
  ["the transfers between subaccounts", "subaccount", (portfolio) => portfolio.getSubaccountTransfers()],
  ["all of them", "subaccount", (portfolio) => Stream.runDrain(portfolio.subaccountTransfers())],
  ["a preview", "preview", (portfolio) => portfolio.preview(order)]
]

const invalid: typeof unsaid = [
  [
    "an expiration that is past, which would mean at once",
    "expiresAt",
    create({ expiresAt: Timestamp.fromSeconds(1_600_000_000) })
  ],
  [
    "an expiration that is past in a batch",
    "orders[0].expiresAt",
    (portfolio) => portfolio.batchCreateOrders([{ ...order, expiresAt: Timestamp.fromSeconds(1_600_000_000) }])
  ],
  ["an order whose id is no UUID", "orderId", (portfolio) => portfolio.getOrder("one")],
  ["a cancel of what is no UUID", "orderId", (portfolio) => portfolio.cancelOrder("one", { ticker: "KXT-1-A" })],
  ["a batch of cancels of what is no UUID", "orderId", (portfolio) => portfolio.batchCancelOrders([ID, "one"])],
  ["an amend of what is no UUID", "orderId", (portfolio) => portfolio.amendOrder({ ...amend, orderId: "one" })],
  ["a decrease of what is no UUID", "orderId", (portfolio) => portfolio.decreaseOrder("one", { by: Contracts.of(1) })],
  ["the fills of what is no UUID", "orderId", (portfolio) => portfolio.getFills({ orderId: "one" })],
  ["an order of nothing", "count", create({ count: Contracts.zero })],
  ["a price of $1", "price", create({ price: Dollars.one })],
  ["a page of 1001 orders", "limit", (portfolio) => portfolio.getOrders({ limit: 1001 })],
  ["a decrease neither by nor to", "by", (portfolio) => portfolio.decreaseOrder(ID, {})],
  ["a batch of cancels that names an order twice", "orderId", (portfolio) => portfolio.batchCancelOrders([ID, ID])]
]

describe("what the wire of 2.0.0 cannot say", () => {
  layer(wires.legacy.sandbox(), { excludeTestServices: true })((it) => {
    it.effect.each(unsaid)("%s is refused, and nothing is sent", ([, field, call]) =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        yield* kit.market()
        const reason = yield* kit.fails(call(portfolio), "NotOnThisWire", { outcome: "not-applied", attempts: 0 })
        assert.strictEqual(reason.field, field)
        assert.match(
          reason.message,
          /wire of 2\.0\.0 .*; today's wire, that of Portfolio\.layer, has it; nothing was sent$/
        )
        assert.isFalse(reason.retryable)
        assert.strictEqual(yield* kit.count(), 0)
      })
    )

    it.effect.each(invalid)("%s is wrong here, and nothing is sent", ([, field, call]) =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        yield* kit.market()
        const reason = yield* kit.fails(call(portfolio), "InvalidInput", { outcome: "not-applied", attempts: 0 })
        assert.strictEqual(reason.field, field)
        assert.strictEqual(yield* kit.count(), 0)
      })
    )
  })
})

describe("what it makes of its answers", () => {
  layer(wires.legacy.sandbox(), { excludeTestServices: true })((it) => {
    it.effect("an order is read back until it can be read: reads trail the engine", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 4)
        yield* Effect.sleep("10 millis")
        yield* control.setReadLag("400 millis")
        const result = yield* portfolio.createOrder(kit.bid(ticker))
        assert.strictEqual(result._tag, "PartlyFilled")
        assert.strictEqual(result.filled, Contracts.of(4))
        assert.isAtLeast(yield* kit.count("getOrder"), 2)
        assert.strictEqual(yield* kit.count("createOrder"), 1)
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.setReadLag("0 millis"))))
    )

    it.effect("an order that cannot be read back was placed all the same, and the failure says so", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.gatewayPage(502), { endpoint: "getOrder", times: 100 })
        const error = yield* Effect.flip(
          portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: `unread-${ticker}` })
        )
        const reason = kit.failed(error, "ReadBackFailed", {
          outcome: "applied",
          attempts: 1,
          operation: "createOrder"
        })
        const [placed] = yield* kit.ordersIn(ticker)
        assert.strictEqual(reason.orderId, placed?.orderId)
        assert.strictEqual(reason.status, "resting")
        assert.deepStrictEqual(error.clientOrderIds, [`unread-${ticker}`])
        assert.match(error.message, /was placed \(resting\), .*do not place it again$/)
        assert.isFalse(error.retryable)
        const [item] = yield* portfolio.batchCreateOrders([kit.bid(ticker)])
        if (item?.result._tag !== "Failure") return assert.fail("an order that cannot be read is told")
        kit.failed(item.result.failure, "ReadBackFailed", { outcome: "applied" })
        assert.strictEqual(yield* kit.count("createOrder"), 1)
        assert.strictEqual(yield* kit.count("batchCreateOrders"), 1)
        assert.lengthOf(yield* kit.ordersIn(ticker), 2)
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.clearFaults)))
    )

    it.effect("a create whose answer was lost is never sent again", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.refused, { endpoint: "createOrder" })
        const reason = yield* kit.fails(
          kit.soon(kit.impatient(portfolio.createOrder(kit.bid(ticker)))),
          "OutcomeUnknown",
          { outcome: "unknown", attempts: 1 }
        )
        assert.match(reason.cause, /^the connection broke before the answer was in: /)
        assert.match(reason.message, /reads do not say how fresh they are/)
        assert.strictEqual(yield* kit.count("createOrder"), 1)
        assert.isAtLeast(yield* kit.count("getOrders"), 2)
        assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
      })
    )

    it.effect("positions of settled markets, and how much rests", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const [open, settled] = [yield* kit.market(), yield* kit.market()]
        for (const ticker of [open, settled]) {
          yield* kit.offer(ticker, "ask", 40, 4)
          yield* portfolio.createOrder(kit.bid(ticker, 40, 4))
        }
        yield* portfolio.createOrder(kit.bid(open, 10, 7))
        yield* control.settle(settled, "yes")
        const tickers = (settlementStatus: "all" | "settled" | "unsettled" | undefined) =>
          Effect.map(portfolio.getPositions({ settlementStatus }), ({ marketPositions }) =>
            marketPositions.map(({ ticker }) => ticker).filter((ticker) => ticker === open || ticker === settled)
          )
        assert.deepStrictEqual(yield* tickers(undefined), [open])
        assert.deepStrictEqual(yield* tickers("unsettled"), [open])
        assert.deepStrictEqual(yield* tickers("settled"), [settled])
        assert.deepStrictEqual((yield* tickers("all")).toSorted(), [open, settled].toSorted())
        const { eventPositions, marketPositions } = yield* portfolio.getPositions({ ticker: open })
        assert.strictEqual(marketPositions[0]?.resting, Contracts.of(7))
        assert.strictEqual(eventPositions[0]?.resting, Contracts.of(7))
        const resting = yield* portfolio.getPositions({ countFilter: ["resting_order_count"] })
        assert.include(
          resting.marketPositions.map(({ ticker }) => ticker),
          open
        )
      })
    )

    it.effect("settlements and fills say what that wire says, and no more", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 4)
        yield* portfolio.createOrder(kit.bid(ticker, 40, 4))
        const [fill] = (yield* portfolio.getFills({ ticker })).fills
        assert.isDefined(fill)
        for (const field of ["fee", "subaccount", "exchangeIndex"]) assert.notProperty(fill, field)
        yield* control.settle(ticker, "yes")
        const [settlement] = (yield* portfolio.getPortfolioSettlements({ ticker })).settlements
        assert.isDefined(settlement)
        for (const field of ["fee", "eventTicker", "exchangeIndex"]) assert.notProperty(settlement, field)
        const balance = yield* portfolio.getBalance()
        for (const field of ["portfolioValue", "updatedAt", "byShard"]) assert.notProperty(balance, field)
      })
    )
  })

  it.live("an order whose answer was lost is found by its id, also when it has ended and does not count its rest", () =>
    Effect.gen(function* () {
      const found = (order: Readonly<Record<string, unknown>>, cents = 44) =>
        Effect.gen(function* () {
          const server = yield* kit.stub(({ method }) =>
            method === "POST" ? { status: 503 } : { body: { orders: [shown(order)], cursor: "" } }
          )
          const result = yield* Portfolio.Portfolio.use((portfolio) =>
            portfolio.createOrder({
              ...kit.bid("KXT-1-A", cents),
              clientOrderId: "mine",
              timeInForce: "immediate_or_cancel"
            })
          ).pipe(Retry.off, Effect.provide(wires.legacy.at(server.url)), Effect.option)
          return Option.getOrUndefined(Option.map(result, ({ _tag, filled }) => [_tag, Contracts.format(filled)]))
        }).pipe(Effect.scoped)
      const nothing = { taker_fill_count: 0, maker_fill_count: 0, remaining_count: 0 }
      assert.deepStrictEqual(yield* found({ ...nothing, status: "canceled" }), ["Cancelled", "0.00"])
      const some = { ...nothing, taker_fill_count: 3 }
      assert.deepStrictEqual(yield* found({ ...some, status: "canceled" }), ["Cancelled", "3.00"])
      assert.deepStrictEqual(yield* found({ ...nothing, status: "executed", taker_fill_count: 10 }), [
        "Filled",
        "10.00"
      ])
      const others = yield* Effect.all(
        [
          // one that lives has all its counts
          found({ ...some, status: "resting" }),
          found({ ...nothing, status: "canceled", taker_fill_count: 11 }),
          found({ ...some, status: "canceled", client_order_id: "another" }),
          found({ ...some, status: "canceled" }, 45)
        ],
        { concurrency: 4 }
      )
      assert.deepStrictEqual(others, [undefined, undefined, undefined, undefined])
    })
  )

  it.live("a fill that says sell does not say which way it went, and its order does", () =>
    Effect.gen(function* () {
      const sold = shown({ action: "sell", side: "yes" })
      const fill = {
        trade_id: ID,
        order_id: ID,
        ticker: "KXT-1-A",
        side: "yes",
        action: "sell",
        count: 3,
        yes_price: 44,
        no_price: 56,
        is_taker: true,
        created_time: "2024-08-20T10:00:00.123456Z"
      }
      const server = yield* kit.stub(({ url }) => ({
        body: url.includes("/fills") ? { fills: [fill, { ...fill, action: "buy" }] } : { order: sold }
      }))
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        assert.strictEqual((yield* portfolio.getOrder(ID)).side, "ask")
        assert.deepStrictEqual(
          (yield* portfolio.getFills()).fills.map(({ side }) => side),
          ["unknown", "bid"]
        )
      }).pipe(Effect.provide(wires.legacy.at(server.url)))
    }).pipe(Effect.scoped)
  )

  it.live("answers of a batch that are not in the order of its items are matched by their ids alone", () =>
    Effect.gen(function* () {
      const of = (client_order_id: string, order_id: string) => ({
        order: shown({ client_order_id, order_id, status: "executed" })
      })
      const error = { error: { code: "insufficient_balance", message: "no", details: "" } }
      const [a, b] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"]
      const answers = [
        // in place: the error is that of the second
        [of("a", a), error, of("c", b)],
        // out of place: of two that are left over nobody knows which is which
        [of("c", b), error, error],
        // too few: the only answer without a name is that of the only item that is left
        [of("a", a), of("c", b)]
      ]
      const server = yield* kit.stub(({ method }, index) =>
        method === "POST" ? { status: 201, body: { orders: answers[index] } } : { body: { orders: [] } }
      )
      const items = ["a", "b", "c"].map((clientOrderId) => ({ ...kit.bid("KXT-1-A"), clientOrderId }))
      const told = Portfolio.Portfolio.use((portfolio) =>
        Effect.map(kit.soon(portfolio.batchCreateOrders(items)), (results) =>
          results.map(({ result }) => (result._tag === "Success" ? result.success.orderId : result.failure.reason._tag))
        )
      )
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* told, [a, "InsufficientBalance", b])
        // they were not found either, which proves nothing here
        assert.deepStrictEqual(yield* told, ["OutcomeUnknown", "OutcomeUnknown", b])
      }).pipe(Effect.provide(wires.legacy.at(server.url)))
    }).pipe(Effect.scoped)
  )

  it.live("an order that tells no counts is not taken for one that did not trade", () =>
    Effect.gen(function* () {
      const { maker_fill_count: _maker, remaining_count: _remaining, taker_fill_count: _taker, ...bare } = shown()
      const server = yield* kit.stub(({ method }) => ({ status: method === "POST" ? 201 : 200, body: { order: bare } }))
      const reason = yield* kit
        .fails(
          Portfolio.Portfolio.use((portfolio) =>
            portfolio.createOrder({ ...kit.bid("KXT-1-A"), clientOrderId: "mine" })
          ),
          "ReadBackFailed",
          { outcome: "applied" }
        )
        .pipe(Effect.provide(wires.legacy.at(server.url)))
      assert.match(reason.message, /the order tells no counts/)
    }).pipe(Effect.scoped)
  )

  it.live("an answer about another order, or about none, is no success", () =>
    Effect.gen(function* () {
      const answers = [shown({ client_order_id: "theirs" }), shown({ order_id: "" })]
      const server = yield* kit.stub(({ method }, index) =>
        method === "POST" ? { status: 201, body: { order: answers[index === 0 ? 0 : 1] } } : { body: { orders: [] } }
      )
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const mine = { ...kit.bid("KXT-1-A"), clientOrderId: "mine" }
        const create = kit.soon(portfolio.createOrder(mine))
        const expected = { outcome: "unknown", attempts: 1 } as const
        const theirs = yield* kit.fails(create, "OutcomeUnknown", expected)
        assert.strictEqual(theirs.cause, "asked for order mine, the answer is about theirs: look it up")
        const nobodys = yield* kit.fails(create, "OutcomeUnknown", expected)
        assert.match(nobodys.cause, /201 with a body that cannot be read: it names no order/)
      }).pipe(Effect.provide(wires.legacy.at(server.url)))
    }).pipe(Effect.scoped)
  )
})

describe("both wires of one sandbox", () => {
  it.live("are one exchange: what is placed on one is seen and cancelled on the other", () =>
    Effect.gen(function* () {
      const ticker = yield* kit.market()
      const old = yield* Portfolio.Portfolio
      const now = Context.get(yield* Layer.build(support.layerMember()), Portfolio.Portfolio)
      const first = yield* old.createOrder({
        ticker,
        action: "sell",
        side: "yes",
        price: Dollars.cents(70),
        count: Contracts.of(3)
      })
      const second = yield* now.createOrder(kit.bid(ticker, 20, 4))
      for (const portfolio of [old, now]) {
        const { orders } = yield* portfolio.getOrders({ ticker, status: "resting" })
        assert.deepStrictEqual(
          orders.map(({ clientOrderId, orderId, price, remaining, side }) => [
            orderId,
            clientOrderId,
            side,
            price,
            remaining
          ]),
          [
            [second.orderId, second.clientOrderId, "bid", Dollars.cents(20), Contracts.of(4)],
            [first.orderId, first.clientOrderId, "ask", Dollars.cents(70), Contracts.of(3)]
          ]
        )
      }
      assert.strictEqual((yield* old.getBalance()).available, (yield* now.getBalance()).available)
      yield* old.cancelOrder(second.orderId)
      yield* now.cancelOrder(first.orderId)
      assert.isTrue((yield* kit.ordersIn(ticker)).every(({ status }) => status === "canceled"))
    }).pipe(Effect.provide(wires.legacy.sandbox()))
  )

  it.live("what today's wire has and that of 2.0.0 cannot say is cut off there, toward zero", () =>
    Effect.gen(function* () {
      const ticker = yield* kit.market({ grid: "deci_cent" })
      const old = yield* Portfolio.Portfolio
      const now = Context.get(yield* Layer.build(support.layerMember()), Portfolio.Portfolio)
      const { orderId } = yield* now.createOrder({
        ticker,
        side: "bid",
        price: Dollars.of(0.405),
        count: Contracts.of(2.75)
      })
      const order = yield* old.getOrder(orderId)
      assert.strictEqual(order.price, Dollars.cents(40))
      assert.strictEqual(order.remaining, Contracts.of(2))
    }).pipe(Effect.provide(wires.legacy.sandbox({ wholeCents: false })))
  )
})

describe("the configuration of the wire of 2.0.0", () => {
  it("says in its type that it is not that of today", () => {
    // @ts-expect-error a login is of no use to today's wire
    const wrong: Layer.Layer<Credentials.Credentials, unknown> = Credentials.layerLogin({
      environment: Environment.sandbox("http://127.0.0.1:1/trade-api/v2"),
      email: "a@b.example",
      password: "secret password"
    })
    assert.isDefined(wrong)
  })
})
