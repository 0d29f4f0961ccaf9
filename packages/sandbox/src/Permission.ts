/**
 * What a key may do: its scopes, and the one subaccount that it may be bound
 * to ("API Keys" in the exchange's documentation; the words of a refusal are
 * not documented).
 *
 * @since 0.1.0
 */
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Members from "./Members.ts"

/**
 * A request as it was sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sent {
  readonly endpoint: HttpApiEndpoint.Top
  /** Without `?`. */
  readonly query: string
  readonly body: string
}

// what makes subaccounts, moves money between them or shows them all
const ACROSS: ReadonlySet<string> = new Set([
  "createSubaccount",
  "transferBetweenSubaccounts",
  "getSubaccountBalances",
  "getSubaccountTransfers"
])

/** The scopes of which one is enough. */
const scopesOf = (endpoint: HttpApiEndpoint.Top): ReadonlyArray<string> => {
  if (endpoint.method === "GET") {
    return endpoint.identifier === "getBalance" ? ["read", "read::portfolio_balance"] : ["read"]
  }
  return ["write", ACROSS.has(endpoint.identifier) ? "write::transfer" : "write::trade"]
}

const one = Schema.Struct({ subaccount: Schema.optionalKey(Schema.Int) })
const inBody = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ ...one.fields, orders: Schema.optionalKey(Schema.Array(one)) }))
)
const inQuery = Schema.decodeUnknownOption(Schema.FiniteFromString)

const named = ({ body, query }: Sent): ReadonlyArray<number> => {
  const bodies = Option.match(inBody(body), {
    onNone: () => [],
    onSome: (all) => [all, ...(all.orders ?? [])].flatMap(({ subaccount: said }) => (said === undefined ? [] : [said]))
  })
  return [...Option.toArray(inQuery(new URLSearchParams(query).get("subaccount"))), ...bodies]
}

/**
 * What the key lacks for a request, in words; `undefined` where it lacks nothing.
 *
 * @since 0.1.0
 * @category accessors
 */
export const missing = (key: Members.Key, sent: Sent): string | undefined => {
  const scopes = scopesOf(sent.endpoint)
  if (!scopes.some((scope) => key.scopes.includes(scope))) return `the API key lacks the scope ${scopes[0]}`
  const only = key.subaccount
  if (only === undefined) return undefined
  return ACROSS.has(sent.endpoint.identifier) || named(sent).some((subaccount) => subaccount !== only)
    ? "the API key is limited to a single sub-account"
    : undefined
}
