/**
 * Listens in on every HTTP server of this process: what a server below
 * `/trade-api/v2` or `/legacy/trade-api/v2` is asked and answers goes on the
 * record, over whichever client and with no cooperation of either side.
 */
import * as Http from "node:http"
import * as Contract from "./Contract.ts"
import * as Headers from "./Headers.ts"
import * as Legacy from "./legacy/Contract.ts"
import * as Recorder from "./Recorder.ts"

const bytes = (chunk: unknown, encoding: unknown): Buffer | undefined => {
  if (typeof chunk === "string") return Buffer.from(chunk, typeof encoding === "string" ? (encoding as "utf8") : "utf8")
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : undefined
}

const headersOf = (given: unknown): Headers.Headers => {
  const headers: Record<string, Array<string>> = {}
  const add = (name: unknown, value: unknown): void => {
    const values = Array.isArray(value) ? value.map(String) : [String(value)]
    ;(headers[String(name).toLowerCase()] ??= []).push(...values)
  }
  if (Array.isArray(given)) {
    const flat: ReadonlyArray<unknown> = given.flat()
    for (let i = 0; i + 1 < flat.length; i += 2) add(flat[i], flat[i + 1])
  } else if (typeof given === "object" && given !== null) {
    for (const [name, value] of Object.entries(given)) add(name, value)
  }
  return headers
}

const listen = (request: Http.IncomingMessage, response: Http.ServerResponse): void => {
  const sent: Array<Buffer> = []
  const received: Array<Buffer> = []
  let given: Headers.Headers = {}
  let done = false
  let left = false

  // Listeners on the streams themselves would set them flowing: the methods are wrapped instead.
  const push = request.push.bind(request)
  request.push = (chunk, encoding) => {
    const part = bytes(chunk, encoding)
    if (part !== undefined) sent.push(part)
    return push(chunk, encoding)
  }
  const finish = (ended: boolean): void => {
    if (done) return
    done = true
    // No answer is no answer: whether the client copes is the test's matter.
    if (!ended && (left || !response.headersSent)) return
    const body = Buffer.concat(received)
    const headers = { ...given, ...response.getHeaders() }
    const length = Headers.one(headers, "content-length")
    const bodiless = request.method === "HEAD" || response.statusCode === 204 || response.statusCode === 304
    Recorder.record({
      method: request.method ?? "GET",
      url: request.url ?? "/",
      requestBody: sent.length === 0 ? undefined : Buffer.concat(sent).toString("utf8"),
      requestContentType: request.headers["content-type"],
      status: response.statusCode,
      responseBody: body.toString("utf8"),
      contentType: Headers.one(headers, "content-type"),
      whole: ended && (bodiless || length === undefined || Number(length) === body.length),
      fault: Headers.one(headers, Recorder.faultHeader),
      ...Headers.kept(request.headers, response.statusCode, headers)
    })
  }
  const writeHead = response.writeHead.bind(response) as (...args: ReadonlyArray<unknown>) => Http.ServerResponse
  response.writeHead = ((...args: ReadonlyArray<unknown>) => {
    given = headersOf(args.at(-1))
    return writeHead(...args)
  }) as typeof response.writeHead
  const write = response.write.bind(response) as (...args: ReadonlyArray<unknown>) => boolean
  response.write = ((...args: ReadonlyArray<unknown>) => {
    const part = bytes(args[0], args[1])
    if (part !== undefined) received.push(part)
    return write(...args)
  }) as typeof response.write
  const end = response.end.bind(response) as (...args: ReadonlyArray<unknown>) => Http.ServerResponse
  let ending = false
  response.end = ((...args: ReadonlyArray<unknown>) => {
    const part = ending ? undefined : bytes(args[0], args[1])
    ending = true
    if (part !== undefined) received.push(part)
    const result = end(...args)
    finish(true)
    return result
  }) as typeof response.end
  const leave = (): void => {
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

const bases = [Contract.base, Legacy.base]

const installed = Symbol.for("@effect-kalshi/test/contract/Tap")

/** Starts listening; a second time does nothing. */
export const install = (): void => {
  const prototype = Http.Server.prototype as Http.Server & { [installed]?: true }
  if (prototype[installed] === true) return
  prototype[installed] = true
  const emit = prototype.emit
  prototype.emit = function (this: Http.Server, ...args: Parameters<typeof emit>) {
    const [event, request, response] = args as ReadonlyArray<unknown>
    if (
      event === "request" &&
      request instanceof Http.IncomingMessage &&
      response instanceof Http.ServerResponse &&
      bases.some((base) => request.url?.startsWith(base) === true)
    )
      listen(request, response)
    return emit.apply(this, args)
  } as typeof emit
}
