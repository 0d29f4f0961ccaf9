import { assert, describe, it } from "@effect/vitest"
import * as Today from "../Contract.ts"
import * as Bodies from "./Bodies.ts"
import * as Contract from "./Contract.ts"
import * as Description from "./Description.ts"
import { exceptions } from "./Exceptions.ts"
import * as Schemas from "./Schemas.ts"

const judge = (draft: Bodies.Draft): string => Today.format(Contract.judge(Bodies.exchange(draft)))
const { error, failed, right } = Bodies

const asked = (draft: Bodies.Draft, changes: Record<string, unknown>): Bodies.Draft => ({
  ...draft,
  requestBody: { ...(draft.requestBody as object), ...changes }
})
const answered = (draft: Bodies.Draft, changes: Record<string, unknown>): Bodies.Draft => ({
  ...draft,
  responseBody: { ...(draft.responseBody as object), ...changes }
})
const read = (changes: Record<string, unknown>): Bodies.Draft =>
  answered(right.GetOrder, { order: { ...Bodies.order, ...changes } })
const at = (draft: Bodies.Draft, path: string): Bodies.Draft => ({ ...draft, url: Contract.base + path })

describe("the contract", () => {
  it("is 2.0.0, and login, logout and the portfolio of it", () => {
    assert.strictEqual(Description.version, "2.0.0")
    assert.deepStrictEqual(Object.keys(Description.operations).toSorted(), Object.keys(right).toSorted())
    for (const { answers, name, path, request, secured, success } of Object.values(Description.operations)) {
      assert.match(path, /^\/(login|logout|portfolio\/.*)$/)
      assert.strictEqual(secured, name !== "Login")
      for (const model of [request, ...[...answers.values()].map((answer) => answer.model)]) {
        if (model !== undefined) assert.property(Description.schemas, model)
      }
      assert.strictEqual(success.type === undefined, name === "Logout")
      for (const [status, answer] of answers) if (status >= 400) assert.strictEqual(answer.model, "JSONError")
    }
  })

  it("is understood whole", () => {
    for (const name of Object.keys(Description.schemas)) {
      // Compiles, and nothing is undefined on a wire.
      for (const way of ["request", "response"] as const) assert.isNotEmpty(Schemas.defects(way, name, undefined))
    }
  })

  it("is the interface and no prose", () => {
    assert.notMatch(Description.text, /"(description|summary|example|tags|x-[\w-]+)":/)
    assert.strictEqual(Description.text.match(/"title":/g)?.length, 1)
  })

  it("is excepted from for a reason", () => {
    for (const { because } of exceptions) assert.isAbove(because.length, 10)
  })
})

describe("a right exchange", () => {
  const good: Readonly<Record<string, Bodies.Draft>> = {
    ...right,
    "a field that nobody announced": read({ sandbox_unannounced: 1 }),
    "the same in an error": failed(right.GetBalance, 400, { ...error, sandbox_unannounced: { deep: true } }),
    "an order whose kind is not known": read({ action: "", side: "", type: "" }),
    "a short password": failed(asked(right.Login, { password: "123456" }), 401),
    "an error that says little": failed(right.GetOrder, 401, {}),
    "an error in its headers too": { ...failed(right.GetOrder, 400), errorHeaders: error },
    "an error with letters that no header holds": {
      ...failed(right.GetOrder, 400, { message: "größer als\n2 …" }),
      errorHeaders: { message: "gr??er als?2 ?" }
    },
    "the same without them": {
      ...failed(right.GetOrder, 400, { message: "größer als\n2 …" }),
      errorHeaders: { message: "grer als2" }
    },
    "an empty bucket": failed(right.GetBalance, 429),
    ...Object.fromEntries(
      Object.values(Description.operations).flatMap(({ answers, name }) =>
        [...answers.keys()]
          .filter((status) => status >= 400)
          .map((status) => [`${name} ${status}`, failed(right[name as keyof typeof right], status)])
      )
    )
  }
  it.each(Object.entries(good))("passes: %s", (_, draft) => {
    assert.strictEqual(judge(draft), "")
  })
})

describe("a wrong exchange", () => {
  const { client_order_id: _id, ...nameless } = right.CreateOrder.requestBody as Record<string, unknown>
  const { reduced_by: _by, ...uncounted } = right.CancelOrder.responseBody as Record<string, unknown>
  const { cookies: _cookies, ...cookieless } = right.Login
  const asking = (name: string, message: string): string => `request of ${name}: ${message}`
  const answering = (name: string, message: string): string => `response of ${name}: ${message}`
  const id = "/portfolio/orders/{order_id}"

  const bad: Readonly<Record<string, readonly [Bodies.Draft, string]>> = {
    // bodies that are sent
    "an unknown field in a request": [
      asked(right.CreateOrder, { price: "0.42" }),
      asking("POST /portfolio/orders", 'CreateOrderRequest must NOT have additional properties ("price")')
    ],
    "a fault's field in a request": [
      asked(right.CreateOrder, { sandbox_unannounced: 1 }),
      asking("POST /portfolio/orders", 'CreateOrderRequest must NOT have additional properties ("sandbox_unannounced")')
    ],
    "a missing field in a request": [
      { ...right.CreateOrder, requestBody: nameless },
      asking("POST /portfolio/orders", "CreateOrderRequest must have required property 'client_order_id'")
    ],
    "a string for an integer in a request": [
      asked(right.CreateOrder, { count: "10" }),
      asking("POST /portfolio/orders", 'CreateOrderRequest/count must be integer, is "10"')
    ],
    "a fraction of a cent in a request": [
      asked(right.CreateOrder, { yes_price: 42.5 }),
      asking("POST /portfolio/orders", "CreateOrderRequest/yes_price must be integer, is 42.5")
    ],
    "null in a request": [
      asked(right.DecreaseOrder, { reduce_to: null }),
      asking(`POST ${id}/decrease`, "DecreaseOrderRequest/reduce_to must be integer, is null")
    ],
    "a count beyond 32 bits": [
      asked(right.CreateOrder, { count: 2 ** 31 }),
      asking("POST /portfolio/orders", 'CreateOrderRequest/count must match format "int32", is 2147483648')
    ],
    "cents beyond 64 bits": [
      asked(right.CreateOrder, { yes_price: 2 ** 63 }),
      asking("POST /portfolio/orders", 'CreateOrderRequest/yes_price must match format "int64", is 9223372036854776000')
    ],
    "a wrong id in a batch": [
      { ...right.BatchCancelOrders, requestBody: { ids: ["abc"] } },
      asking("DELETE /portfolio/orders/batched", 'BatchCancelOrdersRequest/ids/0 must match format "uuid", is "abc"')
    ],
    "a field that is wrong in one item": [
      asked(right.BatchCreateOrders, { orders: [right.CreateOrder.requestBody, { ...nameless }] }),
      asking(
        "POST /portfolio/orders/batched",
        "BatchCreateOrdersRequest/orders/1 must have required property 'client_order_id'"
      )
    ],
    "a body on a GET": [
      { ...right.GetOrders, requestBody: {} },
      asking("GET /portfolio/orders", "the contract's GetOrders takes no body")
    ],
    "a cancel with a body": [
      { ...right.CancelOrder, requestBody: { reduce_to: 0 } },
      asking(`DELETE ${id}`, "the contract's CancelOrder takes no body")
    ],
    "a create without a body": [
      { ...right.CreateOrder, requestBody: undefined },
      asking("POST /portfolio/orders", "the body is missing, must be CreateOrderRequest")
    ],

    // queries and paths
    "an unknown query": [
      at(right.GetFills, "/portfolio/fills?page=2"),
      asking("GET /portfolio/fills", "query page is unknown to the contract's GetFills")
    ],
    "a limit of 1001": [
      at(right.GetFills, "/portfolio/fills?limit=1001"),
      asking("GET /portfolio/fills", "query limit must be <= 1000, is 1001")
    ],
    "a limit of 0": [
      at(right.GetPortfolioSettlements, "/portfolio/settlements?limit=0"),
      asking("GET /portfolio/settlements", "query limit must be >= 1, is 0")
    ],
    "a limit that is no number": [
      at(right.GetOrders, "/portfolio/orders?limit=1e2"),
      asking("GET /portfolio/orders", 'query limit must be a whole number, is "1e2"')
    ],
    "a query given twice": [
      at(right.GetOrders, "/portfolio/orders?limit=1&limit=1"),
      asking("GET /portfolio/orders", "query limit is given 2 times")
    ],
    "a wrong member in a query": [
      at(right.GetPositions, "/portfolio/positions?settlement_status=open"),
      asking(
        "GET /portfolio/positions",
        'query settlement_status must be equal to one of the allowed values (["all","settled","unsettled"]), is "open"'
      )
    ],
    "a wrong id in a query": [
      at(right.GetFills, "/portfolio/fills?order_id="),
      asking("GET /portfolio/fills", 'query order_id must match format "uuid", is ""')
    ],
    "a wrong id in a path": [
      at(right.GetOrder, "/portfolio/orders/urn:uuid:6e44d48f-cdf5-4181-ad6c-5c740920b5f0"),
      asking(`GET ${id}`, 'path order_id must match format "uuid", is "urn:uuid:6e44d48f-cdf5-4181-ad6c-5c740920b5f0"')
    ],

    // who asks
    "no bearer": [
      { ...right.GetBalance, authorization: "none" },
      asking("GET /portfolio/balance", "the Authorization must be a bearer token, is missing")
    ],
    "an Authorization of another kind": [
      { ...right.Logout, authorization: "other" },
      asking("POST /logout", "the Authorization must be a bearer token, is not one")
    ],
    "a bearer for a login": [
      { ...right.Login, authorization: "bearer" },
      asking("POST /login", "the contract's Login takes no Authorization")
    ],
    "a signature": [
      { ...right.GetBalance, signed: true },
      asking("GET /portfolio/balance", "a KALSHI-ACCESS header has no place here: no request is signed")
    ],

    // successes
    "an unknown field in an answer": [
      read({ fill_count: 4 }),
      answering(`GET ${id}`, 'GetOrderResponse/order must NOT have additional properties ("fill_count")')
    ],
    "a misspelt optional field": [
      answered(right.GetBalance, { payouts: 0 }),
      answering("GET /portfolio/balance", 'GetBalanceResponse must NOT have additional properties ("payouts")')
    ],
    "a missing field in an answer": [
      { ...right.CancelOrder, responseBody: uncounted },
      answering(`DELETE ${id}`, "CancelOrderResponse must have required property 'reduced_by'")
    ],
    "a missing list": [
      { ...right.GetPositions, responseBody: { market_positions: [] } },
      answering("GET /portfolio/positions", "GetPositionsResponse must have required property 'event_positions'")
    ],
    "a string for an integer": [
      answered(right.GetBalance, { balance: "100000" }),
      answering("GET /portfolio/balance", 'GetBalanceResponse/balance must be integer, is "100000"')
    ],
    "a fraction of a cent": [
      answered(right.GetPortfolioRestingOrderTotalValue, { total_value: 0.5 }),
      answering(
        "GET /portfolio/summary/total_resting_order_value",
        "GetUserRestingOrderTotalValueResponse/total_value must be integer, is 0.5"
      )
    ],
    "a fraction of a contract": [
      answered(right.GetFills, { fills: [{ ...Bodies.fill, count: 0.5 }] }),
      answering("GET /portfolio/fills", "GetFillsResponse/fills/0/count must be integer, is 0.5")
    ],
    "an id that is none": [
      answered(right.GetFills, { fills: [{ ...Bodies.fill, trade_id: "1" }] }),
      answering("GET /portfolio/fills", 'GetFillsResponse/fills/0/trade_id must match format "uuid", is "1"')
    ],
    "an id of another version": [
      read({ order_id: Bodies.fill.trade_id }),
      answering(`GET ${id}`, `GetOrderResponse/order/order_id must match format "uuid4", is "${Bodies.fill.trade_id}"`)
    ],
    "an unknown member": [
      read({ status: "open" }),
      answering(
        `GET ${id}`,
        'GetOrderResponse/order/status must be equal to one of the allowed values (["resting","canceled","executed","pending"]), is "open"'
      )
    ],
    "an instant without a zone": [
      read({ created_time: "2024-08-20T10:00:00" }),
      answering(
        `GET ${id}`,
        'GetOrderResponse/order/created_time must match format "date-time", is "2024-08-20T10:00:00"'
      )
    ],
    "null for what is absent": [
      read({ expiration_time: null }),
      answering(`GET ${id}`, "GetOrderResponse/order/expiration_time must be string, is null")
    ],
    "a nested error in a batch": [
      answered(right.BatchCreateOrders, { orders: [{ error: { error } }] }),
      answering(
        "POST /portfolio/orders/batched",
        'BatchCreateOrdersResponse/orders/0/error must NOT have additional properties ("error")'
      )
    ],
    "a full order in a confirmation": [
      answered(right.CreateOrder, { order: { ...Bodies.confirmation, remaining_count: 6 } }),
      answering(
        "POST /portfolio/orders",
        'CreateOrderResponse/order must NOT have additional properties ("remaining_count")'
      )
    ],
    "the wrong success": [
      { ...right.CreateOrder, status: 200 },
      answering("POST /portfolio/orders", "the status must be 201, is 200")
    ],
    "a success without JSON": [
      { ...right.GetBalance, responseBody: "balance", contentType: "application/json" },
      answering("GET /portfolio/balance", "the body is not JSON, must be GetBalanceResponse")
    ],
    "a wrong content type": [
      { ...right.GetBalance, contentType: "text/plain" },
      answering("GET /portfolio/balance", "the content type must be application/json, is text/plain")
    ],
    "a 204 with a body": [{ ...right.Logout, responseBody: {} }, answering("POST /logout", "a 204 has no body")],
    "a login without its cookie": [cookieless, answering("POST /login", "the cookie sessions is not set")],
    "a login with another cookie": [
      { ...right.Login, cookies: ["session"] },
      answering("POST /login", "the cookie sessions is not set")
    ],

    // failures
    "an undeclared failure": [
      failed(right.GetOrder, 404),
      answering(`GET ${id}`, "the contract's GetOrder does not answer 404")
    ],
    "a failure that only writes declare": [
      failed(right.GetBalance, 503),
      answering("GET /portfolio/balance", "the contract's GetBalance does not answer 503")
    ],
    "a redirect": [
      { ...right.GetBalance, status: 307, responseBody: "" },
      answering("GET /portfolio/balance", "the contract's GetBalance does not answer 307")
    ],
    "an error without JSON": [
      failed(right.GetBalance, 500, "oh no"),
      answering("GET /portfolio/balance", "the body is not JSON, must be JSONError")
    ],
    "an error in HTML": [
      failed(right.GetBalance, 500, JSON.stringify(error), "text/html"),
      answering("GET /portfolio/balance", "the content type must be application/json, is text/html")
    ],
    "an error without a body": [
      failed(right.GetBalance, 401, ""),
      answering("GET /portfolio/balance", "the body is not JSON, must be JSONError")
    ],
    "an error that is nested": [
      failed(right.GetBalance, 401, { error }),
      answering("GET /portfolio/balance", 'JSONError must NOT have additional properties ("error")')
    ],
    "an error whose code is a number": [
      failed(right.GetBalance, 400, { code: 400 }),
      answering("GET /portfolio/balance", "JSONError/code must be string, is 400")
    ],
    "an empty bucket of today": [
      failed(right.GetBalance, 429, { error: "too many requests" }),
      answering("GET /portfolio/balance", 'JSONError must NOT have additional properties ("error")')
    ],
    "a header that says something else": [
      { ...failed(right.GetBalance, 400), errorHeaders: { code: "bad_request" } },
      answering("GET /portfolio/balance", "the header code is not the body's code")
    ],
    "a header that the body lacks": [
      { ...failed(right.GetBalance, 400, { code: "a" }), errorHeaders: { details: "" } },
      answering("GET /portfolio/balance", "the header details is not the body's details")
    ],
    "a header with letters that none holds": [
      { ...failed(right.GetBalance, 400, { message: "größer" }), errorHeaders: { message: "größer" } },
      answering("GET /portfolio/balance", "the header message is not the body's message")
    ]
  }
  it.each(Object.entries(bad))("fails: %s", (_, [draft, message]) => {
    assert.strictEqual(judge(draft), message)
  })

  it("shows no password and no token", () => {
    for (const draft of [
      asked(right.Login, { password: "12345" }),
      { ...right.Login, requestBody: ["hunter2"] },
      { ...right.Login, requestBody: undefined, url: `${right.Login.url}?password=hunter2` },
      answered(right.Login, { token: 12345 }),
      answered(right.Login, { member_id: "12345" }),
      { ...right.Login, responseBody: "hunter2" }
    ]) {
      const text = judge(draft)
      assert.notStrictEqual(text, "")
      assert.notMatch(text, /12345|hunter2/)
    }
  })
})

describe("what the contract does not have", () => {
  const lost = "the contract has no such operation"
  const markets = at(right.GetBalance, "/markets")
  const of = (draft: Bodies.Draft, answer?: string): string => {
    const name = `${draft.method} ${new URL(draft.url, "http://localhost").pathname}`
    return [`request of ${name}: ${lost}`, ...(answer === undefined ? [] : [`response of ${name}: ${answer}`])].join(
      "\n"
    )
  }

  it.each<readonly [string, Bodies.Draft, string | undefined]>([
    ["a page that is not", failed(markets, 404, "404 page not found", "text/plain; charset=utf-8"), undefined],
    ["an error", failed(markets, 401), undefined],
    ["a trailing slash", { ...failed(at(right.GetOrders, "/portfolio/orders/"), 301, "", "") }, undefined],
    ["a success", markets, "an operation that the contract does not have succeeded"],
    [
      "a trailing slash that works",
      at(right.GetOrders, "/portfolio/orders/"),
      "an operation that the contract does not have succeeded"
    ],
    ["another redirect", failed(markets, 301, "", ""), "the status 301 is unknown"],
    [
      "an empty 404",
      failed(markets, 404, "", "text/plain"),
      "the content type must be application/json, is text/plain\nresponse of GET /legacy/trade-api/v2/markets: the body is not JSON, must be JSONError"
    ],
    ["a method", failed({ ...right.GetBalance, method: "PUT" }, 404), undefined]
  ])("is judged as such: %s", (_, draft, answer) => {
    assert.strictEqual(judge(draft), of(draft, answer))
  })

  it("is a wire of its own", () => {
    assert.match(
      judge({ ...right.GetBalance, url: "/trade-api/v2/portfolio/balance" }),
      /not below \/legacy\/trade-api\/v2/
    )
    assert.isTrue(Contract.serves("http://127.0.0.1:1/legacy/trade-api/v2/portfolio/balance?limit=1"))
    assert.isFalse(Contract.serves("/legacy/trade-api/v20"))
    const today = Bodies.exchange({
      ...right.GetBalance,
      url: "/trade-api/v2/exchange/status",
      responseBody: { exchange_active: true, trading_active: true }
    })
    assert.match(Today.format(Today.judge(today)), /^request of [^\n]*an Authorization has no place here[^\n]*$/)
  })
})
