/** Two accounts in one program never mix, however their layers are put together. */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, layer } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import {
  Breaker,
  Credentials,
  Dollars,
  Environment,
  Guard,
  Kalshi,
  Listings,
  OrderJournal,
  Portfolio,
  RateLimit,
  Session,
  Signer,
  Transport
} from "effect-kalshi"
import * as Node from "effect-kalshi/node"
import * as kit from "./kit.ts"

class Alice extends Context.Service<Alice, Portfolio.Portfolio["Service"]>()("test/Alice") {}
class Bob extends Context.Service<Bob, Portfolio.Portfolio["Service"]>()("test/Bob") {}

interface Account {
  readonly keyId: string
  readonly privateKey: Redacted.Redacted<string>
  readonly email: string
  readonly password: Redacted.Redacted<string>
}

layer(kit.sandbox(), { excludeTestServices: true })("two accounts", (it) => {
  const accounts = Effect.gen(function* () {
    const control = yield* Control.Control
    const { legacy, url } = yield* Sandbox.Sandbox
    return {
      url,
      legacyUrl: legacy.url,
      alice: yield* control.account("alice", { key: "ed25519", deposit: Dollars.of(1) }),
      bob: yield* control.account("bob", { key: "ed25519", deposit: Dollars.of(2) })
    }
  })

  /** What each of the two sees, by the layers that are built together for them. */
  const seen = <E>(of: (account: Account, url: string, legacyUrl: string) => Layer.Layer<Portfolio.Portfolio, E>) =>
    Effect.gen(function* () {
      const { alice, bob, legacyUrl, url } = yield* accounts
      const control = yield* Control.Control
      const truth = (id: string) => Effect.map(control.truth(id), ({ balance }) => balance.available)
      const both = Layer.mergeAll(
        Layer.effect(Alice, Portfolio.Portfolio).pipe(Layer.provide(of(alice, url, legacyUrl))),
        Layer.effect(Bob, Portfolio.Portfolio).pipe(Layer.provide(of(bob, url, legacyUrl)))
      )
      const balances = yield* Effect.gen(function* () {
        const ofAlice = yield* (yield* Alice).getBalance()
        const ofBob = yield* (yield* Bob).getBalance()
        return [ofAlice.available, ofBob.available]
      }).pipe(Effect.provide(both))
      const known = [yield* truth(alice.id), yield* truth(bob.id)]
      assert.notStrictEqual(known[0], known[1])
      assert.deepStrictEqual(balances, known)
    })

  const credentials = ({ keyId, privateKey }: Account, url: string) =>
    Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })

  it.effect("each with a configuration of its own", () =>
    seen((account, url) =>
      Node.Kalshi.layerConfig({ rateLimit: "none" }).pipe(
        Layer.provide(
          ConfigProvider.layer(
            ConfigProvider.fromUnknown({
              KALSHI_ENV: "sandbox",
              KALSHI_BASE_URL: url,
              KALSHI_API_KEY_ID: account.keyId,
              KALSHI_PRIVATE_KEY: Redacted.value(account.privateKey)
            })
          )
        )
      )
    )
  )

  it.effect("each with a signer of its own", () =>
    seen((account, url) =>
      Kalshi.layerWith().pipe(
        Layer.provide([Signer.layer, RateLimit.layerNone, FetchHttpClient.layer]),
        Layer.provide(credentials(account, url))
      )
    )
  )

  it.effect("each with a login of its own in its configuration", () =>
    seen((account, _, url) =>
      Node.Kalshi.layerLegacyConfig({ rateLimit: "none" }).pipe(
        Layer.provide(
          ConfigProvider.layer(
            ConfigProvider.fromUnknown({
              KALSHI_ENV: "sandbox",
              KALSHI_BASE_URL: url,
              KALSHI_EMAIL: account.email,
              KALSHI_PASSWORD: Redacted.value(account.password)
            })
          )
        )
      )
    )
  )

  it.effect("each with a session of its own, composed by hand", () =>
    seen((account, _, url) =>
      Portfolio.layerLegacy.pipe(
        Layer.provide(Transport.layer),
        Layer.provide([Breaker.layerNone, Guard.layerNone, OrderJournal.layerMemory]),
        Layer.provide([Session.layer(), RateLimit.layerNone]),
        Layer.provide([
          FetchHttpClient.layer,
          Credentials.layerLogin({
            environment: Environment.sandbox(url),
            email: account.email,
            password: account.password
          })
        ])
      )
    )
  )

  it.effect("composed by hand", () =>
    seen((account, url) =>
      Portfolio.layer.pipe(
        Layer.provide(Listings.layer),
        Layer.provide(Transport.layer),
        Layer.provide([Breaker.layerNone, Guard.layerNone, OrderJournal.layerMemory]),
        Layer.provide([Signer.layer, RateLimit.layerNone, FetchHttpClient.layer]),
        Layer.provide(credentials(account, url))
      )
    )
  )
})
