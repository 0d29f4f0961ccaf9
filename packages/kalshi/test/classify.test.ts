import { assert, describe, it } from "@effect/vitest"
import * as classify from "../src/internal/classify.ts"
import type * as KalshiError from "../src/KalshiError.ts"

const tag = (status: number, body: unknown, ofOrder = false): KalshiError.Reason["_tag"] =>
  classify.reason({ status, body: typeof body === "string" ? body : JSON.stringify(body), ofOrder })._tag

describe("classify", () => {
  it("reads what every known shape of body tells", () => {
    const told = (body: string) => classify.told(400, body)
    const all = { status: 400, code: "invalid_order", text: "no", details: "why" }
    assert.deepStrictEqual(
      told(JSON.stringify({ error: { code: "invalid_order", message: "no", details: "why" } })),
      all
    )
    assert.deepStrictEqual(told(JSON.stringify({ code: "invalid_order", message: "no", details: "why" })), all)
    assert.deepStrictEqual(told(JSON.stringify({ msg: "limit" })), { status: 400, text: "limit" })
    assert.deepStrictEqual(told(JSON.stringify({ error: "too many requests" })), {
      status: 400,
      text: "too many requests"
    })
    assert.deepStrictEqual(told(JSON.stringify({ error: "header_timestamp_expired" })), {
      status: 400,
      code: "header_timestamp_expired"
    })
    assert.deepStrictEqual(told("404 page not found\n"), { status: 400, text: "404 page not found" })
    assert.deepStrictEqual(told("  <!doctype html><p>secret</p>"), {
      status: 400,
      text: "a web page, not an answer of the exchange"
    })
    for (const nothing of ["", "  \n", "{}", '{"error":{}}', '{"error":null}', '{"error":{"code":null,"message":7}}']) {
      assert.deepStrictEqual(told(nothing), { status: 400 }, nothing)
    }
  })

  it("normalises codes", () => {
    for (const [code, expected] of [
      ["invalid_order", "invalid_order"],
      ["Invalid Order", "invalid_order"],
      ["INVALID   ORDER", "invalid_order"],
      [" invalid_order ", "invalid_order"],
      ["user_not_found:_01234567-89ab-4cde-8f01-23456789abcd", "user_not_found"],
      ["user_not_found_: x", "user_not_found"]
    ] as const)
      assert.strictEqual(classify.normalise(code), expected)
  })

  it("keeps texts short", () => {
    const told = classify.told(
      500,
      JSON.stringify({ error: { code: "c".repeat(999), message: "m".repeat(999), details: "d".repeat(999) } })
    )
    for (const text of [told.code, told.text, told.details]) assert.strictEqual(text?.length, 301)
  })

  it("lets the status decide, then the code", () => {
    const coded = (code: string) => ({ error: { code } })
    const rows: ReadonlyArray<readonly [status: number, code: string, expected: KalshiError.Reason["_tag"]]> = [
      [400, "insufficient_balance", "InsufficientBalance"],
      [400, "available_balance_too_low", "InsufficientBalance"],
      [400, "invalid_price", "InvalidPrice"],
      [400, "market_not_found", "MarketNotFound"],
      [400, "market_closed", "MarketClosed"],
      [400, "market_inactive", "MarketClosed"],
      [400, "market_already_closed", "MarketClosed"],
      [400, "post_only_cross", "PostOnlyCross"],
      [400, "invalid_order", "InvalidOrder"],
      [400, "invalid_order_size", "InvalidOrder"],
      [400, "order_id_and_client_order_id_mismatch", "InvalidOrder"],
      [400, "order_side_mismatch", "InvalidOrder"],
      [400, "order_ticker_mismatch", "InvalidOrder"],
      [400, "invalid_parameters", "BadRequest"],
      [400, "bad_request", "BadRequest"],
      [400, "invalid_content_type", "BadRequest"],
      // the wire of 2.0.0 declares neither 404 nor 409
      [400, "order_already_exists", "DuplicateClientOrderId"],
      [400, "trading_is_paused", "TradingPaused"],
      [400, "exchange_is_paused", "ExchangePaused"],
      [400, "not_found", "NotFound"],
      [422, "invalid_order", "InvalidOrder"],
      [401, "authentication_error", "Unauthorized"],
      [401, "insufficient_balance", "Unauthorized"],
      [403, "insufficient_scope", "Forbidden"],
      [404, "market_not_found", "MarketNotFound"],
      [404, "not_found", "NotFound"],
      [408, "timeout", "Unavailable"],
      [409, "order_already_exists", "DuplicateClientOrderId"],
      [409, "fill_or_kill_insufficient_resting_volume", "FillOrKillUnfilled"],
      [409, "trading_is_paused", "TradingPaused"],
      [409, "exchange_is_paused", "ExchangePaused"],
      [409, "market_closed", "MarketClosed"],
      [409, "market_inactive", "MarketClosed"],
      [409, "insufficient_balance", "Conflict"],
      [409, "brand_new", "Conflict"],
      [410, "deprecated_v1_order_endpoint", "Retired"],
      [418, "teapot", "BadRequest"],
      [429, "too_many_requests", "RateLimited"],
      [500, "order_already_exists", "Unavailable"],
      [503, "service_unavailable", "Unavailable"],
      [599, "brand_new", "Unavailable"]
    ]
    for (const [status, code, expected] of rows) {
      const reason = classify.reason({ status, body: JSON.stringify(coded(code)), ofOrder: false })
      assert.strictEqual(reason._tag, expected, `${status} ${code}`)
      assert.strictEqual("code" in reason ? reason.code : undefined, code)
      assert.strictEqual("status" in reason ? reason.status : undefined, status)
    }
  })

  it("never lets the message decide", () => {
    assert.strictEqual(tag(400, { error: { code: "bad_request", message: "insufficient_balance" } }), "BadRequest")
    assert.strictEqual(tag(409, { error: { message: "order_already_exists" } }), "Conflict")
  })

  it("tells an order that is not there from a route that is not there", () => {
    assert.strictEqual(tag(404, { error: { code: "not_found" } }, true), "OrderNotFound")
    assert.strictEqual(tag(404, { error: { code: "not_found" } }, false), "NotFound")
    assert.strictEqual(tag(404, "404 page not found", true), "NotFound")
    assert.strictEqual(tag(400, { code: "not_found" }, true), "OrderNotFound")
    assert.strictEqual(tag(404, { error: { code: "market_not_found" } }, true), "MarketNotFound")
  })

  it("knows the answer of the host that has moved from one that refuses a key", () => {
    for (const body of [
      "API has been moved to https://api.elections.kalshi.com/",
      { error: { message: "The API has moved to api.elections.kalshi.com" } },
      { msg: "moved to:\nhttps://external-api.kalshi.com/trade-api/v2" }
    ]) {
      assert.strictEqual(tag(401, body), "Retired")
    }
    for (const body of ["", "unauthorized", { error: { code: "authentication_error", details: "NOT_FOUND" } }]) {
      assert.strictEqual(tag(401, body), "Unauthorized")
    }
    // words decide nothing elsewhere
    assert.strictEqual(tag(403, "API has been moved to https://api.elections.kalshi.com/"), "Forbidden")
  })

  it("finds a post-only cross in the details", () => {
    for (const details of [
      "post only cross",
      "Post Only Cross",
      "rejected: post only cross".replace("rejected: ", "")
    ]) {
      assert.strictEqual(tag(400, { error: { code: "invalid_order", details } }), "PostOnlyCross")
    }
    assert.strictEqual(tag(400, { error: { code: "invalid_order", details: "price" } }), "InvalidOrder")
  })

  it("gives an item of a batch the class that its code has alone", () => {
    const rows: ReadonlyArray<readonly [code: string | null | undefined, expected: KalshiError.Reason["_tag"]]> = [
      ["order_already_exists", "DuplicateClientOrderId"],
      ["fill_or_kill_insufficient_resting_volume", "FillOrKillUnfilled"],
      ["fok_insufficient_volume", "FillOrKillUnfilled"],
      ["trading_is_paused", "TradingPaused"],
      ["exchange_is_paused", "ExchangePaused"],
      ["not_found", "OrderNotFound"],
      ["order_not_found", "OrderNotFound"],
      ["market_not_found", "MarketNotFound"],
      ["market_closed", "MarketClosed"],
      ["insufficient_balance", "InsufficientBalance"],
      ["invalid_price", "InvalidPrice"],
      ["Order Already Exists", "DuplicateClientOrderId"],
      ["internal_server_error", "Conflict"],
      ["exchange_unavailable", "Conflict"],
      ["brand_new", "Conflict"],
      ["constructor", "Conflict"],
      ["", "Conflict"],
      [null, "Conflict"],
      [undefined, "Conflict"]
    ]
    for (const [code, expected] of rows) assert.strictEqual(classify.itemReason({ code })._tag, expected, String(code))
    // what is not known as a refusal leaves the outcome open
    assert.strictEqual(classify.itemReason({ code: "brand_new" }).outcome, "unknown")
    assert.isFalse(classify.isItemError({}))
    assert.isFalse(classify.isItemError(null))
    assert.isTrue(classify.isItemError({ message: "no" }))
    assert.strictEqual(classify.itemReason({ code: "invalid order", details: "post only cross" })._tag, "PostOnlyCross")
  })

  it("says of each failure whether it was applied and whether to try again", () => {
    const facts = (status: number, code?: string) => {
      const { outcome, retryable } = classify.reason({
        status,
        body: JSON.stringify({ error: { code } }),
        ofOrder: true
      })
      return [outcome, retryable]
    }
    assert.deepStrictEqual(facts(400), ["not-applied", false])
    assert.deepStrictEqual(facts(401), ["not-applied", false])
    assert.deepStrictEqual(facts(403), ["not-applied", false])
    assert.deepStrictEqual(facts(404), ["not-applied", false])
    assert.deepStrictEqual(facts(409), ["unknown", false])
    assert.deepStrictEqual(facts(409, "order_already_exists"), ["unknown", false])
    assert.deepStrictEqual(facts(409, "trading_is_paused"), ["not-applied", false])
    assert.deepStrictEqual(facts(410), ["not-applied", false])
    assert.deepStrictEqual(facts(429), ["not-applied", true])
    assert.deepStrictEqual(facts(500), ["unknown", true])
    assert.deepStrictEqual(facts(503), ["unknown", true])
  })
})
