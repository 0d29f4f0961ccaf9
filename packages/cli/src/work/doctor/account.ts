/**
 * The account: its money by shard, its limits, and how fresh reads of it are.
 */
import * as Effect from "effect/Effect"
import * as Dollars from "effect-kalshi/Dollars"
import * as Exchange from "effect-kalshi/Exchange"
import type * as Balance from "effect-kalshi/models/Balance"
import * as Retry from "effect-kalshi/Retry"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Words from "../../Words.ts"
import { type Found, ok, skipped, warn } from "./finding.ts"

/** Whether there is money on every shard: collateral is not shared between them. */
export const money = (balance: Balance.Balance, status: Exchange.Status | undefined): Found => {
  const free = `$${Words.money(balance.available)} free`
  if (balance.available <= Dollars.zero) {
    return warn("no free cash", "orders are refused with insufficient_balance: deposit, or cancel what reserves it")
  }
  if (balance.byShard === undefined || status === undefined || status.shards.length === 0) {
    return ok(`${free}; the exchange does not say on which shard`)
  }
  const cash = new Map(balance.byShard.map(({ available, exchangeIndex }) => [exchangeIndex, available]))
  const bare = status.shards.filter(({ index }) => (cash.get(index) ?? Dollars.zero) <= Dollars.zero)
  if (bare.length === 0) {
    return ok(`${free}, on ${status.shards.length === 1 ? "the only shard" : `each of ${status.shards.length} shards`}`)
  }
  const names = bare.map(({ description, index }) => `${index}${description === undefined ? "" : ` (${description})`}`)
  return warn(
    `${free}, and none on shard ${names.join(", ")}`,
    "orders on the markets of such a shard are refused with insufficient_balance: move cash there before you trade them"
  )
}

const rate = ({ capacity, refill }: Exchange.Limits["read"]): string => `${refill} tokens a second, ${capacity} at once`

/** The tier of the account and its budget. */
export const limits = Exchange.Exchange.use(({ getLimits }) => getLimits).pipe(
  Retry.off,
  Effect.match({
    onSuccess: ({ read, tier, write }) =>
      ok(
        `tier ${tier}: reads ${rate(read)}; writes ${rate(write)}; a request costs 10 unless told otherwise`,
        tier.toLowerCase() === "basic"
          ? "once it has placed orders by API an account can ask for the tier advanced"
          : undefined
      ),
    onFailure: ({ reason }) =>
      reason._tag === "Forbidden"
        ? skipped("the key may not read the limits")
        : warn(`the limits cannot be read: ${reason.message}`, "ask again")
  })
)

// reads trail by less as a rule
const STALE = 5_000

/** How far reads of the account trail; `ahead` is what the exchange's clock is ahead of ours, in milliseconds. */
export const freshness = Effect.fnUntraced(function* (ahead: number) {
  const asOf = yield* Exchange.Exchange.use(({ getUserDataTimestamp }) => getUserDataTimestamp).pipe(
    Retry.off,
    Effect.result
  )
  if (asOf._tag === "Failure") return warn(`it cannot be read: ${asOf.failure.reason.message}`, "ask again")
  const now = Timestamp.add(yield* Timestamp.now, ahead)
  const behind = Math.max(0, (now - asOf.success) / 1000)
  const saw = `reads show the account as it was ${Words.duration(behind)} ago`
  return behind > STALE
    ? warn(saw, "what has just been done is not shown yet: trust the answers to writes, and look again later")
    : ok(behind < 1000 ? "reads show the account as it is, to the second" : saw)
})
