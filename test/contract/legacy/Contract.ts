/**
 * The judge of the wire of 2.0.0 (August 2024): an exchange of HTTP against
 * the exchange's own OpenAPI description of that version (`Description.ts`),
 * with no word of ours between them but `Exceptions.ts`.
 */
import type { Exchange, Violation } from "../Contract.ts"
import { isJson, parse } from "../Json.ts"
import * as Routes from "../Routes.ts"
import type { Way } from "../Schemas.ts"
import * as Sdk from "../Sdk.ts"
import * as Description from "./Description.ts"
import * as Exceptions from "./Exceptions.ts"
import * as Schemas from "./Schemas.ts"

/** Where the paths of this wire begin. */
export const base = "/legacy/trade-api/v2"

/** The operation of the contract that a method and a path (below the base) name. */
export const find = Routes.make(Object.values(Description.operations))

/** Whether a URL is one of this wire. */
export const serves = (url: string): boolean => {
  const { pathname } = new URL(url, "http://localhost")
  return pathname === base || pathname.startsWith(`${base}/`)
}

// ---------------------------------------------------------------------------
// requests

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const judgePath = (operation: Description.Operation, path: string): ReadonlyArray<string> => {
  const parts = path.split("/")
  return operation.path.split("/").flatMap((part, index) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    const schema = name === undefined ? undefined : operation.schemas.path[name]
    return schema === undefined ? [] : Schemas.parameterDefects(`path ${name}`, schema, decoded(parts[index] ?? ""))
  })
}

const judgeQuery = (operation: Description.Operation, search: URLSearchParams): ReadonlyArray<string> => {
  const messages: Array<string> = []
  for (const name of new Set(search.keys())) {
    const schema = operation.schemas.query[name]
    const values = search.getAll(name)
    if (schema === undefined) {
      messages.push(`query ${name} is unknown to the contract's ${operation.name}`)
      continue
    }
    if (values.length > 1) messages.push(`query ${name} is given ${values.length} times`)
    for (const value of values) messages.push(...Schemas.parameterDefects(`query ${name}`, schema, value))
  }
  for (const [name, { required }] of Object.entries(operation.query)) {
    if (required && !search.has(name)) messages.push(`query ${name} is missing`)
  }
  return messages
}

const judgeRequestBody = (operation: Description.Operation, exchange: Exchange): ReadonlyArray<string> => {
  const body = exchange.requestBody ?? ""
  if (operation.request === undefined) {
    return body === "" ? [] : [`the contract's ${operation.name} takes no body`]
  }
  if (body === "") return [`the body is missing, must be ${operation.request}`]
  const type = exchange.requestContentType
  const parsed = parse(body)
  return [
    ...(isJson(type) ? [] : [`the content type must be application/json, is ${type}`]),
    ...(parsed === undefined ? ["the body is not JSON"] : Schemas.defects("request", operation.request, parsed.value))
  ]
}

const judgeCredentials = (operation: Description.Operation | undefined, exchange: Exchange): ReadonlyArray<string> => {
  const messages: Array<string> = []
  if (operation?.secured === true && exchange.authorization !== "bearer") {
    const what = exchange.authorization === undefined ? "is missing" : "is not one"
    messages.push(`the Authorization must be a bearer token, ${what}`)
  }
  // A token that nobody asked for is a token shown to somebody more.
  if (operation?.secured === false && exchange.authorization !== undefined) {
    messages.push(`the contract's ${operation.name} takes no Authorization`)
  }
  if (exchange.signed === true) messages.push("a KALSHI-ACCESS header has no place here: no request is signed")
  return messages
}

// ---------------------------------------------------------------------------
// answers

const judgeJson = (model: string, exchange: Exchange): ReadonlyArray<string> => {
  const { contentType, responseBody } = exchange
  const parsed = parse(responseBody)
  return [
    ...(isJson(contentType) ? [] : [`the content type must be application/json, is ${contentType}`]),
    // What is not understood is not shown either: it may hold a token.
    ...(parsed === undefined
      ? [`the body is not JSON, must be ${model}`]
      : Schemas.defects("response", model, parsed.value))
  ]
}

/** A text as a header can hold it: what is not printable ASCII is left out, or something stands for it. */
const reductions = (text: string): ReadonlyArray<string> =>
  ["", "?", " "].flatMap((stand) => [
    text.replaceAll(/[^\x20-\x7e]/gu, stand).trim(),
    text.replaceAll(/[^\x20-\x7e]+/gu, stand).trim()
  ])

const judgeErrorHeaders = (exchange: Exchange): ReadonlyArray<string> => {
  const body = parse(exchange.responseBody)?.value
  return Object.entries(exchange.errorHeaders ?? {}).flatMap(([name, value]) => {
    const said = Sdk.isRecord(body) ? body[name] : undefined
    return typeof said === "string" && reductions(said).includes(value.trim())
      ? []
      : [`the header ${name} is not the body's ${name}`]
  })
}

const judgeError = (exchange: Exchange): ReadonlyArray<string> => [
  ...judgeJson("JSONError", exchange),
  ...judgeErrorHeaders(exchange)
]

const judgeException = (exception: Exceptions.Exception, exchange: Exchange): ReadonlyArray<string> => {
  switch (exception.body) {
    case "JSONError":
      return judgeError(exchange)
    case "text/plain": {
      const isText = /^text\/plain\s*(;|$)/i.test(exchange.contentType ?? "") && exchange.responseBody !== ""
      return isText ? [] : judgeError(exchange)
    }
    case "anything":
      return []
  }
}

const judgeSuccess = (operation: Description.Operation, exchange: Exchange): ReadonlyArray<string> => {
  const { status, type } = operation.success
  const messages: Array<string> = []
  if (exchange.status !== status) messages.push(`the status must be ${status}, is ${exchange.status}`)
  // In the contract's prose alone: the cookie is required, and this is its name.
  if (operation.answers.get(status)?.headers.includes("Set-Cookie") === true) {
    if (exchange.cookies?.includes("sessions") !== true) messages.push("the cookie sessions is not set")
  }
  if (type !== undefined) return [...messages, ...judgeJson(type, exchange)]
  return exchange.responseBody === "" ? messages : [...messages, `a ${status} has no body`]
}

const judgeAnswer = (
  operation: Description.Operation | undefined,
  path: string,
  exchange: Exchange
): ReadonlyArray<string> => {
  const { status } = exchange
  const exception = Exceptions.find(operation === undefined ? "elsewhere" : "operation", status, path)
  if (exception !== undefined) return judgeException(exception, exchange)
  if (operation === undefined) {
    if (status >= 400) return judgeError(exchange)
    return status >= 300
      ? [`the status ${status} is unknown`]
      : ["an operation that the contract does not have succeeded"]
  }
  if (status >= 200 && status < 300) return judgeSuccess(operation, exchange)
  return [
    ...(operation.answers.has(status) ? [] : [`the contract's ${operation.name} does not answer ${status}`]),
    ...(status < 400 ? [] : judgeError(exchange))
  ]
}

/** Every way in which an exchange departs from the contract; empty when it agrees. */
export const judge = (exchange: Exchange): ReadonlyArray<Violation> => {
  const url = new URL(exchange.url, "http://localhost")
  const path = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : undefined
  const operation = path === undefined ? undefined : find(exchange.method, path)
  const name = `${exchange.method} ${operation?.path ?? url.pathname}`
  const violation =
    (of: Way) =>
    (message: string): Violation => ({ of, operation: name, message })
  const asked =
    operation === undefined
      ? [path === undefined ? `the path is not below ${base}` : "the contract has no such operation"]
      : [
          ...judgePath(operation, path ?? ""),
          ...judgeQuery(operation, url.searchParams),
          ...judgeRequestBody(operation, exchange)
        ]
  return [
    ...[...asked, ...judgeCredentials(operation, exchange)].map(violation("request")),
    ...judgeAnswer(operation, path ?? url.pathname, exchange).map(violation("response"))
  ]
}
