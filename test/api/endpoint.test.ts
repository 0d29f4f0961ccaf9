/**
 * A declared endpoint is usable alone, with or without the road.
 */
import { Sandbox } from "@effect-kalshi/sandbox"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as Layer from "effect/Layer"
import { Breaker, Credentials, Environment, Guard, OrderJournal, RateLimit, Signer, Transport } from "effect-kalshi"
import { Api } from "effect-kalshi/api/Api"
import * as support from "../support.ts"

const road = Transport.layer.pipe(
  Layer.provide([Breaker.layerNone, Guard.layerNone, OrderJournal.layerMemory, RateLimit.layerNone]),
  Layer.provideMerge(Signer.layer),
  Layer.provide(
    Layer.unwrap(
      Effect.map(Sandbox.Sandbox, ({ keyId, privateKey, url }) =>
        Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })
      )
    )
  )
)

layer(Layer.mergeAll(road, support.clients.fetch).pipe(Layer.provideMerge(Sandbox.layer({ keyType: "ed25519" }))))(
  "an endpoint alone",
  (it) => {
    it.effect("goes the road with HttpApiClient.endpoint", () =>
      Effect.gen(function* () {
        const getBalance = yield* HttpApiClient.endpoint(Api.middleware(Transport.Transport), {
          group: "portfolio",
          endpoint: "getBalance",
          httpClient: yield* Transport.client
        })
        const balance = yield* getBalance({ query: {} })
        assert.strictEqual(balance.balance_dollars, 10_000_000_000)
      })
    )

    it.effect("needs no road where it is public", () =>
      Effect.gen(function* () {
        const { url } = yield* Sandbox.Sandbox
        const getStatus = yield* HttpApiClient.endpoint(Api, {
          group: "exchange",
          endpoint: "getExchangeStatus",
          httpClient: yield* HttpClient.HttpClient,
          baseUrl: url
        })
        assert.isTrue((yield* getStatus({})).exchange_active)
      })
    )
  }
)
