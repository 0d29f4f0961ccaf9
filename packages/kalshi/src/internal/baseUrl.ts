/**
 * What a base URL must be before a signature goes there. Pure; what it returns
 * never repeats the URL, which may hold a secret by mistake.
 *
 * @internal
 */
import type { Environment } from "../Environment.ts"

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"])

const under = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`)

const hostOf = (url: URL): string =>
  // a name may end in the dot of the root, and by mistake in several
  url.hostname.replace(/\.+$/, "")

// `localhost:8787/…` reads as a scheme and a path
const schemeless = (baseUrl: string): URL | undefined =>
  baseUrl.includes("://") || /^https?:/i.test(baseUrl) || !URL.canParse(`https://${baseUrl}`)
    ? undefined
    : new URL(`https://${baseUrl}`)

/** Whether a base URL is one of the exchange itself, production or demo, whatever the environment is called. */
export const isExchange = ({ baseUrl, name }: Environment): boolean => {
  if (name === "production" || name === "demo") return true
  const url = schemeless(baseUrl) ?? (URL.canParse(baseUrl) ? new URL(baseUrl) : undefined)
  if (url === undefined) return false
  const host = hostOf(url)
  return under(host, "kalshi.com") || under(host, "kalshi.co")
}

/**
 * What is wrong with the base URL of an environment, or undefined; `misuse` is
 * what others could do with what is sent there.
 */
export const problemOf = (environment: Environment, misuse = "use a signature"): string | undefined => {
  const { name, baseUrl } = environment
  if (/\s/.test(baseUrl)) return "it has white space in it"
  const bare = schemeless(baseUrl)
  if (bare !== undefined && loopback.has(hostOf(bare))) {
    return "http:// is missing in front of it (on a loopback host plain http is fine)"
  }
  if (bare !== undefined && hostOf(bare).includes(".")) return "https:// is missing in front of it"
  if (!URL.canParse(baseUrl)) return "it is no URL"
  const url = new URL(baseUrl)
  if (url.protocol !== "https:" && url.protocol !== "http:") return "it has to begin with https://"
  if (url.username !== "" || url.password !== "") return "it has a user name or password in it, which is never sent"
  if (/[?#]/.test(baseUrl)) return "it has a query or a fragment; give it up to and including /trade-api/v2"
  if (url.pathname === "/") return "it has no path; give it up to and including /trade-api/v2"
  const host = hostOf(url)
  if (url.protocol === "http:" && !loopback.has(host)) {
    return (
      `it is plain http, where anyone on the way could ${misuse}; https, or a loopback host ` +
      "(127.0.0.1, localhost, [::1])"
    )
  }
  if (host === "trading-api.kalshi.com") {
    return "the exchange has retired the host trading-api.kalshi.com; use the environment production"
  }
  if (under(host, "kalshi.com") && name !== "production" && name !== "custom") {
    return `it is the exchange itself, with real money, and not ${name}`
  }
  if (under(host, "kalshi.co") && name !== "demo" && name !== "custom") {
    return `it is the exchange's demo, and not ${name}`
  }
  return undefined
}

/** The URL as the platform writes it, without a slash at the end. */
export const normalise = (environment: Environment): Environment => {
  const url = new URL(environment.baseUrl)
  return { name: environment.name, baseUrl: `${url.origin}${url.pathname}`.replace(/\/+$/, "") }
}
