/**
 * Every shape of body that the exchange is known to answer an error with, and
 * what of it a program gets to know.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type KalshiError, Portfolio, Retry } from "effect-kalshi"
import * as kit from "./kit.ts"

type Service = Portfolio.Portfolio["Service"]
type Call = (portfolio: Service) => Effect.Effect<unknown, KalshiError.KalshiError>

const create: Call = (portfolio) => portfolio.createOrder(kit.bid("KXT-1-A"))
const cancel: Call = (portfolio) => portfolio.cancelOrder("one", { ticker: "KXT-1-A" })
const read: Call = (portfolio) => portfolio.getBalance()

const PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"

const shapes: ReadonlyArray<
  readonly [
    what: string,
    call: Call,
    answer: kit.Answer,
    tag: KalshiError.Reason["_tag"],
    /** `cause` is what a write was lost by whose end nobody can read. */
    expected: kit.Expected & { readonly text?: string; readonly details?: string; readonly cause?: string }
  ]
> = [
  [
    "wrapped",
    create,
    {
      status: 400,
      body: { error: { code: "insufficient_balance", message: "insufficient balance", details: "short", service: "x" } }
    },
    "InsufficientBalance",
    { code: "insufficient_balance", text: "insufficient balance", details: "short" }
  ],
  [
    "flat",
    create,
    { status: 400, body: { code: "bad_request", message: "cannot decode" } },
    "BadRequest",
    {
      code: "bad_request",
      text: "cannot decode"
    }
  ],
  [
    "{msg}",
    read,
    { status: 400, body: { msg: "limit must be at most 1000" } },
    "BadRequest",
    {
      text: "limit must be at most 1000"
    }
  ],
  [
    "error in words",
    read,
    { status: 429, body: { error: "too many requests" } },
    "RateLimited",
    {
      text: "too many requests"
    }
  ],
  [
    "error as a code",
    read,
    { status: 401, body: { error: "header_timestamp_expired" } },
    "Unauthorized",
    // by a clock that is right it was only long on its way: it is signed once more
    { code: "header_timestamp_expired", attempts: 2 }
  ],
  [
    "plain text for an unknown route",
    cancel,
    { status: 404, body: "404 page not found" },
    "NotFound",
    {
      text: "404 page not found"
    }
  ],
  ["a page", read, { status: 502, body: PAGE }, "Unavailable", { outcome: "unknown" }],
  ["a page of the CDN", read, { status: 403, body: PAGE }, "Forbidden", {}],
  ["empty", read, { status: 504 }, "Unavailable", { outcome: "unknown" }],
  ["an array", read, { status: 500, body: [] }, "Unavailable", { outcome: "unknown" }],
  ["null", read, { status: 500, body: null }, "Unavailable", { outcome: "unknown" }],
  [
    "a code of another case, with spaces",
    create,
    {
      status: 400,
      body: { error: { code: "Invalid Order", details: "Post Only Cross" } }
    },
    "PostOnlyCross",
    { code: "invalid_order", outcome: "not-applied" }
  ],
  [
    "a code with an id behind it",
    read,
    {
      status: 404,
      body: { error: { code: "user_not_found:_01234567-89ab-4cde-8f01-23456789abcd" } }
    },
    "NotFound",
    { code: "user_not_found" }
  ],
  [
    "a null code",
    create,
    { status: 400, body: { error: { code: null, message: "no" } } },
    "BadRequest",
    { text: "no" }
  ],
  [
    "an unknown code",
    create,
    { status: 400, body: { error: { code: "brand_new" } } },
    "BadRequest",
    {
      code: "brand_new",
      outcome: "not-applied"
    }
  ],
  [
    "an unknown conflict",
    create,
    { status: 409, body: { error: { code: "brand_new" } } },
    "Conflict",
    {
      code: "brand_new",
      outcome: "not-applied",
      attempts: 1
    }
  ],
  [
    "a conflict without words",
    cancel,
    { status: 409, body: {} },
    "OutcomeUnknown",
    { cause: "the exchange reports a conflict (409): look the order up before sending it again" }
  ],
  [
    "an endpoint that is gone",
    create,
    {
      status: 410,
      body: { error: { code: "deprecated_v1_order_endpoint", message: "Please switch to the V2 endpoints" } }
    },
    "Retired",
    { code: "deprecated_v1_order_endpoint", outcome: "not-applied" }
  ],
  [
    "an unknown status of the client",
    read,
    { status: 418, body: { error: { code: "teapot" } } },
    "BadRequest",
    {
      code: "teapot",
      outcome: "not-applied"
    }
  ],
  ["408", cancel, { status: 408 }, "OutcomeUnknown", { cause: "the exchange is not available (408)" }],
  [
    "an unknown status of the server",
    cancel,
    { status: 599, body: "" },
    "OutcomeUnknown",
    { cause: "the exchange is not available (599)" }
  ],
  ["no market, in 400", create, { status: 400, body: { error: { code: "market_not_found" } } }, "MarketNotFound", {}],
  ["no market", create, { status: 404, body: { error: { code: "market_not_found" } } }, "MarketNotFound", {}],
  [
    "a closed market, in 400",
    create,
    { status: 400, body: { error: { code: "market_inactive" } } },
    "MarketClosed",
    {}
  ],
  ["an order that is not there", cancel, { status: 404, body: { error: { code: "not_found" } } }, "OrderNotFound", {}],
  [
    "a reason that the operation does not list",
    cancel,
    {
      status: 409,
      body: { error: { code: "order_already_exists" } }
    },
    "OutcomeUnknown",
    {
      cause:
        "not expected here: DuplicateClientOrderId, an order with this client order id exists " +
        "(409 order_already_exists): look it up; an id is not released by a cancel"
    }
  ],
  [
    "success that is a page",
    create,
    { status: 201, body: PAGE },
    "UnreadableAnswer",
    { outcome: "not-applied", attempts: 1 }
  ],
  ["success that is empty", create, { status: 201 }, "UnreadableAnswer", { outcome: "not-applied" }],
  [
    "success of another kind",
    create,
    { status: 202, body: { ok: true } },
    "UnreadableAnswer",
    { outcome: "not-applied" }
  ],
  ["success without a body", create, { status: 204 }, "UnreadableAnswer", { outcome: "not-applied" }],
  ["not modified", read, { status: 304 }, "Redirected", { status: 304 }]
]

describe("bodies of errors", () => {
  it.live.each(shapes)("%s", ([, call, answer, tag, expected]) =>
    Effect.gen(function* () {
      // an order that was lost is looked for and not there; of a cancel that was lost nothing can be read
      const server = yield* kit.stub((asked) => (call === create ? kit.nothing(asked) : undefined) ?? answer)
      const error = yield* Effect.flip(
        Portfolio.Portfolio.use(call).pipe(Retry.off, kit.soon, Effect.provide(kit.at(server.url)))
      )
      const outcome = tag === "OutcomeUnknown" ? "unknown" : expected.outcome
      const reason = kit.failed(error, tag, { attempts: 1, ...expected, ...(outcome === undefined ? {} : { outcome }) })
      if (reason._tag === "OutcomeUnknown") assert.strictEqual(reason.cause, expected.cause)
      if ("status" in reason && reason._tag !== "UnreadableAnswer") assert.strictEqual(reason.status, answer.status)
      for (const key of ["code", "text", "details"] as const) {
        if (expected[key] !== undefined)
          assert.strictEqual(key in reason ? Reflect.get(reason, key) : undefined, expected[key])
      }
      if (tag === "BadRequest" || tag === "Conflict") {
        assert.strictEqual("code" in reason ? reason.code : undefined, expected.code)
      }
      assert.notInclude(reason.message, "nginx")
      // an order whose fate is unknown is looked for, and not sent again
      assert.strictEqual(server.asked.filter(({ url }) => url === server.asked[0]?.url).length, error.attempts)
    })
  )

  it.live("an item of a batch", () =>
    Effect.gen(function* () {
      const errors = [
        { code: "invalid order", message: "invalid order", details: "post only cross" },
        { code: "order_already_exists" },
        { code: "fill_or_kill_insufficient_resting_volume", message: null },
        { code: "insufficient_balance" },
        { code: "market_not_found" },
        { code: "market_closed" },
        { code: "trading_is_paused" },
        { code: "exchange_is_paused" },
        { code: "internal_server_error" },
        { code: "brand_new", details: "who knows" },
        { message: "no code at all" },
        {}
      ]
      const server = yield* kit.stub(
        (asked) =>
          kit.nothing(asked) ?? {
            status: 201,
            body: { orders: errors.map((error, index) => ({ client_order_id: `c${index}`, error })) }
          }
      )
      const results = yield* Portfolio.Portfolio.use((portfolio) =>
        portfolio.batchCreateOrders(errors.map((_, index) => ({ ...kit.bid("KXT-1-A"), clientOrderId: `c${index}` })))
      ).pipe(kit.soon, Effect.provide(kit.at(server.url)))
      assert.deepStrictEqual(
        results.map(({ result }) =>
          result._tag === "Failure"
            ? [result.failure.reason._tag, result.failure.outcome, result.failure.settled]
            : "Success"
        ),
        [
          ["PostOnlyCross", "not-applied", undefined],
          // the order that has the id is not to be found
          ["OutcomeUnknown", "unknown", undefined],
          ["FillOrKillUnfilled", "not-applied", undefined],
          ["InsufficientBalance", "not-applied", undefined],
          ["MarketNotFound", "not-applied", undefined],
          ["MarketClosed", "not-applied", undefined],
          ["TradingPaused", "not-applied", undefined],
          ["ExchangePaused", "not-applied", undefined],
          // what is not known as a refusal is looked for
          ["Conflict", "not-applied", "not-applied"],
          ["Conflict", "not-applied", "not-applied"],
          ["Conflict", "not-applied", "not-applied"],
          ["UnreadableAnswer", "not-applied", "not-applied"]
        ]
      )
      assert.strictEqual(server.asked.filter(({ method }) => method === "POST").length, 1)
    })
  )

  it.live("a null list, an absent one and an absent cursor are an empty page", () =>
    Effect.gen(function* () {
      const bodies = [{ fills: null, cursor: null }, {}, { fills: [], cursor: "" }]
      const server = yield* kit.stub((_, index) => ({ body: bodies[index] }))
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        for (const _ of bodies) {
          assert.deepStrictEqual(yield* portfolio.getFills(), { fills: [], cursor: undefined })
        }
      }).pipe(Effect.provide(kit.at(server.url)))
    })
  )
})
