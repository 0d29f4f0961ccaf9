import { assert, describe, it } from "@effect/vitest"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as network from "../src/internal/network.ts"

const failed = (cause: unknown) =>
  network.reason(
    new HttpClientError.HttpClientError({
      reason: new HttpClientError.TransportError({ request: HttpClientRequest.get("/"), cause })
    })
  )

const system = (code: string, syscall: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall })

describe("what went wrong below HTTP", () => {
  it("was sent unless the connection was still being made", () => {
    const outcomes = [
      system("ECONNREFUSED", "connect"),
      system("ENOTFOUND", "getaddrinfo"),
      system("EHOSTUNREACH", "connect"),
      new TypeError("fetch failed", { cause: system("ECONNREFUSED", "connect") }),
      new AggregateError([system("ECONNREFUSED", "connect"), system("ECONNREFUSED", "connect")]),
      Object.assign(new Error("connect timeout"), { code: "UND_ERR_CONNECT_TIMEOUT" }),
      // the same names from a connection that is there
      system("EHOSTUNREACH", "read"),
      system("ENETUNREACH", "write"),
      system("ECONNRESET", "read"),
      Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
      new Error("who knows"),
      undefined
    ].map((cause) => failed(cause).outcome)
    assert.deepStrictEqual(outcomes, [
      ...Array.from({ length: 6 }, () => "not-applied"),
      ...Array.from({ length: 6 }, () => "unknown")
    ])
  })

  it("is told in one line, with its code", () => {
    const { message } = failed(Object.assign(new Error("first line\nsecond line"), { code: "ECODE" }))
    assert.include(message, "first line (ECODE)")
    assert.notInclude(message, "second")
  })
})
