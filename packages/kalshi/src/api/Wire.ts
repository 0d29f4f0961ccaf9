/**
 * Building blocks of the wire: open enums, lists that may be missing, and the
 * facts that endpoints carry as annotations. No behaviour.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import * as Timestamp from "../Timestamp.ts"

/**
 * Which token bucket of the account an endpoint bills. Default `read`.
 *
 * @since 0.1.0
 * @category annotations
 */
export const Bucket = Context.Reference<"read" | "write">("effect-kalshi/api/Wire/Bucket", {
  defaultValue: () => "read"
})

/**
 * How many tokens a request costs unless the account has learned better.
 * Default 10.
 *
 * @since 0.1.0
 * @category annotations
 */
export const Cost = Context.Reference<number>("effect-kalshi/api/Wire/Cost", {
  defaultValue: () => 10
})

/**
 * What sending a request twice does: `safe` reads, `keyed` writes that carry
 * an id of ours, `idempotent` writes that end in the same state, `unsafe`
 * writes that happen twice. Without it a GET is safe and all else unsafe.
 *
 * @since 0.1.0
 * @category annotations
 */
export const Idempotency = Context.Reference<"safe" | "keyed" | "idempotent" | "unsafe" | undefined>(
  "effect-kalshi/api/Wire/Idempotency",
  { defaultValue: () => undefined }
)

/**
 * Whether an endpoint needs a signature. Default `private`.
 *
 * @since 0.1.0
 * @category annotations
 */
export const Access = Context.Reference<"public" | "private">("effect-kalshi/api/Wire/Access", {
  defaultValue: () => "private"
})

/**
 * Who goes before whom: `cancel` takes risk off and never waits behind others,
 * `order` puts risk on and is worth little when it is late, `read` waits.
 * Default `read`.
 *
 * @since 0.1.0
 * @category annotations
 */
export const Lane = Context.Reference<"cancel" | "order" | "read">("effect-kalshi/api/Wire/Lane", {
  defaultValue: () => "read"
})

/**
 * The status that an endpoint declares for success; any other 2xx is read the
 * same and counted as drift. Default 200.
 *
 * @since 0.1.0
 * @category annotations
 */
export const SuccessStatus = Context.Reference<number>("effect-kalshi/api/Wire/SuccessStatus", {
  defaultValue: () => 200
})

/**
 * A string enum that stays open: the known members complete in the editor,
 * and a member that the exchange adds later stays itself.
 *
 * @since 0.1.0
 * @category schemas
 */
export const openEnum = <const Members extends ReadonlyArray<string>>(
  ...members: Members
): Schema.Codec<Members[number] | (string & {}), string> => Schema.String.annotate({ "effect-kalshi/members": members })

/**
 * A field that may be absent or null.
 *
 * @since 0.1.0
 * @category schemas
 */
export const maybe = <S extends Schema.Top>(schema: S): Schema.optional<Schema.NullOr<S>> =>
  Schema.optional(Schema.NullOr(schema))

/**
 * The query fields of a list that the exchange cuts into pages of at most this many rows.
 *
 * @since 0.1.0
 * @category schemas
 */
export const pageUpTo = (maximum: number) => ({
  limit: Schema.optional(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum }))),
  cursor: Schema.optional(Schema.String)
})

/**
 * The query fields of a list that the exchange cuts into pages of at most 1000 rows, as most are.
 *
 * @since 0.1.0
 * @category schemas
 */
export const page = pageUpTo(1000)

/**
 * The query fields of a list with a range of time, in Unix seconds on the wire.
 *
 * @since 0.1.0
 * @category schemas
 */
export const range = {
  min_ts: Schema.optional(Timestamp.FromSeconds),
  max_ts: Schema.optional(Timestamp.FromSeconds)
}

/**
 * The cursor of an answer: empty or absent on the last page.
 *
 * @since 0.1.0
 * @category schemas
 */
export const cursor = maybe(Schema.String)
