// @ts-check
/**
 * Listens in on every HTTP server of a process: what one is asked below a base
 * and what it answers, over whichever client and with no cooperation of either
 * side.
 *
 * It is plain JavaScript, so that every Node that is supported runs it as it
 * is, also in a process of its own (`Child.mjs`).
 */
import * as Http from "node:http"

/** @typedef {Readonly<Record<string, number | string | ReadonlyArray<string> | undefined>>} Headers */

/**
 * What passed, secrets and all.
 *
 * @typedef {object} Heard
 * @property {string} method
 * @property {string} url
 * @property {Headers} requestHeaders
 * @property {string} [requestBody]
 * @property {number} status
 * @property {Headers} responseHeaders
 * @property {string} responseBody
 * @property {boolean} whole Whether the answer was whole.
 */

/**
 * @param {unknown} chunk
 * @param {unknown} encoding
 * @returns {Buffer | undefined}
 */
const bytes = (chunk, encoding) => {
  if (typeof chunk === "string") {
    return Buffer.from(chunk, typeof encoding === "string" ? /** @type {BufferEncoding} */ (encoding) : "utf8")
  }
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : undefined
}

/**
 * @param {unknown} given
 * @returns {Headers}
 */
const headersOf = (given) => {
  /** @type {Record<string, Array<string>>} */
  const headers = {}
  /** @type {(name: unknown, value: unknown) => void} */
  const add = (name, value) => {
    const values = Array.isArray(value) ? value.map(String) : [String(value)]
    ;(headers[String(name).toLowerCase()] ??= []).push(...values)
  }
  if (Array.isArray(given)) {
    /** @type {ReadonlyArray<unknown>} */
    const flat = given.flat()
    for (let i = 0; i + 1 < flat.length; i += 2) add(flat[i], flat[i + 1])
  } else if (typeof given === "object" && given !== null) {
    for (const [name, value] of Object.entries(given)) add(name, value)
  }
  return headers
}

/**
 * @param {Headers} headers
 * @param {string} name
 */
const one = (headers, name) => {
  const value = headers[name]
  return value === undefined ? undefined : String(value)
}

/** @typedef {(...args: ReadonlyArray<unknown>) => unknown} Method */

/**
 * @param {object} of
 * @param {string} name
 * @param {(method: Method, args: ReadonlyArray<unknown>) => unknown} around
 */
const wrap = (of, name, around) => {
  /** @type {Method} */
  const method = Reflect.get(of, name).bind(of)
  Reflect.set(of, name, (/** @type {ReadonlyArray<unknown>} */ ...args) => around(method, args))
}

/**
 * @param {Http.IncomingMessage} request
 * @param {Http.ServerResponse} response
 * @param {(heard: Heard) => void} hear
 */
const listen = (request, response, hear) => {
  /** @type {Array<Buffer>} */
  const sent = []
  /** @type {Array<Buffer>} */
  const received = []
  /** @type {Headers} */
  let given = {}
  let done = false
  let left = false

  // Listeners on the streams themselves would set them flowing: the methods are wrapped instead.
  const push = request.push.bind(request)
  request.push = (chunk, encoding) => {
    const part = bytes(chunk, encoding)
    if (part !== undefined) sent.push(part)
    return push(chunk, encoding)
  }
  /** @type {(ended: boolean) => void} */
  const finish = (ended) => {
    if (done) return
    done = true
    // No answer is no answer: whether the client copes is the test's matter.
    if (!ended && (left || !response.headersSent)) return
    const body = Buffer.concat(received)
    const responseHeaders = { ...given, ...response.getHeaders() }
    const length = one(responseHeaders, "content-length")
    const bodiless = request.method === "HEAD" || response.statusCode === 204 || response.statusCode === 304
    hear({
      method: request.method ?? "GET",
      url: request.url ?? "/",
      requestHeaders: request.headers,
      ...(sent.length === 0 ? {} : { requestBody: Buffer.concat(sent).toString("utf8") }),
      status: response.statusCode,
      responseHeaders,
      responseBody: body.toString("utf8"),
      whole: ended && (bodiless || length === undefined || Number(length) === body.length)
    })
  }
  wrap(response, "writeHead", (writeHead, args) => {
    given = headersOf(args.at(-1))
    return writeHead(...args)
  })
  wrap(response, "write", (write, args) => {
    const part = bytes(args[0], args[1])
    if (part !== undefined) received.push(part)
    return write(...args)
  })
  let ending = false
  wrap(response, "end", (end, args) => {
    const part = ending ? undefined : bytes(args[0], args[1])
    ending = true
    if (part !== undefined) received.push(part)
    const result = end(...args)
    finish(true)
    return result
  })
  const leave = () => {
    left = true
  }
  const { socket } = request
  socket.once("end", leave)
  socket.once("error", leave)
  response.once("close", () => {
    finish(false)
    // The socket outlives its requests.
    socket.off("end", leave)
    socket.off("error", leave)
  })
}

const installed = Symbol.for("@effect-kalshi/test/contract/Listen")

/**
 * Where the paths of the wires begin: that of today, and that of 2.0.0.
 *
 * @type {ReadonlyArray<string>}
 */
export const bases = ["/trade-api/v2", "/legacy/trade-api/v2"]

/**
 * Starts listening; a second time does nothing.
 *
 * @param {(heard: Heard) => void} hear
 */
export const install = (hear) => {
  const { prototype } = Http.Server
  if (Reflect.has(prototype, installed)) return
  Reflect.set(prototype, installed, true)
  const emit = prototype.emit
  /**
   * @this {Http.Server}
   * @param {ReadonlyArray<unknown>} args
   */
  const tapped = function (...args) {
    const [event, request, response] = args
    if (
      event === "request" &&
      request instanceof Http.IncomingMessage &&
      response instanceof Http.ServerResponse &&
      bases.some((base) => request.url?.startsWith(base) === true)
    ) {
      listen(request, response, hear)
    }
    return Reflect.apply(emit, this, args)
  }
  Reflect.set(prototype, "emit", tapped)
}
