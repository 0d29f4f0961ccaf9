/**
 * Where a program trades: an exchange and its base URL.
 *
 * Real money is at stake only in `production`, and no function here defaults
 * to it. A credential belongs to one environment ("Environments" in the
 * exchange's documentation: production is `.com`, demo is `.co`).
 *
 * @since 0.1.0
 */

/**
 * An exchange: its name, and the base of its REST paths including
 * `/trade-api/v2`, without a slash at the end.
 *
 * @since 0.1.0
 * @category models
 */
export interface Environment {
  readonly name: "production" | "demo" | "sandbox" | "custom"
  readonly baseUrl: string
}

/**
 * The names that a configuration can choose from.
 *
 * @since 0.1.0
 * @category constants
 */
export const names = ["production", "demo", "sandbox", "custom"] as const

/**
 * The exchange itself: real money.
 *
 * @since 0.1.0
 * @category constructors
 */
export const production: Environment = {
  name: "production",
  baseUrl: "https://external-api.kalshi.com/trade-api/v2"
}

/**
 * The exchange's own demo: its keys and its money are not those of production.
 *
 * @since 0.1.0
 * @category constructors
 */
export const demo: Environment = {
  name: "demo",
  baseUrl: "https://external-api.demo.kalshi.co/trade-api/v2"
}

const trim = (url: string): string => url.replace(/\/+$/, "")

/**
 * A sandbox of `@effect-kalshi/sandbox` at its base URL.
 *
 * @since 0.1.0
 * @category constructors
 */
export const sandbox = (baseUrl: string): Environment => ({ name: "sandbox", baseUrl: trim(baseUrl) })

/**
 * Any other server that speaks this API, such as a proxy or an older host, at
 * its base URL.
 *
 * @since 0.1.0
 * @category constructors
 */
export const custom = (baseUrl: string): Environment => ({ name: "custom", baseUrl: trim(baseUrl) })

/**
 * The path of a request as it is signed: the path of the base, then that of
 * the endpoint, without query or fragment.
 *
 * @since 0.1.0
 * @category accessors
 */
export const pathOf = (self: Environment, path: string): string => {
  const bare = path.split(/[?#]/, 1)[0] ?? path
  return new URL(self.baseUrl).pathname.replace(/\/+$/, "") + bare
}
