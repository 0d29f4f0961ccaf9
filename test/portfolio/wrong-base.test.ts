/**
 * Who speaks one wire at the base URL of the other is told where to look.
 */
import { Buckets, Sandbox } from "@effect-kalshi/sandbox"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Credentials, Environment, Kalshi, Portfolio } from "effect-kalshi"
import * as Recorder from "../contract/Recorder.ts"
import * as kit from "./kit.ts"

const sandbox = Sandbox.layerInMemory({ keyType: "ed25519", limits: Buckets.unlimited })

const astray = { of: "request", because: "it goes to the base URL of the other wire" } as const

const getBalance = Portfolio.Portfolio.use((portfolio) => portfolio.getBalance())

it.effect("a login at the base URL of today's wire", () =>
  Effect.gen(function* () {
    const { legacy, url } = yield* Sandbox.Sandbox
    const here = Kalshi.layerLegacy({ rateLimit: "none" }).pipe(
      Layer.provide(Credentials.layerLogin({ ...legacy, environment: Environment.sandbox(url) })),
      Layer.orDie
    )
    const reason = yield* kit
      .fails(Effect.provide(getBalance, here), "LoginFailed", { attempts: 0 })
      .pipe(Recorder.exempt(astray))
    assert.match(reason.message, /^there is no login at this base URL \(404\): check KALSHI_BASE_URL /)
    assert.include(reason.message, "/legacy/trade-api/v2")
  }).pipe(Effect.provide(sandbox))
)

it.effect("an API key at the base URL of the wire of 2.0.0", () =>
  Effect.gen(function* () {
    const { keyId, legacy, privateKey } = yield* Sandbox.Sandbox
    const here = Kalshi.layer({ rateLimit: "none" }).pipe(
      Layer.provide(Credentials.layer({ environment: Environment.sandbox(legacy.url), keyId, privateKey })),
      Layer.orDie
    )
    const reason = yield* kit
      .fails(Effect.provide(getBalance, here), "Unauthorized", { code: "missing_token" })
      .pipe(Recorder.exempt(astray))
    assert.match(reason.message, /: this base URL speaks the wire of API 2\.0\.0, .* check the base URL /)
    assert.notMatch(reason.message, /password/)
  }).pipe(Effect.provide(sandbox))
)

it.effect("a bare token that has expired", () =>
  Effect.gen(function* () {
    const { legacy } = yield* Sandbox.Sandbox
    const here = Kalshi.layerLegacy({ rateLimit: "none" }).pipe(
      Layer.provide(Credentials.layerBearer({ environment: Environment.sandbox(legacy.url), token: "long-ago" })),
      Layer.orDie
    )
    const reason = yield* kit.fails(Effect.provide(getBalance, here), "Unauthorized", { status: 401 })
    assert.match(reason.message, /a bare token is not renewed, that of a login with e-mail and password is$/)
  }).pipe(Effect.provide(sandbox))
)
