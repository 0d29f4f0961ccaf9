/**
 * Whether the key works, where else it might, and what it may do.
 */
import * as Effect from "effect/Effect"
import type * as Balance from "effect-kalshi/models/Balance"
import type * as Credentials from "effect-kalshi/Credentials"
import * as Environment from "effect-kalshi/Environment"
import * as Exchange from "effect-kalshi/Exchange"
import type { KalshiError } from "effect-kalshi/KalshiError"
import * as Portfolio from "effect-kalshi/Portfolio"
import * as Retry from "effect-kalshi/Retry"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Session from "../../Session.ts"
import * as Words from "../../Words.ts"
import { type Checked, fail, type Found, ok, skipped, warn } from "./finding.ts"

const signedRead = Portfolio.Portfolio.use((portfolio) => portfolio.getBalance()).pipe(Retry.off, Effect.result)

/** What a signed read came to. */
export interface Access extends Checked<Balance.Balance> {
  /** The exchange does not know the key, or does not believe its signature. */
  readonly isRefused: boolean
}

const refused = (error: KalshiError): Found => {
  const { reason } = error
  switch (reason._tag) {
    case "Unauthorized": {
      const words = reason.message
      const cut = words.lastIndexOf("): ")
      if (reason.details === "NOT_FOUND") {
        return fail(
          `${words.slice(0, cut + 1)}: the exchange does not know this key id`,
          "check KALSHI_API_KEY_ID, and that it is a key of this environment: production and the demo have their own"
        )
      }
      return cut < 0
        ? fail(words, "check the key id, the private key and the environment")
        : fail(words.slice(0, cut + 1), words.slice(cut + 3))
    }
    case "ClockOff":
      return fail(reason.message, "synchronise the clock of this machine")
    case "Forbidden":
      return warn(
        `the key is known, and may not read the balance: ${reason.message}`,
        "to read, a key needs the scope read: make one on the website (Account, API keys)"
      )
    default:
      return fail(reason.message, "see what the checks above say, and ask again")
  }
}

/** Reads the balance, signed. */
export const check = Effect.map(signedRead, (result): Access => {
  if (result._tag === "Success") {
    return { found: ok("a signed read works"), value: result.success, isRefused: false }
  }
  return { found: refused(result.failure), isRefused: result.failure.reason._tag === "Unauthorized" }
})

const others = { production: Environment.demo, demo: Environment.production } as const

/** Tries a key that production or the demo refuses on the other of the two, and nowhere else. */
export const elsewhere = Effect.fnUntraced(function* (credential: Credentials.ApiKey, isRefused: boolean) {
  const { name } = credential.environment
  if (!isRefused || (name !== "production" && name !== "demo")) {
    return skipped("a key is tried elsewhere only where production or the demo refuses it")
  }
  const other = others[name]
  const result = yield* signedRead.pipe(
    Effect.provide(Session.services({ ...credential, environment: other }, { rateLimit: "none", breaker: "none" }))
  )
  if (result._tag === "Success" || result.failure.reason._tag === "Forbidden") {
    return fail(
      `the key works on ${other.name}`,
      `it is a key of ${other.name}: use --env ${other.name}${other.name === "production" ? " (real money)" : ""}, or a key of ${name}`
    )
  }
  return result.failure.reason._tag === "Unauthorized"
    ? warn(
        `${other.name} refuses it too`,
        `it may have been deleted, or key id and private key are not a pair: make a new key on the website of ${name}`
      )
    : warn(`${other.name} could not be asked: ${result.failure.reason.message}`, "try it there by yourself")
})

/** What the list of keys told. */
export interface Keys {
  readonly scopes: Found
  readonly subaccount: Found
  readonly region: Found
}

const scopesFound = ({ name, scopes, subtrader }: Exchange.Key): Found => {
  const saw = `“${name}” may ${scopes.length === 0 ? "do nothing" : scopes.join(", ")}`
  if (subtrader !== undefined) {
    return fail(
      `${saw}; it is bound to the subtrader ${subtrader}`,
      "no REST request may be signed with it: use another"
    )
  }
  if (!scopes.includes("read")) {
    return warn(saw, "without read it cannot list orders, fills or positions: make a key that has it")
  }
  if (scopes.includes("write")) return ok(saw)
  return scopes.includes("write::trade")
    ? ok(saw, "it trades, and cannot move money")
    : ok(saw, "it reads; orders would be refused, which is best for exports and reports")
}

const subaccountFound = ({ subaccount }: Exchange.Key): Found =>
  subaccount === undefined
    ? ok("all subaccounts")
    : warn(
        `the key is bound to subaccount ${subaccount}`,
        "it sees no other, and cannot move money or open subaccounts: for the whole account use a key that is not bound"
      )

const SOON = 7 * 86_400_000_000

const regionFound = (regionExpiresAt: Timestamp.Timestamp | undefined, now: Timestamp.Timestamp): Found => {
  if (regionExpiresAt === undefined) {
    return ok(
      "the account never said where it is",
      "sports, elections and entertainment can be traded with a key only after that: say it on the website"
    )
  }
  const when = `${Words.time(regionExpiresAt)} UTC`
  const renew = "say again on the website where you are, or orders on sports, elections and entertainment are refused"
  if (regionExpiresAt <= now) return warn(`the region's grant lapsed at ${when}`, renew)
  return regionExpiresAt - now <= SOON
    ? warn(`the region's grant lapses in ${Words.duration((regionExpiresAt - now) / 1000)}, at ${when}`, renew)
    : ok(`the region's grant lasts until ${when}`)
}

/** Asks what the keys of the account may do; `ahead` is what the exchange's clock is ahead of ours, in milliseconds. */
export const keys = Effect.fnUntraced(function* (keyId: string, ahead: number) {
  const listed = yield* Exchange.Exchange.use(({ getApiKeys }) => getApiKeys).pipe(Retry.off, Effect.result)
  const all = (found: Found): Keys => ({ scopes: found, subaccount: found, region: found })
  if (listed._tag === "Failure") {
    const { message } = listed.failure.reason
    return all(
      listed.failure.reason._tag === "Forbidden"
        ? skipped("the key may not list the keys of the account")
        : warn(`the keys cannot be listed: ${message}`, "ask again")
    )
  }
  const now = Timestamp.add(yield* Timestamp.now, ahead)
  const region = regionFound(listed.success.regionExpiresAt, now)
  const key = listed.success.keys.find((each) => each.keyId === keyId)
  const unlisted = warn("the account does not list this key", "look at its keys on the website")
  const found: Keys =
    key === undefined
      ? { scopes: unlisted, subaccount: unlisted, region }
      : { scopes: scopesFound(key), subaccount: subaccountFound(key), region }
  return found
})
