import { assert, describe, it } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as NodeCrypto from "node:crypto"
import { inspect } from "node:util"
import * as Credentials from "../src/Credentials.ts"
import * as Environment from "../src/Environment.ts"
import * as KalshiError from "../src/KalshiError.ts"
import { Signer } from "../src/Signer.ts"
import * as SignerModule from "../src/Signer.ts"

const keyId = "a1b2c3d4-0000-4000-8000-0123456789ab"
const environment = Environment.demo
const request = { method: "get", path: "/trade-api/v2/portfolio/balance" }
const now = 1_763_800_000_000

const layerOf = (privateKey: NodeCrypto.KeyObject, type: "pkcs1" | "pkcs8") =>
  SignerModule.layer.pipe(
    Layer.provide(
      Credentials.layer({
        environment,
        keyId,
        privateKey: privateKey.export({ type, format: "pem" }).toString()
      })
    )
  )

const sign = (request: SignerModule.Request) => Effect.flatMap(Signer, (signer) => signer.sign(request))

const signatureOf = (headers: Record<string, string>) => Buffer.from(headers["KALSHI-ACCESS-SIGNATURE"] ?? "", "base64")

const verifyPss = (key: NodeCrypto.KeyObject, saltLength: number, message: string, signature: Buffer) =>
  NodeCrypto.verify(
    "sha256",
    Buffer.from(message),
    { key, padding: NodeCrypto.constants.RSA_PKCS1_PSS_PADDING, saltLength },
    signature
  )

describe("layer", () => {
  for (const [bits, type] of [
    [2048, "pkcs1"],
    [2048, "pkcs8"],
    [4096, "pkcs1"]
  ] as const) {
    it.effect(`RSA of ${bits} bits (${type}) verifies with SHA-256 and a salt of 32`, () =>
      Effect.gen(function* () {
        const pair = NodeCrypto.generateKeyPairSync("rsa", { modulusLength: bits })
        yield* TestClock.setTime(now)
        const headers = yield* sign(request).pipe(Effect.provide(layerOf(pair.privateKey, type)))
        assert.deepStrictEqual(Object.keys(headers), [
          "KALSHI-ACCESS-KEY",
          "KALSHI-ACCESS-TIMESTAMP",
          "KALSHI-ACCESS-SIGNATURE"
        ])
        assert.strictEqual(headers["KALSHI-ACCESS-KEY"], keyId)
        assert.strictEqual(headers["KALSHI-ACCESS-TIMESTAMP"], "1763800000000")
        const signature = signatureOf(headers)
        assert.strictEqual(signature.length, bits / 8)
        assert.strictEqual(signature.toString("base64"), headers["KALSHI-ACCESS-SIGNATURE"])
        const message = "1763800000000GET/trade-api/v2/portfolio/balance"
        assert.isTrue(verifyPss(pair.publicKey, 32, message, signature))
        assert.isFalse(verifyPss(pair.publicKey, 20, message, signature))
        assert.isFalse(verifyPss(pair.publicKey, 32, `${message}?subaccount=1`, signature))
      })
    )
  }

  it.effect("Ed25519 verifies, and its signature is that of node:crypto", () =>
    Effect.gen(function* () {
      const pair = NodeCrypto.generateKeyPairSync("ed25519")
      yield* TestClock.setTime(now)
      const headers = yield* sign({ method: "DELETE", path: "/trade-api/v2/portfolio/events/orders/a%20b" }).pipe(
        Effect.provide(layerOf(pair.privateKey, "pkcs8"))
      )
      const message = Buffer.from("1763800000000DELETE/trade-api/v2/portfolio/events/orders/a%20b")
      assert.isTrue(NodeCrypto.verify(null, message, pair.publicKey, signatureOf(headers)))
      assert.deepStrictEqual(signatureOf(headers), NodeCrypto.sign(null, message, pair.privateKey))
    })
  )

  it.effect("RFC 8032's first key gives a known signature", () =>
    Effect.gen(function* () {
      const seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
      const key = NodeCrypto.createPrivateKey({
        key: Buffer.from(`302e020100300506032b657004220420${seed}`, "hex"),
        format: "der",
        type: "pkcs8"
      })
      yield* TestClock.setTime(now)
      const headers = yield* sign(request).pipe(Effect.provide(layerOf(key, "pkcs8")))
      assert.strictEqual(
        headers["KALSHI-ACCESS-SIGNATURE"],
        "uiXQQ3Dj8zhv3ew/whAW6mQpPghO5DpG4g749PFk69XFJOVXx+ALCKoW6T/jAx8+kIlAQtEENsgyy4DUwmn/CA=="
      )
    })
  )

  it.effect("each signature has the time of its moment, and no query", () =>
    Effect.gen(function* () {
      const pair = NodeCrypto.generateKeyPairSync("ed25519")
      yield* Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const first = yield* sign({ ...request, path: `${request.path}?subaccount=1` })
        yield* TestClock.adjust("1500 millis")
        const second = yield* sign(request)
        assert.strictEqual(first["KALSHI-ACCESS-TIMESTAMP"], "1763800000000")
        assert.strictEqual(second["KALSHI-ACCESS-TIMESTAMP"], "1763800001500")
        for (const headers of [first, second]) {
          const message = `${headers["KALSHI-ACCESS-TIMESTAMP"]}GET${request.path}`
          assert.isTrue(NodeCrypto.verify(null, Buffer.from(message), pair.publicKey, signatureOf(headers)))
        }
      }).pipe(Effect.provide(layerOf(pair.privateKey, "pkcs8")))
    })
  )

  it.effect("many at once", () =>
    Effect.gen(function* () {
      const pair = NodeCrypto.generateKeyPairSync("rsa", { modulusLength: 2048 })
      const all = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, i) => i),
        (i) => sign({ method: "GET", path: `/trade-api/v2/${i}` }),
        { concurrency: "unbounded" }
      ).pipe(Effect.provide(layerOf(pair.privateKey, "pkcs8")))
      all.forEach((headers, i) => {
        assert.isTrue(verifyPss(pair.publicKey, 32, `0GET/trade-api/v2/${i}`, signatureOf(headers)))
      })
    })
  )

  it.effect("two accounts side by side keep their keys", () =>
    Effect.gen(function* () {
      const pairs = [NodeCrypto.generateKeyPairSync("ed25519"), NodeCrypto.generateKeyPairSync("ed25519")] as const
      const [a, b] = yield* Effect.all(
        [
          sign(request).pipe(Effect.provide(layerOf(pairs[0].privateKey, "pkcs8"))),
          sign(request).pipe(Effect.provide(layerOf(pairs[1].privateKey, "pkcs8")))
        ],
        { concurrency: 2 }
      )
      const message = Buffer.from(`0GET${request.path}`)
      assert.isTrue(NodeCrypto.verify(null, message, pairs[0].publicKey, signatureOf(a)))
      assert.isFalse(NodeCrypto.verify(null, message, pairs[0].publicKey, signatureOf(b)))
      assert.isTrue(NodeCrypto.verify(null, message, pairs[1].publicKey, signatureOf(b)))
    })
  )

  it.effect("signs for the environment of its credential only", () =>
    Effect.gen(function* () {
      const signer = yield* Signer
      assert.deepStrictEqual(signer.environment, Environment.demo)
    }).pipe(Effect.provide(layerOf(NodeCrypto.generateKeyPairSync("ed25519").privateKey, "pkcs8")))
  )
})

describe("the clock of the exchange", () => {
  const layers: Readonly<Record<string, Layer.Layer<Signer, unknown>>> = {
    layer: layerOf(NodeCrypto.generateKeyPairSync("ed25519").privateKey, "pkcs8"),
    layerExternal: SignerModule.layerExternal({ environment, keyId, sign: () => Effect.succeed("QUJD") }),
    layerTest: SignerModule.layerTest({ environment, keyId })
  }
  const expired = new KalshiError.Unauthorized({ status: 401, code: "header_timestamp_expired" })
  const timestamp = Effect.map(sign(request), (headers) => Number(headers["KALSHI-ACCESS-TIMESTAMP"]))
  /** What the signer makes of a refusal, when the exchange's clock is this far ahead. */
  const refused = (ahead: number, change: Partial<SignerModule.Refusal> = {}) =>
    Effect.flatMap(Signer, (signer) =>
      signer.refused === undefined
        ? Effect.die("there is no hook")
        : signer.refused({
            headers: {},
            reason: expired,
            exchangeTime: { millis: now + ahead, sentAt: now - 50, receivedAt: now + 50 },
            ...change
          })
    )

  for (const [name, layer] of Object.entries(layers)) {
    it.effect(`is learned from a refusal, and again when ours has changed: ${name}`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        assert.strictEqual(yield* timestamp, now)
        for (const ahead of [30_000, -30_000, 300_000]) {
          assert.isTrue(yield* refused(ahead))
          assert.strictEqual(yield* timestamp, now + ahead)
        }
        yield* TestClock.adjust("1 second")
        assert.strictEqual(yield* timestamp, now + 301_000)
      }).pipe(Effect.provide(layer))
    )
  }

  it.effect("is not worked around when it is more than five minutes away", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      yield* refused(20_000)
      for (const ahead of [300_001, -300_001]) {
        const error = yield* Effect.flip(refused(ahead))
        assert.strictEqual(error._tag, "ClockOff")
        assert.strictEqual(error._tag === "ClockOff" && error.offset, ahead)
        assert.match(error.message, ahead > 0 ? /is 300 s behind/ : /is 300 s ahead of/)
        assert.match(error.message, /synchronise it \(NTP\); nothing was applied$/)
      }
      assert.strictEqual(yield* timestamp, now + 20_000)
    }).pipe(Effect.provide(SignerModule.layerTest({ environment, keyId })))
  )

  it.effect("is not learned from another refusal, nor without a time", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const reason = new KalshiError.Unauthorized({ status: 401, code: "authentication_error" })
      assert.isFalse(yield* refused(30_000, { reason }))
      assert.isFalse(yield* refused(30_000, { exchangeTime: undefined }))
      assert.strictEqual(yield* timestamp, now)
    }).pipe(Effect.provide(SignerModule.layerTest({ environment, keyId })))
  )

  it.effect("is not that of a request which was long on its way: it is signed anew by the same clock", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const exchangeTime = { millis: now, sentAt: now - 20_000, receivedAt: now }
      assert.isTrue(yield* refused(0, { exchangeTime }))
      assert.strictEqual(yield* timestamp, now)
    }).pipe(Effect.provide(SignerModule.layerTest({ environment, keyId })))
  )

  it.effect("is each signer's own", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const layer = SignerModule.layerExternal({ environment, keyId, sign: () => Effect.succeed("QUJD") })
      yield* Effect.provide(refused(30_000), layer)
      assert.strictEqual(yield* Effect.provide(timestamp, layer), now)
    })
  )
})

describe("without a credential", () => {
  const layers = {
    Anonymous: SignerModule.layer.pipe(Layer.provide(Credentials.layerAnonymous(environment))),
    layerNone: SignerModule.layerNone(environment)
  }
  for (const [name, layer] of Object.entries(layers)) {
    it.effect(name, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual((yield* Signer).environment, environment)
        const error = yield* Effect.flip(sign(request))
        assert.strictEqual(error._tag, "Unsigned")
        assert.match(error.message, /no credential/)
        assert.strictEqual(error.outcome, "not-applied")
      }).pipe(Effect.provide(layer))
    )
  }
})

describe("layerExternal", () => {
  class HsmError extends Data.TaggedError("HsmError")<{ readonly pin: string }> {}

  it.effect("asks for the text and takes the answer", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      yield* TestClock.setTime(now)
      const headers = yield* sign(request).pipe(
        Effect.provide(
          SignerModule.layerExternal({
            environment,
            keyId,
            sign: (message) => Effect.sync(() => (asked.push(message), "c2lnbmF0dXJl\n"))
          })
        )
      )
      assert.deepStrictEqual(asked, ["1763800000000GET/trade-api/v2/portfolio/balance"])
      assert.deepStrictEqual(headers, {
        "KALSHI-ACCESS-KEY": keyId,
        "KALSHI-ACCESS-TIMESTAMP": "1763800000000",
        "KALSHI-ACCESS-SIGNATURE": "c2lnbmF0dXJl"
      })
    })
  )

  const refusal = (
    answer: Effect.Effect<string, unknown>,
    options: { readonly environment?: Environment.Environment; readonly keyId?: string } = {}
  ) =>
    Effect.flip(sign(request)).pipe(
      Effect.provide(SignerModule.layerExternal({ environment, keyId, ...options, sign: () => answer }))
    )

  it.effect("a failure keeps its name and nothing else", () =>
    Effect.gen(function* () {
      for (const failure of [new HsmError({ pin: "hunter22" }), new TypeError("hunter22"), "hunter22", undefined]) {
        const error = yield* refusal(Effect.fail(failure))
        assert.strictEqual(error._tag, "Unsigned")
        assert.notInclude(inspect(error, { depth: null }) + JSON.stringify(error) + error.message, "hunter22")
      }
      assert.match((yield* refusal(Effect.fail(new HsmError({ pin: "" })))).message, /HsmError/)
    })
  )

  it.effect("an answer that is no base64", () =>
    Effect.gen(function* () {
      for (const answer of ["", " ", "abc", "a_-=", "not base64!", "QUJD\nQUJD", "0xdeadbeef"]) {
        assert.match((yield* refusal(Effect.succeed(answer))).message, /base64/)
      }
    })
  )

  it.effect("a key id that cannot be sent, a base URL that must not be used", () =>
    Effect.gen(function* () {
      const answer = Effect.succeed("QUJD")
      assert.match((yield* refusal(answer, { keyId: "" })).message, /key id/)
      assert.match((yield* refusal(answer, { keyId: "a\r\nb" })).message, /key id/)
      const plain = Environment.custom("http://example.com/trade-api/v2")
      assert.match((yield* refusal(answer, { environment: plain })).message, /plain http/)
    })
  )
})

describe("layerTest", () => {
  it.effect("is the text itself, at the time of the TestClock", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const headers = yield* sign({ method: "post", path: "/trade-api/v2/portfolio/events/orders" })
      assert.deepStrictEqual(headers, {
        "KALSHI-ACCESS-KEY": "k1",
        "KALSHI-ACCESS-TIMESTAMP": "1763800000000",
        "KALSHI-ACCESS-SIGNATURE": "test:k1:1763800000000POST/trade-api/v2/portfolio/events/orders"
      })
    }).pipe(Effect.provide(SignerModule.layerTest({ environment, keyId: "k1" })))
  )

  it("is synchronous", () => {
    const headers = Effect.runSync(
      sign(request).pipe(Effect.provide(SignerModule.layerTest({ environment, keyId: "k1" })))
    )
    assert.match(headers["KALSHI-ACCESS-SIGNATURE"] ?? "", /^test:k1:\d+GET\/trade-api\/v2\/portfolio\/balance$/)
  })
})
