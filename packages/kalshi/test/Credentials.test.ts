import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Signature from "effect/crypto/Signature"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as PlatformError from "effect/PlatformError"
import * as Redacted from "effect/Redacted"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodeCrypto from "node:crypto"
import * as NodeOS from "node:os"
import { inspect } from "node:util"
import * as Credentials from "../src/Credentials.ts"
import type * as CredentialsError from "../src/CredentialsError.ts"
import * as Environment from "../src/Environment.ts"
import * as NodeCredentials from "../src/node/Credentials.ts"

const keyId = "a1b2c3d4-0000-4000-8000-0123456789ab"
const environment = Environment.demo

const rsa = (modulusLength: number) => NodeCrypto.generateKeyPairSync("rsa", { modulusLength })
const rsa1024 = rsa(1024)
const rsa2048 = rsa(2048)
const rsa4096 = rsa(4096)
const ed25519 = NodeCrypto.generateKeyPairSync("ed25519")
const ec = NodeCrypto.generateKeyPairSync("ec", { namedCurve: "P-256" })
const dsa = NodeCrypto.generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 })

const pkcs1 = (key: NodeCrypto.KeyObject) => key.export({ type: "pkcs1", format: "pem" }).toString()
const pkcs8 = (key: NodeCrypto.KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString()
const spki = (key: NodeCrypto.KeyObject) => key.export({ type: "spki", format: "pem" }).toString()
const bodyOf = (pem: string) => pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, "")
const relabel = (pem: string, label: string) =>
  pem.replace(/-----(BEGIN|END) [^-]+-----/g, (_, word: string) => `-----${word} ${label}-----`)
const base64 = (text: string) => Buffer.from(text).toString("base64")

const pem1 = pkcs1(rsa2048.privateKey)
const pem8 = pkcs8(rsa2048.privateKey)
const pemEd = pkcs8(ed25519.privateKey)

// Every run of eight characters of every key here, plain and as base64 of the PEM.
const fragments: ReadonlySet<string> = (() => {
  const out = new Set<string>()
  const pems = [pem1, pem8, pemEd, pkcs8(rsa1024.privateKey), pkcs8(ec.privateKey), pkcs8(dsa.privateKey)]
  const bodies = pems.flatMap((pem) => [bodyOf(pem), base64(pem), Buffer.from(bodyOf(pem), "base64").toString("hex")])
  for (const body of bodies) {
    for (let i = 0; i + 8 <= body.length; i++) out.add(body.slice(i, i + 8))
  }
  return out
})()

const assertShowsNothing = (shown: string) => {
  for (let i = 0; i + 8 <= shown.length; i++) {
    assert.isFalse(fragments.has(shown.slice(i, i + 8)), `a part of a key is shown in: ${shown}`)
  }
}

const show = (value: unknown): string =>
  [String(value), JSON.stringify(value), inspect(value, { depth: null, showHidden: true })].join("\n")

const reasonOf = <A>(effect: Effect.Effect<A, CredentialsError.CredentialsError>) =>
  Effect.gen(function* () {
    const exit = yield* Effect.exit(effect)
    if (Exit.isSuccess(exit)) return assert.fail("expected a failure")
    const error = yield* Effect.flip(Effect.failCause(exit.cause))
    assertShowsNothing(
      [show(error), error.message, error.stack, show(error.cause), show(exit), Cause.pretty(exit.cause)].join("\n")
    )
    return error.reason
  })

const accept = (privateKey: string | Redacted.Redacted<string>) =>
  Credentials.apiKey({ environment, keyId, privateKey })

const refuse = (privateKey: string) => reasonOf(accept(privateKey))

describe("apiKey: what is accepted", () => {
  const forms = (pem: string): Record<string, string> => ({
    "as it is": pem,
    "without the last line end": pem.trim(),
    CRLF: pem.replace(/\n/g, "\r\n"),
    "escaped \\n": pem.replace(/\n/g, "\\n"),
    "escaped \\r\\n": pem.replace(/\n/g, "\\r\\n"),
    "escaped twice": pem.replace(/\n/g, "\\\\n"),
    "double quotes": `"${pem.replace(/\n/g, "\\n")}"`,
    "single quotes": `'${pem}'`,
    indented: pem.replace(/^/gm, "    "),
    "spaces for line ends": pem.replace(/\n/g, " "),
    "one line": pem.replace(/\n/g, ""),
    "blank lines and a byte order mark": `\uFEFF\n\n${pem.replace(/\n/g, "\n\n")}`,
    "text around it": `Bag Attributes\n    friendlyName: kalshi\n${pem}\nbye`,
    base64: base64(pem),
    "base64 without padding": base64(pem).replace(/=+$/, ""),
    base64url: Buffer.from(pem).toString("base64url"),
    "base64 in lines and quotes": `"${base64(pem).replace(/(.{76})/g, "$1\n")}"`,
    "base64 of escaped line ends": base64(pem.replace(/\n/g, "\\n"))
  })

  for (const [kind, pem] of [
    ["PKCS#1", pem1],
    ["PKCS#8", pem8],
    ["Ed25519", pemEd]
  ] as const) {
    for (const [form, text] of Object.entries(forms(pem))) {
      it.effect(`${kind}, ${form}`, () =>
        Effect.gen(function* () {
          const credential = yield* accept(text)
          assert.strictEqual(credential._tag, "ApiKey")
          assert.strictEqual(credential.key.algorithm.name, kind === "Ed25519" ? "ed25519" : "rsaPssSha256")
        })
      )
    }
  }

  it.effect("RSA of 4096 bits, both ways, with its real size", () =>
    Effect.gen(function* () {
      for (const pem of [pkcs1(rsa4096.privateKey), pkcs8(rsa4096.privateKey)]) {
        const { key } = yield* accept(Redacted.make(pem))
        assert.strictEqual(key.algorithm._tag === "RsaPss" && key.algorithm.modulusLength, 4096)
        assert.strictEqual(key.algorithm._tag === "RsaPss" && key.algorithm.saltLength, 32)
      }
    })
  )

  it.effect("contents under the label of the other format", () =>
    Effect.all([accept(relabel(pem1, "PRIVATE KEY")), accept(relabel(pem8, "RSA PRIVATE KEY"))])
  )

  it.effect("Ed25519 with its public half inside (RFC 5958)", () =>
    Effect.gen(function* () {
      const der = Buffer.concat([
        Buffer.from("3051020101300506032b657004220420", "hex"),
        ed25519.privateKey.export({ type: "pkcs8", format: "der" }).subarray(16),
        Buffer.from("812100", "hex"),
        ed25519.publicKey.export({ type: "spki", format: "der" }).subarray(12)
      ])
      const { key } = yield* accept(`-----BEGIN PRIVATE KEY-----\n${der.toString("base64")}\n-----END PRIVATE KEY-----`)
      assert.strictEqual(key.algorithm.name, "ed25519")
    })
  )

  it.effect("a file with the public key in it too", () => accept(`${spki(rsa2048.publicKey)}${pem8}`))

  it.effect("shows nothing of the key, and cannot be exported", () =>
    Effect.gen(function* () {
      for (const pem of [pem8, pemEd]) {
        const credential = yield* accept(pem)
        assertShowsNothing(show(credential))
        assertShowsNothing(inspect(credential, { depth: null, showHidden: true, customInspect: false }))
        const error = yield* Effect.flip(Signature.toBytes(credential.key))
        assert.strictEqual(error.reason._tag, "NotExtractable")
      }
    })
  )

  it.effect("a key id with quotes and white space around it", () =>
    Effect.gen(function* () {
      const credential = yield* Credentials.apiKey({ environment, keyId: ` "${keyId}"\n`, privateKey: pemEd })
      assert.strictEqual(credential.keyId, keyId)
      assert.strictEqual(credential.environment, environment)
    })
  )
})

describe("apiKey: what is refused", () => {
  const encrypted = { cipher: "aes-256-cbc", passphrase: "secret" }
  const openssh = relabel(pemEd, "OPENSSH PRIVATE KEY")
  const lines = pem1.split("\n")
  const cases: Record<string, readonly [string, CredentialsError.Reason["_tag"], RegExp]> = {
    nothing: ["", "MissingKey", /KALSHI_PRIVATE_KEY/],
    "white space": [" \n\t", "MissingKey", /layerAnonymous/],
    "empty quotes": [`""`, "MissingKey", /KALSHI_PRIVATE_KEY/],
    "a page of HTML": ["<!DOCTYPE html><html><body>Sign in</body></html>", "NotPem", /HTML/],
    JSON: [`{"private_key": "${bodyOf(pem8)}"}`, "NotPem", /JSON/],
    "a key id": [keyId, "NotPem", /swapped/],
    "a path": ["~/.kalshi/key.pem", "NotPem", /KALSHI_PRIVATE_KEY_PATH/],
    "a file name": ["kalshi.key", "NotPem", /a path/],
    "binary data": ["0\u0082\u0004\u0001\u0000\ufffd", "NotPem", /binary/],
    "the bare body": [bodyOf(pem8), "NotPem", /BEGIN and END lines around/],
    "the bare body in lines": [lines.slice(1, -2).join("\n"), "NotPem", /BEGIN and END lines around/],
    garbage: ["correct horse battery staple", "NotPem", /other text/],
    "a public key (SPKI)": [spki(rsa2048.publicKey), "PublicKey", /cannot sign/],
    "a public key (PKCS#1)": [
      rsa2048.publicKey.export({ type: "pkcs1", format: "pem" }).toString(),
      "PublicKey",
      /cannot sign/
    ],
    "a public key (Ed25519)": [spki(ed25519.publicKey), "PublicKey", /cannot sign/],
    "a public key (OpenSSH)": ["ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ me@here", "PublicKey", /cannot sign/],
    "encrypted PKCS#8": [
      rsa2048.privateKey.export({ type: "pkcs8", format: "pem", ...encrypted }).toString(),
      "EncryptedKey",
      /openssl pkey/
    ],
    "encrypted PKCS#1": [
      rsa2048.privateKey.export({ type: "pkcs1", format: "pem", ...encrypted }).toString(),
      "EncryptedKey",
      /openssl pkey/
    ],
    "encrypted PKCS#1 with escaped line ends": [
      rsa2048.privateKey
        .export({ type: "pkcs1", format: "pem", ...encrypted })
        .toString()
        .replace(/\n/g, "\\n"),
      "EncryptedKey",
      /openssl pkey/
    ],
    "EC (PKCS#8)": [pkcs8(ec.privateKey), "UnsupportedKey", /elliptic-curve/],
    "EC (SEC1)": [ec.privateKey.export({ type: "sec1", format: "pem" }).toString(), "UnsupportedKey", /elliptic-curve/],
    "EC (SEC1) as PRIVATE KEY": [
      relabel(ec.privateKey.export({ type: "sec1", format: "pem" }).toString(), "PRIVATE KEY"),
      "UnsupportedKey",
      /elliptic-curve/
    ],
    DSA: [pkcs8(dsa.privateKey), "UnsupportedKey", /DSA key/],
    "DSA under its old label": [relabel(pkcs8(dsa.privateKey), "DSA PRIVATE KEY"), "UnsupportedKey", /DSA key/],
    Ed448: [pkcs8(NodeCrypto.generateKeyPairSync("ed448").privateKey), "UnsupportedKey", /Ed448/],
    X25519: [pkcs8(NodeCrypto.generateKeyPairSync("x25519").privateKey), "UnsupportedKey", /X25519/],
    "RSA bound to PSS": [
      pkcs8(NodeCrypto.generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).privateKey),
      "UnsupportedKey",
      /bound to PSS/
    ],
    "RSA of 1024 bits": [pkcs8(rsa1024.privateKey), "UnsupportedKey", /1024 bits/],
    "a certificate": [relabel(pem8, "CERTIFICATE"), "UnsupportedKey", /certificate/],
    "a certificate request": [relabel(pem8, "CERTIFICATE REQUEST"), "UnsupportedKey", /certificate request/],
    "an OpenSSH key": [openssh, "UnsupportedKey", /OpenSSH/],
    "a PuTTY key": ["PuTTY-User-Key-File-3: ssh-rsa", "UnsupportedKey", /PuTTY/],
    "a PGP key": [relabel(pem8, "PGP PRIVATE KEY BLOCK"), "UnsupportedKey", /another kind/],
    "another label": [relabel(pem8, "SOMETHING"), "UnsupportedKey", /another kind/],
    "no END line": [lines.slice(0, 10).join("\n"), "DamagedKey", /no END line/],
    "no BEGIN line": [lines.slice(10).join("\n"), "DamagedKey", /no BEGIN line/],
    "lines missing": [lines.filter((_, i) => i !== 5).join("\n"), "DamagedKey", /no complete key/],
    "no body": ["-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "DamagedKey", /no complete key/],
    "no base64": [`${lines[0]}\n*** removed ***\n-----END RSA PRIVATE KEY-----`, "DamagedKey", /not base64/],
    "typographic dashes": [pem8.replace(/-----/g, "\u2014\u2014-"), "DamagedKey", /five dashes/],
    "different BEGIN and END": [
      pem8.replace("END PRIVATE", "END RSA PRIVATE"),
      "DamagedKey",
      /BEGIN and END lines differ/
    ],
    "a public key called private": [relabel(spki(rsa2048.publicKey), "PRIVATE KEY"), "DamagedKey", /no complete key/],
    "two keys": [`${pem8}${pemEd}`, "AmbiguousKey", /several/]
  }

  for (const [name, [text, tag, message]] of Object.entries(cases)) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const reason = yield* refuse(text)
        assert.strictEqual(reason._tag, tag)
        assert.match(reason.message, message)
        if (text.trim().length >= 8) assert.notInclude(reason.message, text.trim())
      })
    )
  }

  it.effect("numbers that do not fit together", () =>
    Effect.gen(function* () {
      const bytes = Buffer.from(bodyOf(pem1), "base64")
      bytes[40] = (bytes[40] ?? 0) ^ 0x10 // within the modulus
      const reason = yield* refuse(
        `-----BEGIN RSA PRIVATE KEY-----\n${bytes.toString("base64")}\n-----END RSA PRIVATE KEY-----`
      )
      assert.strictEqual(reason._tag, "DamagedKey")
      assert.match(reason.message, /do not fit together/)
    })
  )

  it.effect("any damage is a typed failure or harmless, never a defect", () =>
    Effect.gen(function* () {
      for (const pem of [pem1, pem8, pemEd]) {
        const body = bodyOf(pem)
        for (let i = 0; i < body.length; i += Math.ceil(body.length / 60)) {
          for (const damaged of [
            `${body.slice(0, i)}${body[i] === "A" ? "B" : "A"}${body.slice(i + 1)}`,
            `${body.slice(0, i)}${body.slice(i + 4)}`,
            body.slice(0, i)
          ]) {
            const label = pem.slice(0, pem.indexOf("\n"))
            const exit = yield* Effect.exit(accept(`${label}\n${damaged}\n${label.replace("BEGIN", "END")}`))
            if (Exit.isFailure(exit)) {
              assert.isFalse(Cause.hasDies(exit.cause), Cause.pretty(exit.cause))
              assertShowsNothing(show(exit))
            }
          }
        }
      }
    })
  )

  it.effect("key ids", () =>
    Effect.gen(function* () {
      const tagOf = (id: string) =>
        Effect.map(reasonOf(Credentials.apiKey({ environment, keyId: id, privateKey: pem8 })), (reason) => reason._tag)
      assert.strictEqual(yield* tagOf(""), "EmptyKeyId")
      assert.strictEqual(yield* tagOf(" \n"), "EmptyKeyId")
      for (const id of [pem8, bodyOf(pem8), bodyOf(pemEd), base64(pemEd), "a b", "a\nb", "clé", "x".repeat(129)]) {
        assert.strictEqual(yield* tagOf(id), "InvalidKeyId")
      }
    })
  )

  it.effect("a runtime without WebCrypto", () =>
    Effect.gen(function* () {
      const insecure: Crypto = Object.create(null)
      const reason = yield* refuse(pem8).pipe(Effect.provide(WebCrypto.layer(insecure)))
      assert.strictEqual(reason._tag, "NoWebCrypto")
    })
  )
})

describe("base URLs", () => {
  const check = (environment: Environment.Environment) => Credentials.apiKey({ environment, keyId, privateKey: pemEd })

  it.effect("accepted", () =>
    Effect.forEach(
      [
        Environment.production,
        Environment.demo,
        Environment.sandbox("http://127.0.0.1:4010/trade-api/v2"),
        Environment.sandbox("http://localhost:4010/trade-api/v2/"),
        Environment.sandbox("http://[::1]:4010/trade-api/v2"),
        Environment.custom("https://proxy.example.com/kalshi/trade-api/v2"),
        Environment.custom("https://api.elections.kalshi.com/trade-api/v2"),
        Environment.custom("https://demo-api.kalshi.co/trade-api/v2")
      ],
      check
    )
  )

  const refused: ReadonlyArray<readonly [string, Environment.Environment, RegExp]> = [
    ["no URL", Environment.custom("trade-api"), /no URL/],
    ["another protocol", Environment.custom("wss://example.com/trade-api/v2"), /https/],
    ["plain http", Environment.custom("http://example.com/trade-api/v2"), /could use a signature/],
    ["a loopback host without http", Environment.sandbox("localhost:8787/trade-api/v2"), /http:\/\/ is missing in/],
    ["a loopback address without http", Environment.sandbox("127.0.0.1:8787/trade-api/v2"), /: http:\/\/ is missing/],
    ["an IPv6 address without http", Environment.sandbox("[::1]:8787/trade-api/v2"), /: http:\/\/ is missing in/],
    ["a host without https", Environment.custom("example.com:443/trade-api/v2"), /https:\/\/ is missing in front/],
    ["plain http that looks like loopback", Environment.custom("http://localhost.example.com/trade-api/v2"), /plain/],
    ["a query", Environment.custom("https://example.com/trade-api/v2?a=1"), /query/],
    ["a fragment", Environment.custom("https://example.com/trade-api/v2#a"), /fragment/],
    ["a password", Environment.custom("https://me:hunter22@example.com/trade-api/v2"), /password/],
    ["no path", Environment.custom("https://example.com"), /no path/],
    ["white space", Environment.custom("https://example.com/trade api/v2"), /white space/],
    ["the retired host", Environment.custom("https://trading-api.kalshi.com/trade-api/v2"), /retired/],
    ["a sandbox that is the exchange", Environment.sandbox(Environment.production.baseUrl), /real money/],
    ["a sandbox that is the demo", Environment.sandbox(Environment.demo.baseUrl), /demo/],
    ["a demo that is the exchange", { name: "demo", baseUrl: Environment.production.baseUrl }, /real money/],
    ["production that is the demo", { name: "production", baseUrl: Environment.demo.baseUrl }, /demo/]
  ]
  for (const [name, environment, message] of refused) {
    it.effect(`refused: ${name}`, () =>
      Effect.gen(function* () {
        const reason = yield* reasonOf(check(environment))
        assert.strictEqual(reason._tag, "InvalidBaseUrl")
        assert.match(reason.message, message)
        assert.notInclude(reason.message, "hunter22")
      })
    )
  }
})

const withEnv = (env: Record<string, string>) =>
  Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))

describe("layerConfig", () => {
  const good = { KALSHI_ENV: "demo", KALSHI_API_KEY_ID: keyId, KALSHI_PRIVATE_KEY: pem8.replace(/\n/g, "\\n") }
  const read = (env: Record<string, string>) =>
    Credentials.Credentials.pipe(Effect.provide(Credentials.layerConfig), withEnv(env))

  it.effect("a key of the demo", () =>
    Effect.gen(function* () {
      const credential = yield* read(good)
      assert.strictEqual(credential._tag, "ApiKey")
      assert.deepStrictEqual(credential.environment, Environment.demo)
    })
  )

  it.effect("production only by its name", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* read({ ...good, KALSHI_ENV: " Production " })).environment, Environment.production)
      for (const KALSHI_ENV of ["prod", "live", "elections", "1", "demo2"]) {
        const reason = yield* reasonOf(read({ ...good, KALSHI_ENV }))
        assert.strictEqual(reason._tag, "UnknownEnvironment")
        assert.match(reason.message, /production, demo, sandbox, custom/)
      }
    })
  )

  it.effect("no environment", () =>
    Effect.gen(function* () {
      const { KALSHI_ENV: _, ...rest } = good
      for (const env of [rest, { ...good, KALSHI_ENV: "" }, { ...good, KALSHI_ENV: "  " }]) {
        const reason = yield* reasonOf(read(env))
        assert.strictEqual(reason._tag, "MissingEnvironment")
        assert.match(reason.message, /production, demo, sandbox, custom/)
      }
    })
  )

  it.effect("the key where the environment belongs", () =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(read({ ...good, KALSHI_ENV: pem8 }))
      assert.strictEqual(reason._tag, "UnknownEnvironment")
    })
  )

  it.effect("sandbox and custom need a base URL, the others have theirs", () =>
    Effect.gen(function* () {
      for (const KALSHI_ENV of ["sandbox", "custom"] as const) {
        const missing = yield* reasonOf(read({ ...good, KALSHI_ENV }))
        assert.strictEqual(missing._tag, "MissingBaseUrl")
        assert.match(missing.message, /KALSHI_BASE_URL/)
        const credential = yield* read({ ...good, KALSHI_ENV, KALSHI_BASE_URL: "HTTP://LocalHost:4010/trade-api/v2/" })
        assert.deepStrictEqual(credential.environment, {
          name: KALSHI_ENV,
          baseUrl: "http://localhost:4010/trade-api/v2"
        })
        const invalid = yield* reasonOf(read({ ...good, KALSHI_ENV, KALSHI_BASE_URL: pem8 }))
        assert.strictEqual(invalid._tag, "InvalidBaseUrl")
      }
      for (const KALSHI_ENV of ["production", "demo"]) {
        const reason = yield* reasonOf(
          read({ ...good, KALSHI_ENV, KALSHI_BASE_URL: "http://localhost:4010/trade-api/v2" })
        )
        assert.strictEqual(reason._tag, "InvalidBaseUrl")
        assert.match(reason.message, /unset it/)
      }
    })
  )

  it.effect("no key, no key id, a wrong key", () =>
    Effect.gen(function* () {
      const tagOf = (env: Record<string, string>) =>
        Effect.map(reasonOf(read({ KALSHI_ENV: "demo", ...env })), (reason) => reason._tag)
      assert.strictEqual(yield* tagOf({}), "MissingKey")
      assert.strictEqual(yield* tagOf({ KALSHI_API_KEY_ID: keyId, KALSHI_PRIVATE_KEY: " " }), "MissingKey")
      assert.strictEqual(yield* tagOf({ KALSHI_PRIVATE_KEY: pem8 }), "EmptyKeyId")
      assert.strictEqual(yield* tagOf({ KALSHI_API_KEY_ID: pem8, KALSHI_PRIVATE_KEY: keyId }), "InvalidKeyId")
      assert.strictEqual(yield* tagOf({ ...good, KALSHI_PRIVATE_KEY: keyId }), "NotPem")
      assert.strictEqual(yield* tagOf({ ...good, KALSHI_PRIVATE_KEY: spki(rsa2048.publicKey) }), "PublicKey")
    })
  )

  it.effect("a path needs Node", () =>
    Effect.gen(function* () {
      const { KALSHI_PRIVATE_KEY: _, ...rest } = good
      const reason = yield* reasonOf(read({ ...rest, KALSHI_PRIVATE_KEY_PATH: "/secrets/kalshi.key" }))
      assert.strictEqual(reason._tag, "KeyFileUnsupported")
      assert.match(reason.message, /effect-kalshi\/node/)
    })
  )

  it.effect("a source that fails", () =>
    Effect.gen(function* () {
      const provider = ConfigProvider.make(() =>
        Effect.fail(new ConfigProvider.SourceError({ message: `cannot parse ${pem8}` }))
      )
      const reason = yield* reasonOf(Effect.provideService(Credentials.config, ConfigProvider.ConfigProvider, provider))
      assert.strictEqual(reason._tag, "ConfigUnreadable")
      assert.match(reason.message, /KALSHI_ENV/)
    })
  )

  it.effect("layer and layerAnonymous", () =>
    Effect.gen(function* () {
      const key = yield* Credentials.Credentials.pipe(
        Effect.provide(Credentials.layer({ environment, keyId, privateKey: Redacted.make(pemEd) }))
      )
      assert.strictEqual(key._tag, "ApiKey")
      const nobody = yield* Credentials.Credentials.pipe(
        Effect.provide(Credentials.layerAnonymous(Environment.production))
      )
      assert.deepStrictEqual(nobody, { _tag: "Anonymous", environment: Environment.production })
    })
  )
})

describe("layerConfig for Node", () => {
  const base = { KALSHI_ENV: "demo", KALSHI_API_KEY_ID: keyId }
  const read = (env: Record<string, string>) =>
    Credentials.Credentials.pipe(Effect.provide(NodeCredentials.layerConfig), withEnv(env))

  it.layer(NodeFileSystem.layer)((it) => {
    it.effect("a file, a directory, an empty file, no file", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const directory = yield* fs.makeTempDirectoryScoped()
        const path = `${directory}/kalshi.key`
        yield* fs.writeFileString(path, pem1)
        assert.strictEqual((yield* read({ ...base, KALSHI_PRIVATE_KEY_PATH: ` "${path}"` }))._tag, "ApiKey")

        yield* fs.writeFileString(`${directory}/empty`, "\n")
        yield* fs.writeFileString(`${directory}/cut`, pem1.slice(0, 500))
        const cases = [
          [directory, /is a directory/],
          [`${directory}/none`, /does not exist/],
          [`${path}/none`, /cannot be read/],
          [`${directory}/empty`, /is empty/]
        ] as const
        for (const [wrong, message] of cases) {
          const reason = yield* reasonOf(
            read({ ...base, KALSHI_PRIVATE_KEY_PATH: wrong }).pipe(Effect.provideService(FileSystem.FileSystem, fs))
          )
          assert.strictEqual(reason._tag, "KeyFileUnreadable")
          assert.match(reason.message, message)
          assert.include(reason.message, wrong)
        }
        const cut = yield* reasonOf(
          read({ ...base, KALSHI_PRIVATE_KEY_PATH: `${directory}/cut` }).pipe(
            Effect.provideService(FileSystem.FileSystem, fs)
          )
        )
        assert.strictEqual(cut._tag, "DamagedKey")
      })
    )
  })

  it.effect("permission, and ~ for the home directory", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const denied = (method: string) =>
        Effect.fail(PlatformError.systemError({ _tag: "PermissionDenied", module: "FileSystem", method }))
      const layer = FileSystem.layerNoop({
        stat: (path) => (path === `${NodeOS.homedir()}/k.pem` ? fs.stat("/dev/null") : denied("stat")),
        readFileString: () => denied("readFile")
      })
      const run = (KALSHI_PRIVATE_KEY_PATH: string) =>
        reasonOf(read({ ...base, KALSHI_PRIVATE_KEY_PATH }).pipe(Effect.provide(layer)))
      for (const [given, path] of [
        ["~/k.pem", `${NodeOS.homedir()}/k.pem`],
        ["~k.pem", "~k.pem"]
      ] as const) {
        const reason = yield* run(given)
        assert.strictEqual(reason._tag, "KeyFileUnreadable")
        assert.include(reason.message, `${path} may not be read by this user`)
      }
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.effect("both, neither, and a key as a path", () =>
    Effect.gen(function* () {
      const tagOf = (env: Record<string, string>) =>
        Effect.map(
          reasonOf(read({ ...base, ...env }).pipe(Effect.provide(NodeFileSystem.layer))),
          (reason) => reason._tag
        )
      assert.strictEqual(yield* tagOf({ KALSHI_PRIVATE_KEY: pem8, KALSHI_PRIVATE_KEY_PATH: "/k.pem" }), "AmbiguousKey")
      assert.strictEqual(yield* tagOf({}), "MissingKey")
      for (const key of [pem8, pem8.replace(/\n/g, "\\n"), pemEd.replace(/\n/g, ""), bodyOf(pemEd), base64(pemEd)]) {
        assert.strictEqual(yield* tagOf({ KALSHI_PRIVATE_KEY_PATH: key }), "KeyAsPath")
      }
    })
  )
})
