/**
 * Batches: which answer belongs to which item, and batches larger than the
 * account's bucket.
 */
import { Buckets, Control } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Contracts, type KalshiError, Portfolio, Resolution, Retry, Timeout } from "effect-kalshi"
import * as kit from "./kit.ts"

const UNKNOWN = "01234567-89ab-4cde-8f01-23456789abcd"

const told = <A>({ result }: { readonly result: Result.Result<A, KalshiError.KalshiError> }): string =>
  Result.match(result, {
    onSuccess: (success) => (Predicate.hasProperty(success, "_tag") ? String(success._tag) : "Success"),
    onFailure: (error) => error.reason._tag
  })

const Sent = Schema.decodeUnknownSync(
  Schema.fromJsonString(
    Schema.Struct({
      orders: Schema.Array(Schema.Struct({ client_order_id: Schema.String, count: Schema.String }))
    })
  )
)

describe("portfolio batches", () => {
  layer(kit.sandbox(), { excludeTestServices: true })((it) => {
    it.effect("an item fails alone", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "b-used" })
        yield* kit.offer(ticker, "ask", 50, 5)
        const results = yield* portfolio.batchCreateOrders([
          kit.bid(ticker, 10),
          { ...kit.bid(ticker, 11), clientOrderId: "b-used" },
          { ...kit.bid(ticker, 50), postOnly: true },
          { ...kit.bid(ticker, 50), timeInForce: "fill_or_kill" },
          { ...kit.bid(ticker, 50, 5), timeInForce: "fill_or_kill" },
          kit.bid("KXNOSUCH-1-A"),
          { ...kit.bid(ticker, 5), timeInForce: "immediate_or_cancel" },
          { ...kit.bid(ticker), count: Contracts.of(1e9) }
        ])
        assert.deepStrictEqual(results.map(told), [
          "Resting",
          // the order under that id is looked up, and is another one
          "ClientOrderIdReused",
          "PostOnlyCross",
          "FillOrKillUnfilled",
          "Filled",
          "MarketNotFound",
          "Cancelled",
          "InsufficientBalance"
        ])
        assert.strictEqual(yield* kit.count("batchCreateOrders"), 1)
        for (const { result } of results) {
          if (result._tag === "Failure") {
            assert.strictEqual(result.failure.operation, "batchCreateOrders")
            assert.strictEqual(result.failure.attempts, 1)
            assert.strictEqual(result.failure.outcome, "not-applied")
          }
        }
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 4)
      })
    )

    it.effect("a cancel of an order that never was fails alone, and a dead one is told as it is", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        const dead = yield* portfolio.createOrder(kit.bid(ticker))
        yield* portfolio.cancelOrder(dead.orderId)
        const results = yield* portfolio.batchCancelOrders([
          UNKNOWN,
          { orderId: UNKNOWN.replace("0", "1"), ticker },
          dead.orderId,
          orderId
        ])
        assert.deepStrictEqual(results.map(told), ["OrderNotFound", "OrderNotFound", "AlreadyCancelled", "Cancelled"])
        const [, , cancelled] = results
        assert.deepInclude(cancelled?.result._tag === "Success" ? cancelled.result.success : {}, {
          reducedBy: Contracts.of(10),
          filled: Contracts.zero
        })
        assert.deepStrictEqual(
          results.map((result) => result.orderId),
          [UNKNOWN, UNKNOWN.replace("0", "1"), dead.orderId, orderId]
        )
        assert.strictEqual(yield* kit.count("batchCancelOrders"), 1)
      })
    )

    it.effect("a batch of nothing but unknown orders is not sent", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        yield* kit.market()
        const results = yield* portfolio.batchCancelOrders([UNKNOWN])
        assert.deepStrictEqual(results.map(told), ["OrderNotFound"])
        assert.strictEqual(yield* kit.count("batchCancelOrders"), 0)
      })
    )

    it.effect("60 items in one request", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const placed = yield* portfolio.batchCreateOrders(
          Array.from({ length: 60 }, (_, index) => kit.bid(ticker, (index % 30) + 1, index + 1))
        )
        const ids = placed.flatMap(({ result }) => (result._tag === "Success" ? [result.success.orderId] : []))
        assert.strictEqual(ids.length, 60)
        const counts = yield* portfolio.batchCancelOrders(ids)
        assert.deepStrictEqual(
          counts.map(({ result }) => (result._tag === "Success" ? result.success.reducedBy : 0)),
          Array.from({ length: 60 }, (_, index) => Contracts.of(index + 1))
        )
        assert.strictEqual(yield* kit.count(), 2)
      })
    )
  })

  const item = (clientOrderId: string | null, orderId: string) => ({
    order_id: orderId,
    client_order_id: clientOrderId,
    fill_count: "0.00",
    remaining_count: "1.00",
    ts_ms: 1_795_190_400_123
  })
  const named = (...names: ReadonlyArray<string>) =>
    names.map((clientOrderId) => ({ ...kit.bid("KXT-1-A"), clientOrderId }))

  it.live("answers are matched by client order id, whatever their order", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub(({ body }) => ({
        status: 201,
        body: {
          orders: Sent(body)
            .orders.toReversed()
            .map(({ client_order_id }) => item(client_order_id, `of-${client_order_id}`))
        }
      }))
      const results = yield* Portfolio.Portfolio.use((portfolio) =>
        portfolio.batchCreateOrders(named("a", "b", "c"))
      ).pipe(Effect.provide(kit.at(server.url)))
      assert.deepStrictEqual(
        results.map(({ clientOrderId, result }) => [
          clientOrderId,
          result._tag === "Success" ? result.success.orderId : ""
        ]),
        [
          ["a", "of-a"],
          ["b", "of-b"],
          ["c", "of-c"]
        ]
      )
    })
  )

  it.live("an item without an answer, or with two, is looked for, and unanswered where it is not there", () =>
    Effect.gen(function* () {
      const orders = [item("a", "1"), item("a", "2"), item("c", "3"), item("stranger", "4")]
      const server = yield* kit.stub((asked) => kit.nothing(asked) ?? { status: 201, body: { orders } })
      const results = yield* Portfolio.Portfolio.use((portfolio) =>
        portfolio.batchCreateOrders(named("a", "b", "c"))
      ).pipe(Effect.provide(kit.at(server.url)))
      assert.deepStrictEqual(results.map(told), ["Unanswered", "Unanswered", "Resting"])
      for (const { result } of results.slice(0, 2)) {
        if (result._tag !== "Failure") return assert.fail("an item without an answer is placed")
        kit.failed(result.failure, "Unanswered", { outcome: "not-applied", attempts: 1 })
        assert.strictEqual(result.failure.settled, "not-applied")
      }
      assert.strictEqual(server.asked.filter(({ method }) => method === "POST").length, 1)
    })
  )

  it.live("an item without an answer stays unknown while its end cannot be read", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub(({ method }) =>
        method === "POST" ? { status: 201, body: { orders: [item("a", "1")] } } : { status: 503 }
      )
      const [placed, lost] = yield* Portfolio.Portfolio.use((portfolio) =>
        portfolio.batchCreateOrders(named("a", "b"))
      ).pipe(kit.soon, Effect.provide(kit.at(server.url)))
      assert.deepStrictEqual(placed === undefined ? "" : told(placed), "Resting")
      if (lost?.result._tag !== "Failure") return assert.fail("an item without an answer is placed")
      const reason = kit.failed(lost.result.failure, "OutcomeUnknown", { outcome: "unknown", attempts: 1 })
      assert.strictEqual(reason.cause, "the answer to the batch does not name this item: look it up")
      assert.deepStrictEqual(lost.result.failure.clientOrderIds, ["b"])
      assert.strictEqual(server.asked.filter(({ method }) => method === "POST").length, 1)
    })
  )

  it.live("of answers without an id, the only one belongs to the only item left", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub(
        (asked, index) =>
          kit.nothing(asked) ?? {
            status: 201,
            body: { orders: index === 0 ? [item("a", "1"), item(null, "2")] : [item("", "1"), item(null, "2")] }
          }
      )
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const one = yield* portfolio.batchCreateOrders(named("a", "b"))
        assert.deepStrictEqual(one.map(told), ["Resting", "Resting"])
        const two = yield* portfolio.batchCreateOrders(named("a", "b"))
        assert.deepStrictEqual(two.map(told), ["Unanswered", "Unanswered"])
      }).pipe(Effect.provide(kit.at(server.url)))
    })
  )

  it.live("an item with neither an order nor an error is unreadable, and looked for", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub(
        (asked) =>
          kit.nothing(asked) ?? {
            status: asked.method === "POST" ? 201 : 200,
            body: { orders: [asked.method === "POST" ? { client_order_id: "a" } : { order_id: "a" }] }
          }
      )
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const [created] = yield* portfolio.batchCreateOrders(named("a"))
        if (created?.result._tag !== "Failure") return assert.fail("nothing is a success")
        kit.failed(created.result.failure, "UnreadableAnswer", { outcome: "not-applied", attempts: 1 })
        assert.strictEqual(created.result.failure.settled, "not-applied")
        const [cancelled] = yield* portfolio.batchCancelOrders([{ orderId: "a", ticker: "KXT-1-A" }])
        if (cancelled?.result._tag !== "Failure") return assert.fail("nothing is a success")
        // no such order was ever there to be cancelled
        kit.failed(cancelled.result.failure, "OrderNotFound", { outcome: "not-applied", attempts: 1 })
      }).pipe(Effect.provide(kit.at(server.url)))
      assert.deepStrictEqual(
        server.asked.flatMap(({ method }) => (method === "GET" ? [] : [method])),
        ["POST", "DELETE"]
      )
    })
  )

  it.live("larger than the bucket: refused here where there is a rate limit", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const ticker = yield* kit.market()
      const reason = yield* kit.fails(
        portfolio.batchCreateOrders(Array.from({ length: 11 }, () => kit.bid(ticker))),
        "LimitExceeded",
        { outcome: "not-applied", attempts: 0, operation: "batchCreateOrders" }
      )
      assert.strictEqual(reason.largest, 10)
      assert.match(
        reason.message,
        /110 tokens never fits the write bucket of 100: send a smaller batch; nothing was sent/
      )
      const cancels = Array.from({ length: 51 }, (_, index) => ({ orderId: `id-${index}`, ticker }))
      const ofCancels = yield* kit.fails(portfolio.batchCancelOrders(cancels), "LimitExceeded", { attempts: 0 })
      assert.strictEqual(ofCancels.largest, 50)
      assert.strictEqual(yield* kit.count(), 0)
      const results = yield* portfolio.batchCreateOrders(Array.from({ length: 10 }, () => kit.bid(ticker)))
      assert.deepStrictEqual(
        results.map(told),
        Array.from({ length: 10 }, () => "Resting")
      )
    }).pipe(Effect.provide(kit.sandbox({ limits: Buckets.basic }, { rateLimit: "basic" })))
  )

  it.live("larger than the bucket: sent in several where it may be split", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const ticker = yield* kit.market()
      const orders = Array.from({ length: 45 }, (_, index) => kit.bid(ticker, 10 + index))
      const results = yield* portfolio.batchCreateOrders(orders, { split: true })
      assert.strictEqual(results.length, orders.length)
      // the bucket was empty at first: what takes longer than two seconds is too late
      const sent = (yield* (yield* Control.Control).requests()).map(({ endpoint, status, tokens }) => [
        endpoint,
        status,
        tokens
      ])
      assert.isAtLeast(sent.length, 2)
      assert.isAtMost(sent.length, 4)
      for (const one of sent) assert.deepStrictEqual(one, ["batchCreateOrders", 201, 50])
      const placed = results.filter(({ result }) => result._tag === "Success")
      assert.strictEqual(placed.length, sent.length * 5)
      // in the order in which they were given
      assert.deepStrictEqual(
        results.map(({ result }) => result._tag),
        orders.map((_, index) => (index < placed.length ? "Success" : "Failure"))
      )
      assert.deepStrictEqual(
        (yield* kit.ordersIn(ticker)).map(({ clientOrderId }) => clientOrderId).toSorted(),
        placed.map(({ clientOrderId }) => clientOrderId).toSorted()
      )
      for (const { clientOrderId, result } of results.slice(placed.length)) {
        if (result._tag === "Success") return assert.fail("an order was sent late")
        kit.failed(result.failure, "LimitExceeded", { outcome: "not-applied", attempts: 0 })
        assert.deepStrictEqual(result.failure.clientOrderIds, [clientOrderId])
      }
      // with more time all of them are
      const patient = yield* portfolio.batchCreateOrders(orders.slice(0, 25), { split: true }).pipe(
        Effect.updateService(Resolution.Resolution, (times) => ({ ...times, maxAge: "1 minute" as const })),
        Timeout.within("1 minute")
      )
      assert.deepStrictEqual(
        patient.map(told),
        Array.from({ length: 25 }, () => "Resting")
      )
    }).pipe(Effect.provide(kit.sandbox({ limits: Buckets.basic }, { rateLimit: "basic" })))
  )

  it.live("larger than the bucket: refused there where there is none", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const ticker = yield* kit.market()
      const refused = yield* kit.impatient(
        portfolio.batchCreateOrders(Array.from({ length: 11 }, () => kit.bid(ticker)))
      )
      assert.strictEqual(refused.length, 11)
      for (const { clientOrderId, result } of refused) {
        if (result._tag !== "Failure") return assert.fail("an order of a batch that was refused is placed")
        kit.failed(result.failure, "RateLimited", { outcome: "not-applied", status: 429, attempts: 4 })
        assert.isUndefined(result.failure.settled)
        assert.deepStrictEqual(result.failure.clientOrderIds, [clientOrderId])
      }
      assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
      const results = yield* Retry.off(portfolio.batchCreateOrders(Array.from({ length: 10 }, () => kit.bid(ticker))))
      assert.deepStrictEqual(
        results.map(told),
        Array.from({ length: 10 }, () => "Resting")
      )
      const control = yield* Control.Control
      assert.deepStrictEqual(
        (yield* control.requests()).map(({ tokens }) => tokens),
        [0, 0, 0, 0, 100]
      )
    }).pipe(Effect.provide(kit.sandbox({ limits: Buckets.basic })))
  )
})
