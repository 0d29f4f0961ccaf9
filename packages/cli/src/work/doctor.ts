/**
 * What `kalshi doctor` does: each check in its place, whatever those before it
 * found.
 */
import * as Effect from "effect/Effect"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as access from "./doctor/access.ts"
import * as account from "./doctor/account.ts"
import * as configuration from "./doctor/configuration.ts"
import { type Finding, type Found, skipped } from "./doctor/finding.ts"
import * as network from "./doctor/network.ts"

const names = [
  "environment",
  "key",
  "network",
  "exchange",
  "clock",
  "access",
  "other environment",
  "scopes",
  "subaccount",
  "region",
  "money",
  "limits",
  "freshness"
] as const

const WIDTH = Math.max(...names.map((name) => name.length))

const colors = { ok: 32, warn: 33, fail: 31, skipped: 2 } as const
const words = { ok: "ok", warn: "warn", fail: "FAIL", skipped: "-" } as const

const drawn = ({ advice, check, saw, status }: Finding, color: boolean): ReadonlyArray<string> => {
  const mark = words[status].padEnd(4)
  return [
    `${color ? `\u001b[${colors[status]}m${mark}\u001b[0m` : mark}  ${check.padEnd(WIDTH)}  ${saw}`,
    ...(advice === undefined ? [] : [`${" ".repeat(WIDTH + 8)}${status === "ok" ? "" : "→ "}${advice}`])
  ]
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

const summary = (findings: ReadonlyArray<Finding>): string => {
  const fails = findings.filter(({ status }) => status === "fail").length
  const warns = findings.filter(({ status }) => status === "warn").length
  if (fails + warns === 0) return "All is well."
  return `${plural(fails, "problem")}, ${plural(warns, "warning")}.`
}

/** Makes all checks and says what they found. Fails with `Ended` where one of them failed. */
export const run = Effect.gen(function* () {
  const output = yield* Output.Output
  const findings: Array<Finding> = []
  const say = Effect.fnUntraced(function* (check: (typeof names)[number], found: Found) {
    const finding = { check, ...found }
    findings.push(finding)
    if (!output.json) yield* output.lines(drawn(finding, output.color))
  })

  const { environment, key } = yield* configuration.check
  yield* say("environment", environment.found)
  yield* say("key", key.found)

  const place = environment.value
  const reached = place === undefined ? undefined : yield* network.check(place)
  const noPlace = skipped("it is not known which exchange is meant")
  yield* say("network", reached?.network ?? noPlace)
  yield* say("exchange", reached?.exchange.found ?? noPlace)
  yield* say("clock", reached?.clock.found ?? noPlace)

  const credential = key.value
  if (credential === undefined || reached?.isReached !== true) {
    const why = skipped(credential === undefined ? "there is no key to sign with" : "the exchange was not reached")
    for (const name of names.slice(names.indexOf("access"))) yield* say(name, place === undefined ? noPlace : why)
  } else {
    const ahead = reached.clock.value ?? 0
    yield* Effect.gen(function* () {
      const signed = yield* access.check
      yield* say("access", signed.found)
      yield* say("other environment", yield* access.elsewhere(credential, signed.isRefused))
      const refused = skipped("the key is refused")
      const keys = signed.isRefused ? undefined : yield* access.keys(credential.keyId, ahead)
      yield* say("scopes", keys?.scopes ?? refused)
      yield* say("subaccount", keys?.subaccount ?? refused)
      yield* say("region", keys?.region ?? refused)
      yield* say(
        "money",
        signed.value === undefined
          ? skipped("the balance was not read")
          : account.money(signed.value, reached.exchange.value)
      )
      yield* say("limits", signed.isRefused ? refused : yield* account.limits)
      yield* say("freshness", yield* account.freshness(ahead))
    }).pipe(Effect.provide(Session.services(credential, { rateLimit: "none", breaker: "none" })))
  }

  yield* output.lines(output.json ? [JSON.stringify(findings)] : ["", summary(findings)])
  if (findings.some(({ status }) => status === "fail")) {
    return yield* new Failure.Ended({ code: Failure.exitCodes.found })
  }
}).pipe(Effect.scoped)
