/**
 * The wire of 2.0.0 (August 2024) as one `HttpApi`, bare as that of today:
 * bearer token, integers of cents and of whole contracts, yes/no with
 * buy/sell. Paths are below the base of an installation of that generation.
 *
 * The exchange itself has retired it: its login is gone since 2025 and its
 * writes answer 410 since June 2026.
 *
 * @since 0.1.0
 */
import * as HttpApi from "effect/http-api/HttpApi"
import { Auth } from "./Auth.ts"
import { Orders } from "./Orders.ts"
import { Portfolio } from "./Portfolio.ts"

/**
 * The thirteen operations of the portfolio, login and logout, in their groups.
 *
 * @since 0.1.0
 * @category api
 */
export const LegacyApi = HttpApi.make("kalshi-2.0.0").add(Auth, Portfolio, Orders)
