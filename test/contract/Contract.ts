/**
 * The judge: an exchange of HTTP against the official SDK. It knows every
 * operation of the SDK, and of each the method, path, query, body, status and
 * answer, all read from the SDK (`Sdk.ts`) and corrected only by
 * `LaterAdditions.ts`. Errors are judged by the shapes that the exchange has.
 */
import type { Kept } from "./Headers.ts"
import { isJson, parse } from "./Json.ts"
import { laterAdditions } from "./LaterAdditions.ts"
import * as Routes from "./Routes.ts"
import * as Schemas from "./Schemas.ts"
import * as Sdk from "./Sdk.ts"

/** One request and its answer, as they were on the wire. */
export interface Exchange extends Kept {
  readonly method: string
  /** Absolute, or from the root of the host. */
  readonly url: string
  readonly requestBody: string | undefined
  readonly requestContentType?: string | undefined
  readonly status: number
  readonly responseBody: string
  readonly contentType: string | undefined
}

/** What is wrong with an exchange, and on whose side. */
export interface Violation {
  readonly of: Schemas.Way
  /** `GET /markets`, or the method and path as they came. */
  readonly operation: string
  readonly message: string
}

/** The names of the operations of our API, as the SDK calls them. */
export const ours = {
  getBalance: "getBalance",
  getPositions: "getPositions",
  getFills: "getFills",
  getSettlements: "getSettlements",
  getPortfolioRestingOrderTotalValue: "getPortfolioRestingOrderTotalValue",
  getDeposits: "getDeposits",
  getWithdrawals: "getWithdrawals",
  createSubaccount: "createSubaccount",
  transferBetweenSubaccounts: "applySubaccountTransfer",
  getSubaccountBalances: "getSubaccountBalances",
  getSubaccountTransfers: "getSubaccountTransfers",
  getOrders: "getOrders",
  getOrder: "getOrder",
  createOrder: "createOrderV2",
  batchCreateOrders: "batchCreateOrdersV2",
  batchCancelOrders: "batchCancelOrdersV2",
  cancelAllOrders: "cancelAllOrders",
  cancelOrder: "cancelOrderV2",
  amendOrder: "amendOrderV2",
  decreaseOrder: "decreaseOrderV2",
  getMarkets: "getMarkets",
  getTrades: "getTrades",
  getMarket: "getMarket",
  getMarketOrderbook: "getMarketOrderbook",
  getEvent: "getEvent",
  getSeries: "getSeries",
  getHistoricalCutoff: "getHistoricalCutoff",
  getFillsHistorical: "getFillsHistorical",
  getHistoricalOrders: "getHistoricalOrders",
  getHistoricalPositions: "getHistoricalPositions",
  getTradesHistorical: "getTradesHistorical",
  getHistoricalMarkets: "getHistoricalMarkets",
  getHistoricalMarket: "getHistoricalMarket",
  getExchangeStatus: "getExchangeStatus",
  getUserDataTimestamp: "getUserDataTimestamp",
  getAccountApiLimits: "getAccountApiLimits",
  getAccountEndpointCosts: "getAccountEndpointCosts",
  getApiKeys: "getApiKeys"
} as const

/** Where the paths of the API begin. */
export const base = "/trade-api/v2"

const withLater = (operation: Sdk.Operation): Sdk.Operation => {
  const query: Record<string, Sdk.QueryParameter> = { ...operation.query }
  for (const later of laterAdditions) {
    if (later.kind === "query" && later.operation === operation.name) {
      query[later.name] = { type: later.type, many: false, required: false, members: undefined }
    }
  }
  return { ...operation, query }
}

/** The operation of the SDK that a method and a path (below the base) name. */
export const find = Routes.make(Object.values(Sdk.operations).map(withLater))

// ---------------------------------------------------------------------------
// requests

const queryValue = (name: string, parameter: Sdk.QueryParameter, value: string): ReadonlyArray<string> => {
  if (parameter.type === "number" && !/^-?\d+$/.test(value)) {
    return [`query ${name} must be a whole number, is ${JSON.stringify(value)}`]
  }
  if (parameter.type === "boolean" && value !== "true" && value !== "false") {
    return [`query ${name} must be true or false, is ${JSON.stringify(value)}`]
  }
  if (parameter.members !== undefined && !parameter.members.includes(value)) {
    return [`query ${name} must be one of ${parameter.members.join(", ")}, is ${JSON.stringify(value)}`]
  }
  return []
}

const judgeQuery = (operation: Sdk.Operation, search: URLSearchParams): ReadonlyArray<string> => {
  const messages: Array<string> = []
  for (const name of new Set(search.keys())) {
    const parameter = operation.query[name]
    const values = search.getAll(name)
    if (parameter === undefined) {
      messages.push(`query ${name} is unknown to the SDK's ${operation.name}`)
      continue
    }
    if (values.length > 1 && !parameter.many) messages.push(`query ${name} is given ${values.length} times`)
    for (const value of values) messages.push(...queryValue(name, parameter, value))
  }
  for (const [name, parameter] of Object.entries(operation.query)) {
    if (parameter.required && !search.has(name)) messages.push(`query ${name} is missing`)
  }
  return messages
}

const judgeRequestBody = (operation: Sdk.Operation, exchange: Exchange): ReadonlyArray<string> => {
  const body = exchange.requestBody ?? ""
  if (operation.request === undefined) {
    return body === "" ? [] : [`the SDK's ${operation.name} sends no body`]
  }
  if (body === "") return [`the body is missing, must be ${operation.request}`]
  const parsed = parse(body)
  if (parsed === undefined) return ["the body is not JSON"]
  const messages = [...Schemas.defects("request", operation.request, parsed.value)]
  if (exchange.requestContentType !== undefined && !isJson(exchange.requestContentType)) {
    messages.push(`the content type must be application/json, is ${exchange.requestContentType}`)
  }
  return messages
}

const judgeCredentials = (exchange: Exchange): ReadonlyArray<string> =>
  exchange.authorization === undefined ? [] : ["an Authorization has no place here: requests are signed"]

// ---------------------------------------------------------------------------
// answers

const isErrorObject = (value: unknown): boolean => {
  if (!Sdk.isRecord(value) || typeof value["code"] !== "string") return false
  // `service` was in the wrapped shape until 2026-08-06, and in none since.
  const { sandbox_unannounced: _, ...known } = value
  return Schemas.defects("response", "ErrorResponse", known).length === 0
}

const keysOf = (value: object): string =>
  Object.keys(value)
    .filter((key) => key !== "sandbox_unannounced")
    .join()

/** The shapes of errors that the exchange is known to answer with. */
const errorShape = (exchange: Exchange): string | undefined => {
  const { contentType, responseBody, status } = exchange
  const gateway = status === 403 || status >= 500
  if (responseBody === "") return gateway ? undefined : `an empty ${status} is only known from gateways`
  if (!isJson(contentType)) {
    if (/^text\/html/i.test(contentType ?? "")) {
      return gateway ? undefined : `HTML with ${status} is only known from gateways`
    }
    if (!/^text\/plain/i.test(contentType ?? "")) return `an error of content type ${contentType} is unknown`
    return gateway || status === 404 || status === 401 ? undefined : `plain text with ${status} is unknown`
  }
  const value = parse(responseBody)?.value
  if (!Sdk.isRecord(value)) return "the error is not a JSON object"
  switch (keysOf(value)) {
    case "error": {
      if (typeof value["error"] === "string") {
        return status === 429 || status === 401 ? undefined : `an error string is unknown with ${status}`
      }
      return isErrorObject(value["error"]) ? undefined : "the wrapped error is not {code, message?, details?}"
    }
    case "msg": {
      if (typeof value["msg"] !== "string") return "msg is not a string"
      return status === 400 ? undefined : `{msg} is only known with 400, not with ${status}`
    }
    default:
      return isErrorObject(value) ? undefined : `an error with the fields ${keysOf(value)} is unknown`
  }
}

const judgeSuccess = (operation: Sdk.Operation, exchange: Exchange): ReadonlyArray<string> => {
  const { status, type } = operation.success
  const messages: Array<string> = []
  if (exchange.status !== status) messages.push(`the status must be ${status}, is ${exchange.status}`)
  if (type === undefined) {
    if (status === 204 && exchange.responseBody !== "") messages.push("a 204 has a body")
    return messages
  }
  if (!isJson(exchange.contentType)) {
    messages.push(`the content type must be application/json, is ${exchange.contentType}`)
  }
  const parsed = parse(exchange.responseBody)
  return parsed === undefined
    ? [...messages, `the body is not JSON: ${JSON.stringify(exchange.responseBody.slice(0, 80))}`]
    : [...messages, ...Schemas.defects("response", type, parsed.value)]
}

const judgeAnswer = (operation: Sdk.Operation | undefined, path: string, exchange: Exchange): ReadonlyArray<string> => {
  if (exchange.status >= 400) {
    const message = errorShape(exchange)
    return message === undefined ? [] : [message]
  }
  if (exchange.status === 301 && path.endsWith("/")) return []
  if (exchange.status >= 300 || exchange.status < 200) return [`the status ${exchange.status} is unknown`]
  return operation === undefined
    ? ["an operation that the SDK does not have succeeded"]
    : judgeSuccess(operation, exchange)
}

/** Every way in which an exchange departs from the SDK; empty when it agrees. */
export const judge = (exchange: Exchange): ReadonlyArray<Violation> => {
  const url = new URL(exchange.url, "http://localhost")
  const path = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : undefined
  const operation = path === undefined ? undefined : find(exchange.method, path)
  const name = `${exchange.method} ${operation?.path ?? url.pathname}`
  const violation =
    (of: Schemas.Way) =>
    (message: string): Violation => ({ of, operation: name, message })
  const asked =
    operation === undefined
      ? [path === undefined ? `the path is not below ${base}` : "the SDK has no such operation"]
      : [...judgeQuery(operation, url.searchParams), ...judgeRequestBody(operation, exchange)]
  return [
    ...[...asked, ...judgeCredentials(exchange)].map(violation("request")),
    ...judgeAnswer(operation, path ?? url.pathname, exchange).map(violation("response"))
  ]
}

/** Violations as text, one line each. */
export const format = (violations: ReadonlyArray<Violation>): string =>
  violations.map((violation) => `${violation.of} of ${violation.operation}: ${violation.message}`).join("\n")
