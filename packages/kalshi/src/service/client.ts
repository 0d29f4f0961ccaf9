/**
 * The client of the declared endpoints, over the one road.
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import type * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import { Api } from "../api/Api.ts"
import { LegacyApi } from "../api/legacy/Api.ts"
import type { Guard } from "../guard/Service.ts"
import type { OrderJournal } from "../journal/Service.ts"
import type { Signer } from "../Signer.ts"
import * as Transport from "../Transport.ts"

/** What every service needs: the road, the HTTP client below it, and where it leads. */
export type Requires = HttpApiMiddleware.ForClient<Transport.Transport> | HttpClient.HttpClient | Signer

/** What a service needs that writes: it tells them what became of each write. */
export type RequiresToWrite = Requires | Guard | OrderJournal

const OnTheRoad = Api.middleware(Transport.Transport)

/** Derives the client of one group of the wire of today, for the environment of the signer. */
export const group = Effect.fnUntraced(function* <
  const Group extends "portfolio" | "subaccounts" | "orders" | "markets" | "historical" | "exchange"
>(name: Group) {
  return yield* HttpApiClient.group(OnTheRoad, { group: name, httpClient: yield* Transport.client })
})

const LegacyOnTheRoad = LegacyApi.middleware(Transport.Transport)

/** Derives the client of one group of the wire of 2.0.0, for the environment of the signer. */
export const legacyGroup = Effect.fnUntraced(function* <const Group extends "auth" | "portfolio" | "orders">(
  name: Group
) {
  return yield* HttpApiClient.group(LegacyOnTheRoad, { group: name, httpClient: yield* Transport.client })
})
