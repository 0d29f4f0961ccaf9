/**
 * The official SDK as a client of the sandbox. Its package is CommonJS, and
 * each API puts an interceptor on the axios that it is given (on the global
 * one without): every API gets an axios of its own here, without a base URL,
 * since the SDK leaves its own base out when there is one.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createRequire } from "node:module"
import type * as Package from "kalshi-typescript"

/** Where an account of the exchange is reached, and with what. */
export interface Account {
  /** With the base path, `http://127.0.0.1:1234/trade-api/v2`. */
  readonly url: string
  readonly keyId: string
  readonly privateKey: Redacted.Redacted<string>
}

type AxiosInstance = NonNullable<ConstructorParameters<typeof Package.OrdersApi>[2]>

const require = createRequire(import.meta.url)
const sdk = require("kalshi-typescript") as typeof Package
const axios = createRequire(require.resolve("kalshi-typescript"))("axios") as {
  readonly create: (options: object) => AxiosInstance
}

/** Every API of the SDK that has an operation of ours. */
export interface Client {
  readonly account: Package.AccountApi
  readonly apiKeys: Package.ApiKeysApi
  readonly events: Package.EventsApi
  readonly exchange: Package.ExchangeApi
  readonly historical: Package.HistoricalApi
  readonly markets: Package.MarketApi
  readonly orders: Package.OrdersApi
  readonly portfolio: Package.PortfolioApi
}

/** Makes the SDK's APIs for an account. */
export const make = (account: Account): Client => {
  const configuration = new sdk.Configuration({
    apiKey: account.keyId,
    privateKeyPem: Redacted.value(account.privateKey),
    basePath: account.url
  })
  const own = (): AxiosInstance => axios.create({ maxRedirects: 0, proxy: false, timeout: 10_000 })
  return {
    account: new sdk.AccountApi(configuration, undefined, own()),
    apiKeys: new sdk.ApiKeysApi(configuration, undefined, own()),
    events: new sdk.EventsApi(configuration, undefined, own()),
    exchange: new sdk.ExchangeApi(configuration, undefined, own()),
    historical: new sdk.HistoricalApi(configuration, undefined, own()),
    markets: new sdk.MarketApi(configuration, undefined, own()),
    orders: new sdk.OrdersApi(configuration, undefined, own()),
    portfolio: new sdk.PortfolioApi(configuration, undefined, own())
  }
}

/** An answer of the exchange that is an error; nothing else of axios's own error is kept. */
export class Failed extends Data.TaggedError("Failed")<{ readonly status: number; readonly data: unknown }> {
  override get message(): string {
    return `${this.status} ${JSON.stringify(this.data)}`
  }
}

/** A call of the SDK as an effect: fails with the exchange's answer, dies where there is none. */
export const call = <A>(
  request: () => Promise<{ readonly status: number; readonly data: A }>
): Effect.Effect<{ readonly status: number; readonly data: A }, Failed> =>
  Effect.tryPromise({
    try: request,
    catch: (error) => {
      const response = error instanceof Error && "response" in error ? error.response : undefined
      return typeof response === "object" && response !== null && "status" in response && "data" in response
        ? new Failed({ status: Number(response.status), data: response.data })
        : new Error(String(error))
    }
  }).pipe(Effect.catch((error) => (error instanceof Failed ? Effect.fail(error) : Effect.die(error))))
