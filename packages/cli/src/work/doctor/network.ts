/**
 * The way to the exchange: whether it answers, whether it is open, and what
 * time it is there. One public request tells all three.
 */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Credentials from "effect-kalshi/Credentials"
import type * as Environment from "effect-kalshi/Environment"
import * as Exchange from "effect-kalshi/Exchange"
import type { KalshiError } from "effect-kalshi/KalshiError"
import * as Retry from "effect-kalshi/Retry"
import * as Session from "../../Session.ts"
import * as Words from "../../Words.ts"
import { type Checked, fail, type Found, ok, skipped, warn } from "./finding.ts"

/** An answer as it was timed by our clock, in epoch milliseconds. */
interface Timed {
  readonly sentAt: number
  readonly receivedAt: number
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** What one request told. */
export interface Reached {
  readonly network: Found
  readonly exchange: Checked<Exchange.Status>
  /** With what the exchange's clock is ahead of ours, in milliseconds. */
  readonly clock: Checked<number>
  readonly isReached: boolean
}

const nobody = "the exchange was not reached"

const proxy = Config.option(Config.String("HTTPS_PROXY")).pipe(
  Config.orElse(() => Config.option(Config.String("https_proxy"))),
  Effect.orElseSucceed(() => Option.none<string>())
)

const disconnected = (description: string): string => {
  if (/ENOTFOUND|EAI_AGAIN/.test(description)) {
    return "the name of the host is not found: check the base URL, and whether this machine has a network and DNS"
  }
  if (/bad port/.test(description)) return "no HTTP client uses that port: is it right?"
  if (/ECONNREFUSED/.test(description)) return "nothing listens there: is the server running, and is the port right?"
  if (/CERT|certificate|self.signed|ERR_TLS|ERR_SSL/i.test(description)) {
    return "TLS failed: something on the way shows another certificate; NODE_EXTRA_CA_CERTS names the one of a company's proxy"
  }
  if (/TIMEOUT|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/i.test(description)) {
    return "no way there: check the network, and whether a firewall lets this machine out to port 443"
  }
  return "check the network, and what is between this machine and the exchange"
}

const unreached = (error: KalshiError, where: string): Found => {
  const { reason } = error
  switch (reason._tag) {
    case "Disconnected":
      return fail(`${where} was not reached: ${reason.description}`, disconnected(reason.description))
    case "TimedOut":
      return fail(`${where} gave ${reason.message}`, disconnected("TIMEOUT"))
    case "Forbidden":
      return fail(
        `${where} turns this machine away: ${reason.message}`,
        "it may not serve the place that you are in, or the address of your VPN or cloud: try from another"
      )
    default:
      return fail(`${where} answers, and not as the exchange does: ${reason.message}`, "check KALSHI_BASE_URL")
  }
}

const isOpen = (status: Exchange.Status): Found => {
  const until =
    status.resumesAt === undefined
      ? "its status says when"
      : `it expects to go on at ${Words.time(status.resumesAt)} UTC`
  if (!status.exchangeActive) return fail("the exchange is paused: nothing works", `wait: ${until}`)
  if (!status.tradingActive) return warn("trading is paused: cancels work, new orders do not", `wait: ${until}`)
  const paused = status.shards.filter((shard) => !shard.exchangeActive || !shard.tradingActive)
  const named = (shard: Exchange.ShardStatus) =>
    `${shard.index}${shard.description === undefined ? "" : ` (${shard.description})`}`
  if (paused.length > 0) {
    return warn(`paused on shard ${paused.map(named).join(", ")}`, "orders on their markets are refused: wait")
  }
  const shards = status.shards.length
  return ok(`open, trading${shards > 1 ? `, on ${shards} shards` : ""}`)
}

// what servers write into `Date`
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

// beyond it, signatures are refused by most programs, and beyond that by this library too
const NOTICED = 2000
const MOST = 300_000

const clockOf = ({ headers, receivedAt, sentAt }: Timed): Checked<number> => {
  const date = headers["date"]
  // an answer that was kept on the way tells when it was made
  if (date === undefined || headers["age"] !== undefined || !DATE.test(date)) {
    return { found: skipped("the exchange did not say what time it is") }
  }
  // it names a second, and was written somewhere between sending and receiving
  const offset = Math.round(Date.parse(date) + 500 - (sentAt + receivedAt) / 2)
  const unsure = 500 + (receivedAt - sentAt) / 2
  const size = Math.max(0, Math.abs(offset) - unsure)
  const saw = `this machine is ${Words.duration(Math.abs(offset))} ${offset > 0 ? "behind" : "ahead of"} the exchange (give or take ${Words.duration(unsure)})`
  const advice = "synchronise it (timedatectl set-ntp true; on Windows: w32tm /resync)"
  if (size > MOST) return { found: fail(`${saw}: signatures are refused`, advice), value: offset }
  return size > NOTICED
    ? { found: warn(`${saw}: this library corrects for it, other programs are refused`, advice), value: offset }
    : { found: ok(size === 0 ? `as the exchange's (give or take ${Words.duration(unsure)})` : saw), value: offset }
}

// The way in force, which notes when the last answer came and what its head was.
const timing = (wire: Layer.Layer<HttpClient.HttpClient>, note: (timed: Timed) => void) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(HttpClient.HttpClient, (client) =>
      HttpClient.transform(client, (answer) =>
        Effect.gen(function* () {
          const sentAt = yield* Clock.currentTimeMillis
          const response = yield* answer
          note({ sentAt, receivedAt: yield* Clock.currentTimeMillis, headers: response.headers })
          return response
        })
      )
    )
  ).pipe(Layer.provide(wire))

/** Asks for the status of the exchange, unsigned. */
export const check = Effect.fnUntraced(function* (environment: Environment.Environment) {
  const wire = yield* Session.Wire
  let timed: Timed | undefined
  const status = yield* Exchange.Exchange.use(({ getStatus }) => getStatus).pipe(
    Retry.off,
    Effect.provide(Session.services(Credentials.anonymous(environment), { rateLimit: "none", breaker: "none" })),
    Effect.provideService(
      Session.Wire,
      timing(wire, (found) => {
        timed = found
      })
    ),
    Effect.result
  )
  const answered: Timed | undefined = timed
  const clock: Checked<number> = answered === undefined ? { found: skipped(nobody) } : clockOf(answered)
  const where = new URL(environment.baseUrl).host
  const took = answered === undefined ? "" : ` in ${Words.duration(answered.receivedAt - answered.sentAt)}`
  if (status._tag === "Success") {
    const reached: Reached = {
      network: ok(`${where} answers${took}`),
      exchange: { found: isOpen(status.success), value: status.success },
      clock,
      isReached: true
    }
    return reached
  }
  const { reason } = status.failure
  if (reason._tag === "Unavailable" || reason._tag === "ExchangePaused" || reason._tag === "RateLimited") {
    const reached: Reached = {
      network: ok(`${where} answers${took}`),
      exchange: { found: fail(reason.message, "wait a moment and ask again") },
      clock,
      isReached: true
    }
    return reached
  }
  const found = unreached(status.failure, where)
  const through = yield* proxy
  const reached: Reached = {
    network:
      Option.isSome(through) && reason._tag === "Disconnected"
        ? { ...found, advice: `${found.advice}; HTTPS_PROXY is set, and this command does not use it` }
        : found,
    exchange: { found: skipped(nobody) },
    clock,
    isReached: false
  }
  return reached
})
