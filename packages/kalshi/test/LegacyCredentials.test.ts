import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import * as Credentials from "../src/Credentials.ts"
import type * as CredentialsError from "../src/CredentialsError.ts"
import * as Environment from "../src/Environment.ts"

const environment = Environment.sandbox("http://127.0.0.1:8787/legacy/trade-api/v2")
const email = "somebody@example.org"
const password = "correct horse battery"
const token = "eyJhbGciOi.J9-secret_token"
const secrets = [email, password, token]

const show = (value: unknown): string =>
  [String(value), JSON.stringify(value), inspect(value, { depth: null, showHidden: true })].join("\n")

const assertShowsNothing = (shown: string) => {
  for (const secret of secrets) assert.notInclude(shown, secret)
}

const reasonOf = <A>(effect: Effect.Effect<A, CredentialsError.CredentialsError>) =>
  Effect.gen(function* () {
    const exit = yield* Effect.exit(effect)
    if (Exit.isSuccess(exit)) return assert.fail("expected a failure")
    const error = yield* Effect.flip(Effect.failCause(exit.cause))
    assertShowsNothing([show(error), error.message, error.stack, Cause.pretty(exit.cause)].join("\n"))
    return error.reason
  })

const read = (env: Record<string, string>) =>
  Credentials.legacyConfig.pipe(Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })))

const configured = (env: Readonly<Record<string, string>>) =>
  read({ KALSHI_ENV: "sandbox", KALSHI_BASE_URL: environment.baseUrl, ...env })

describe("a login of API 2.0.0", () => {
  it.effect("is kept redacted", () =>
    Effect.gen(function* () {
      const login = yield* Credentials.login({ environment, email: ` ${email}\n`, password })
      assert.strictEqual(login._tag, "Login")
      assert.strictEqual(Redacted.value(login.email), email)
      assert.strictEqual(Redacted.value(login.password), password)
      assertShowsNothing(show(login))
      const redacted = yield* Credentials.login({
        environment,
        email: Redacted.make(email),
        password: Redacted.make(password)
      })
      assert.strictEqual(Redacted.value(redacted.password), password)
    })
  )

  it.effect.each([
    ["email", { email: "somebody", password }],
    ["email", { email: "", password }],
    // swapped
    ["email", { email: password, password: email }],
    ["password", { email, password: "" }],
    ["password", { email, password: "12345" }]
  ] as const)("refuses a wrong %s", ([field, given]) =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(Credentials.login({ environment, ...given }))
      assert.deepInclude(reason, { _tag: "InvalidLogin", field })
      assert.match(reason.message, field === "email" ? /^the e-mail is no address/ : /^the password has fewer/)
    })
  )
})

describe("a bearer token of API 2.0.0", () => {
  it.effect("is kept redacted", () =>
    Effect.gen(function* () {
      const bearer = yield* Credentials.bearer({ environment, token: `${token}\n` })
      assert.strictEqual(bearer._tag, "Bearer")
      assert.strictEqual(Redacted.value(bearer.token), token)
      assertShowsNothing(show(bearer))
    })
  )

  it.effect.each(["", "  ", "two words", "line\nbreak", "ümlaut"])("refuses %j, which no header can carry", (token) =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(Credentials.bearer({ environment, token }))
      assert.deepInclude(reason, { _tag: "InvalidLogin", field: "token" })
    })
  )
})

it.effect.each([`Bearer ${token}`, `bearer  ${token}`])("a token comes without its scheme", (token) =>
  Effect.gen(function* () {
    const reason = yield* reasonOf(Credentials.bearer({ environment, token }))
    assert.match(reason.message, /^the token begins with `Bearer`, .*: leave it out$/)
  })
)

describe("where they may go", () => {
  it.effect("not to the exchange itself", () =>
    Effect.gen(function* () {
      for (const environment of [
        Environment.production,
        Environment.demo,
        Environment.custom("https://trading-api.kalshi.com/trade-api/v2"),
        Environment.custom("https://API.ELECTIONS.KALSHI.COM./trade-api/v2"),
        Environment.custom("https://demo-api.kalshi.co/trade-api/v2"),
        Environment.sandbox("https://kalshi.com/trade-api/v2")
      ]) {
        assert.strictEqual((yield* reasonOf(Credentials.login({ environment, email, password })))._tag, "LoginRetired")
        assert.strictEqual((yield* reasonOf(Credentials.bearer({ environment, token })))._tag, "LoginRetired")
      }
      // a name that only looks like it is another host
      const other = Environment.custom("https://notkalshi.com/trade-api/v2")
      assert.strictEqual((yield* Credentials.login({ environment: other, email, password }))._tag, "Login")
    })
  )

  it.effect("not over plain http to another machine", () =>
    Effect.gen(function* () {
      const environment = Environment.custom("http://old.example.org/trade-api/v2")
      const reason = yield* reasonOf(Credentials.login({ environment, email, password }))
      assert.strictEqual(reason._tag, "InvalidBaseUrl")
      assert.match(reason.message, /could read the password or the token/)
    })
  )
})

describe("the configuration", () => {
  it.effect("reads a login, or a token", () =>
    Effect.gen(function* () {
      const login = yield* configured({ KALSHI_EMAIL: email, KALSHI_PASSWORD: password })
      assert.strictEqual(login._tag, "Login")
      assert.strictEqual(login.environment.baseUrl, environment.baseUrl)
      const bearer = yield* configured({ KALSHI_TOKEN: token })
      assert.strictEqual(bearer._tag, "Bearer")
    })
  )

  it.effect.each([`"`, "'"])("takes off %s around everything but a password, whose it may be", (quote) =>
    Effect.gen(function* () {
      const quoted = (text: string) => ` ${quote}${text}${quote}\r`
      const where = { KALSHI_ENV: quoted("Sandbox"), KALSHI_BASE_URL: quoted(environment.baseUrl) }
      const login = yield* configured({ ...where, KALSHI_EMAIL: quoted(email), KALSHI_PASSWORD: quoted(password) })
      if (login._tag !== "Login") return assert.fail("it is no login")
      assert.strictEqual(login.environment.baseUrl, environment.baseUrl)
      assert.strictEqual(Redacted.value(login.email), email)
      assert.strictEqual(Redacted.value(login.password), quoted(password))
      const bearer = yield* configured({ ...where, KALSHI_TOKEN: quoted(token) })
      if (bearer._tag !== "Bearer") return assert.fail("it is no token")
      assert.strictEqual(Redacted.value(bearer.token), token)
    })
  )

  it.effect.each([
    [{}, /^there is no login; set KALSHI_EMAIL and KALSHI_PASSWORD, or KALSHI_TOKEN alone$/],
    [{ KALSHI_EMAIL: email }, /^there is an e-mail without a password; /],
    [{ KALSHI_PASSWORD: password }, /^there is a password without an e-mail; /],
    [{ KALSHI_EMAIL: "", KALSHI_PASSWORD: "" }, /^there is no login; /],
    [{ KALSHI_EMAIL: email, KALSHI_PASSWORD: password, KALSHI_TOKEN: token }, /^there are a token and a login/]
  ] as const)("says what is missing, or too many: %#", ([env, message]) =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(configured(env))
      assert.strictEqual(reason._tag, "MissingLogin")
      assert.match(reason.message, message)
    })
  )

  it.effect("refuses the exchange before it reads a secret, however it is named", () =>
    Effect.gen(function* () {
      const old = "https://trading-api.kalshi.com/trade-api/v2"
      const named: ReadonlyArray<Record<string, string>> = [
        { KALSHI_ENV: "production" },
        { KALSHI_ENV: " Demo " },
        { KALSHI_ENV: "production", KALSHI_BASE_URL: old },
        { KALSHI_BASE_URL: old },
        { KALSHI_ENV: "prod", KALSHI_BASE_URL: old },
        { KALSHI_ENV: "custom", KALSHI_BASE_URL: old },
        { KALSHI_ENV: "sandbox", KALSHI_BASE_URL: old },
        { KALSHI_ENV: "custom", KALSHI_BASE_URL: "http://trading-api.kalshi.com/v1?a=b" },
        { KALSHI_ENV: "custom", KALSHI_BASE_URL: "trading-api.kalshi.com:443/trade-api/v2" },
        { KALSHI_ENV: "sandbox", KALSHI_BASE_URL: "https://demo-api.kalshi.co/trade-api/v2" },
        { KALSHI_ENV: "custom", KALSHI_BASE_URL: Environment.demo.baseUrl }
      ]
      for (const env of named) {
        const reason = yield* reasonOf(read({ ...env, KALSHI_EMAIL: email, KALSHI_PASSWORD: password }))
        assert.strictEqual(reason._tag, "LoginRetired", JSON.stringify(env))
        assert.match(reason.message, /Kalshi\.layerConfig\(\)/)
      }
    })
  )

  it.effect("offers the environments that it takes, and no others", () =>
    Effect.gen(function* () {
      const missing = yield* reasonOf(read({}))
      assert.strictEqual(missing.message, "KALSHI_ENV is not set; choose one of sandbox, custom")
      const unknown = yield* reasonOf(read({ KALSHI_ENV: "prod" }))
      assert.strictEqual(unknown.message, "KALSHI_ENV is not known; choose one of sandbox, custom")
      assert.strictEqual((yield* reasonOf(read({ KALSHI_ENV: "custom" })))._tag, "MissingBaseUrl")
    })
  )
})
