/**
 * A sandbox on a socket of this machine, and our client to it.
 */
import { type Control, Sandbox } from "@effect-kalshi/sandbox"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { Credentials, type CredentialsError, Environment, Kalshi, type Portfolio, Resolution } from "effect-kalshi"

/** The two HTTP clients that programs use on Node. */
export const clients: Readonly<Record<"fetch" | "undici", Layer.Layer<HttpClient.HttpClient>>> = {
  fetch: FetchHttpClient.layer,
  undici: NodeHttpClient.layerUndici
}

/** The services for the member of the sandbox in force. */
export const layerMember = (
  options: Kalshi.Options = { rateLimit: "none", breaker: "none" },
  client: Layer.Layer<HttpClient.HttpClient> = clients.fetch
): Layer.Layer<Kalshi.Kalshi, CredentialsError.CredentialsError, Sandbox.Sandbox> =>
  Kalshi.layer(options).pipe(
    Layer.provide(
      Layer.unwrap(
        Effect.map(Sandbox.Sandbox, ({ keyId, privateKey, url }) =>
          Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })
        )
      )
    ),
    Layer.provide(client)
  )

/** The portfolio of the member of the sandbox in force, on the wire of 2.0.0. */
export const layerLegacyMember = (
  options: Parameters<typeof Kalshi.layerLegacy<never>>[0] = { rateLimit: "none", breaker: "none" },
  client: Layer.Layer<HttpClient.HttpClient> = clients.fetch
): Layer.Layer<Portfolio.Portfolio, CredentialsError.CredentialsError, Sandbox.Sandbox> =>
  Kalshi.layerLegacy(options).pipe(
    Layer.provide(
      Layer.unwrap(
        Effect.map(Sandbox.Sandbox, ({ legacy: { email, password, url } }) =>
          Credentials.layerLogin({ environment: Environment.sandbox(url), email, password })
        )
      )
    ),
    Layer.provide(client)
  )

/** For wires on which nothing is under way for long: what is lost is settled within a second or so. */
export const hasty: Resolution.Resolution = {
  maxAge: "2 seconds",
  inFlight: "300 millis",
  margin: "1 millis",
  deadline: "1500 millis",
  pause: "100 millis",
  closing: "100 millis"
}

/** The same for all writes of a layer and of the test that has it. */
export const layerHasty: Layer.Layer<never> = Layer.succeed(Resolution.Resolution, hasty)

/** Limits that no test hits. */
export const unlimited = { read: { refill: 1e6, capacity: 1e6 }, write: { refill: 1e6, capacity: 1e6 } }

/** A sandbox on a free port, with the services of its member. */
export const layer = (
  options: Sandbox.ListenOptions = {},
  kalshi?: Kalshi.Options,
  client?: Layer.Layer<HttpClient.HttpClient>
): Layer.Layer<Kalshi.Kalshi | Sandbox.Sandbox | Control.Control, unknown> =>
  layerMember(kalshi, client).pipe(Layer.provideMerge(Sandbox.layer(options)))
