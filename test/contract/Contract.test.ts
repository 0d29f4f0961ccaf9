import { assert, describe, it } from "@effect/vitest"
import * as Bodies from "./Bodies.ts"
import * as Contract from "./Contract.ts"
import { laterAdditions } from "./LaterAdditions.ts"
import * as Sdk from "./Sdk.ts"

const judge = (draft: Bodies.Draft): string => Contract.format(Contract.judge(Bodies.exchange(draft)))
const { book, created, orders } = Bodies

const answered = (changes: Record<string, unknown>): Bodies.Draft => ({
  ...created,
  responseBody: { ...created.responseBody, ...changes }
})
const asked = (changes: Record<string, unknown>): Bodies.Draft => ({
  ...created,
  requestBody: { ...created.requestBody, ...changes }
})
const listed = (changes: Record<string, unknown>): Bodies.Draft => ({
  ...orders,
  responseBody: { ...orders.responseBody, orders: [{ ...Bodies.order, ...changes }] }
})
const failed = (status: number, responseBody: unknown, contentType = "application/json"): Bodies.Draft => ({
  method: "GET",
  url: "/trade-api/v2/portfolio/balance",
  status,
  responseBody,
  contentType
})

describe("the SDK", () => {
  it("is read whole", () => {
    assert.strictEqual(Object.keys(Sdk.operations).length, 114)
    for (const name of Object.values(Contract.ours)) {
      assert.strictEqual(Sdk.operations[name]?.name, name)
      const success = Sdk.operations[name]?.success
      assert.strictEqual(success?.type === undefined, success?.status === 204, name)
    }
  })

  it("is what is kept on disk", async () => {
    assert.deepStrictEqual(await Sdk.generate(), Sdk.definitions)
  })

  it("does not know yet what is listed as later", () => {
    for (const later of laterAdditions) {
      assert.isAbove(later.source.length, 10)
      switch (later.kind) {
        case "query":
          assert.isUndefined(Sdk.operations[later.operation]!.query[later.name], later.name)
          break
        case "property":
          assert.notProperty(Sdk.definitions[later.model]!["properties"], later.name)
          break
        case "removed":
          assert.property(Sdk.definitions[later.model]!["properties"], later.name)
          break
        case "optional":
          assert.include(Sdk.definitions[later.model]!["required"] as ReadonlyArray<string>, later.name)
          break
        case "member":
          assert.notInclude(Sdk.definitions[later.model]!["enum"] as ReadonlyArray<string>, later.value)
          break
        case "anywhere":
          break
      }
    }
  })
})

describe("a good exchange", () => {
  const item = { order_id: null, client_order_id: "a", error: { code: "invalid order", message: "no", details: "x" } }
  const good: Readonly<Record<string, Bodies.Draft>> = {
    "a create": created,
    "a list": orders,
    "a list that ends without a cursor": { ...orders, responseBody: { orders: [] } },
    "a book": book,
    "a field that nobody announced": answered({ sandbox_unannounced: 1 }),
    "the same in a list": listed({ sandbox_unannounced: { deep: true } }),
    "a price of two decimals, a fractional count": asked({ price: "0.42", count: "0.5", expiration_time: 1795190400 }),
    "a cancel": {
      method: "DELETE",
      url: "/trade-api/v2/portfolio/events/orders/abc?market_ticker=A&subaccount=0",
      status: 200,
      responseBody: { order_id: "abc", reduced_by: "6.00", ts_ms: 1 }
    },
    "a batch of cancels": {
      method: "DELETE",
      url: "/trade-api/v2/portfolio/events/orders/batched",
      requestBody: { orders: [{ order_id: "abc", market_ticker: "A" }] },
      status: 200,
      responseBody: { orders: [{ order_id: "abc", reduced_by: "0.00", error: item.error }] }
    },
    "a cancel of everything": {
      method: "DELETE",
      url: "/trade-api/v2/portfolio/events/orders",
      status: 204,
      responseBody: "",
      contentType: ""
    },
    "several books": {
      method: "GET",
      url: "/trade-api/v2/markets/orderbooks?tickers=A&tickers=B",
      status: 200,
      responseBody: { orderbooks: [] }
    },
    "a later query": { ...failed(429, { error: "too many requests" }), url: "/trade-api/v2/markets?max_updated_ts=1" },
    "a wrapped error": failed(404, { error: { code: "not_found", message: "not found", details: "x" } }),
    "a wrapped error in short": failed(401, { error: { code: "authentication_error" } }),
    "a flat error": failed(400, { code: "bad_request", message: "bad request" }),
    "an error of a query": failed(400, { msg: "limit must be at most 1000" }),
    "an empty bucket": failed(429, { error: "too many requests" }),
    "an unknown page": failed(404, "404 page not found", "text/plain; charset=utf-8"),
    "a gateway": failed(502, "<html></html>", "text/html"),
    "a gateway without words": failed(503, "", "")
  }
  it.each(Object.entries(good))("passes: %s", (_, draft) => {
    assert.strictEqual(judge(draft), "")
  })
})

describe("a wrong exchange", () => {
  const { side: _side, ...sideless } = created.requestBody
  const { order_id: _id, ...idless } = created.responseBody
  const bad: Readonly<Record<string, readonly [Bodies.Draft, RegExp]>> = {
    "a missing field in an answer": [{ ...created, responseBody: idless }, /response of POST .*order_id/],
    "a missing field in a list": [listed({ outcome_side: undefined }), /outcome_side/],
    "an extra field in an answer": [answered({ status: "resting" }), /additional properties \("status"\)/],
    "an extra field in a list": [listed({ yes_price: 42 }), /additional properties \("yes_price"\)/],
    "a number for a string": [answered({ fill_count: 4 }), /fill_count must be string, is 4/],
    "a string for a number": [answered({ ts_ms: "1795190400123" }), /ts_ms must be integer/],
    "a fraction of a millisecond": [answered({ ts_ms: 1.5 }), /ts_ms must be integer/],
    "null where there is none": [answered({ client_order_id: null }), /client_order_id must be string/],
    "an unknown member of an enum": [listed({ status: "pending" }), /status must be equal.*resting.*"pending"/],
    "a count of one decimal in an answer": [listed({ fill_count_fp: "4.0" }), /fill_count_fp must match pattern/],
    "money without decimals": [listed({ taker_fees_dollars: "0" }), /taker_fees_dollars must match pattern/],
    "money with seven decimals": [listed({ taker_fees_dollars: "0.1234567" }), /taker_fees_dollars/],
    "an instant that is not of RFC 3339": [listed({ created_time: "2026-11-20 10:00" }), /created_time/],
    "a field that is gone": [
      {
        method: "GET",
        url: "/trade-api/v2/markets/A",
        status: 200,
        responseBody: { market: { ticker: "A", liquidity_dollars: "0.0000" } }
      },
      /"liquidity_dollars"/
    ],
    "a level of numbers": [
      { ...book, responseBody: { orderbook_fp: { yes_dollars: [[0.41, 50]], no_dollars: [] } } },
      /yes_dollars\/0\/0 must be string/
    ],
    "a level of three": [
      { ...book, responseBody: { orderbook_fp: { yes_dollars: [["0.4100", "1.00", "2"]], no_dollars: [] } } },
      /must NOT have more than 2 items/
    ],
    "a missing field in a request": [{ ...created, requestBody: sideless }, /request of POST .*'side'/],
    "an extra field in a request": [asked({ action: "buy" }), /request .*"action"/],
    "a fault's field in a request": [asked({ sandbox_unannounced: 1 }), /request .*"sandbox_unannounced"/],
    "a number in a request": [asked({ count: 10 }), /count must be string/],
    "null in a request": [asked({ post_only: null }), /post_only must be boolean/],
    "a wrong member in a request": [asked({ time_in_force: "GTC" }), /time_in_force must be equal/],
    "a price of five decimals": [asked({ price: "0.42000" }), /price must match pattern/],
    "a create without a body": [{ ...created, requestBody: undefined }, /the body is missing/],
    "a body where there is none": [{ ...orders, requestBody: {} }, /getOrders sends no body/],
    "an unknown query": [{ ...orders, url: `${orders.url}&page=2` }, /query page is unknown/],
    "a wrong query": [{ ...orders, url: `${orders.url}&min_ts=today` }, /query min_ts must be a whole number/],
    "a wrong member in a query": [
      { method: "GET", url: "/trade-api/v2/markets?status=active", status: 200, responseBody: { markets: [] } },
      /query status must be one of unopened, open/
    ],
    "a query given twice": [{ ...orders, url: `${orders.url}&limit=1` }, /query limit is given 2 times/],
    "a missing query": [
      { method: "GET", url: "/trade-api/v2/markets/orderbooks", status: 200, responseBody: { orderbooks: [] } },
      /query tickers is missing/
    ],
    "the wrong success": [{ ...created, status: 200 }, /status must be 201, is 200/],
    "an answer that is not JSON": [{ ...orders, responseBody: "<html></html>" }, /not JSON/],
    "a wrong content type": [{ ...orders, contentType: "text/plain" }, /content type must be/],
    "an operation that is not": [
      { ...created, url: "/trade-api/v2/portfolio/orders" },
      /the SDK has no such operation/
    ],
    "a trailing slash": [{ ...orders, url: "/trade-api/v2/portfolio/orders/" }, /the SDK has no such operation/],
    "a path elsewhere": [{ ...orders, url: "/portfolio/orders" }, /not below \/trade-api\/v2/],
    "a redirect": [{ ...orders, status: 307, responseBody: "" }, /status 307 is unknown/],
    "an empty 404": [failed(404, "", ""), /an empty 404/],
    "an error of a framework": [failed(400, { _tag: "HttpApiSchemaError", message: "no" }), /_tag,message is unknown/],
    "a wrapped error with a service": [failed(400, { error: { code: "a", message: "b", service: "c" } }), /wrapped/],
    "an error without a code": [failed(400, { error: { message: "b" } }), /wrapped/],
    "a {msg} with 404": [failed(404, { msg: "no" }), /only known with 400/],
    "an error string with 500": [failed(500, { error: "no" }), /error string/],
    "HTML with 404": [failed(404, "<html></html>", "text/html"), /HTML with 404/]
  }
  it.each(Object.entries(bad))("fails: %s", (_, [draft, message]) => {
    assert.match(judge(draft), message)
  })
})
