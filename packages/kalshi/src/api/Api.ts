/**
 * The wire of today as one `HttpApi`, bare: the client and a server each put
 * their own middleware on it. Paths are below the base of an environment,
 * which ends in `/trade-api/v2`.
 *
 * @since 0.1.0
 */
import * as HttpApi from "effect/http-api/HttpApi"
import { Exchange } from "./Exchange.ts"
import { Historical } from "./Historical.ts"
import { Markets } from "./Markets.ts"
import { Orders } from "./Orders.ts"
import { Portfolio } from "./Portfolio.ts"
import { Subaccounts } from "./Subaccounts.ts"

/**
 * Every endpoint that is declared here, in its group.
 *
 * @since 0.1.0
 * @category api
 */
export const Api = HttpApi.make("kalshi").add(Portfolio, Subaccounts, Orders, Markets, Historical, Exchange)
