/**
 * Pages of a list, and the opaque cursors between them.
 *
 * A cursor says where the next page starts and carries a checksum. One that is
 * not ours, or is of another list, reads as the first page: the exchange
 * answers so on many lists. Two faults are made here, because only the cursor
 * knows the page before: rows that come again, and pages without rows.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Option from "effect/Option"
import * as Crypto from "node:crypto"
import type * as Engine from "./Engine.ts"
import * as Exchange from "./Exchange.ts"
import * as Switches from "./Switches.ts"

const Position = Schema.Struct({
  list: Schema.String,
  at: Schema.Int,
  /** The start of the page before, its limit, and how many of its rows come again. */
  again: Schema.optionalKey(
    Schema.Struct({
      at: Schema.NullOr(Schema.Int),
      limit: Schema.Int,
      rows: Schema.Int
    })
  ),
  /** The next page has no rows. */
  empty: Schema.optionalKey(Schema.Boolean)
})

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Position))

/**
 * A page as an answer shows it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly cursor?: string
}

/**
 * Cuts lists into pages.
 *
 * @since 0.1.0
 * @category services
 */
export class Cursors extends Context.Service<
  Cursors,
  {
    /** The page that the query asks for; `list` names the list that its cursors belong to. */
    readonly page: <A>(
      list: string,
      query: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
      part: (limit: number, cursor?: number) => Engine.Part<A>
    ) => Page<A>
  }
>()("@effect-kalshi/sandbox/Cursors") {}

const DEFAULT_LIMIT = 100

/**
 * Builds cursors that only this sandbox knows.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Cursors, never, Exchange.Exchange | Switches.Switches> = Layer.effect(
  Cursors,
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const switches = yield* Switches.Switches

    const checksum = (body: string): string =>
      Crypto.createHmac("sha256", `sandbox ${exchange.seed}`).update(body).digest("base64url").slice(0, 11)

    const write = (position: typeof Position.Type): string => {
      const body = Buffer.from(JSON.stringify(position)).toString("base64url")
      return `${body}${checksum(body)}`
    }

    const read = (list: string, cursor: string | undefined): typeof Position.Type | undefined => {
      if (cursor === undefined || cursor.length < 12) return undefined
      const body = cursor.slice(0, -11)
      if (checksum(body) !== cursor.slice(-11)) return undefined
      return Option.getOrUndefined(
        Option.filter(parse(Buffer.from(body, "base64url").toString()), (position) => position.list === list)
      )
    }

    const end = (): { readonly cursor?: string } => (switches.cursorEnd === "empty" ? { cursor: "" } : {})

    return Cursors.of({
      page: (list, query, part) => {
        const limit = query.limit ?? DEFAULT_LIMIT
        const start = read(list, query.cursor)
        if (start?.empty === true) {
          return { items: [], cursor: write({ ...start, empty: false }) }
        }
        const before = start?.again
        const repeated =
          before === undefined
            ? []
            : part(before.limit, before.at ?? undefined).items.slice(-Math.min(before.rows, limit - 1))
        const { items, next } = part(limit - repeated.length, start?.at)
        const rows = [...repeated, ...items]
        if (next === undefined) return { items: rows, ...end() }
        const again = switches.pageDuplicates
        return {
          items: rows,
          cursor: write({
            list,
            at: next,
            ...(again > 0 ? { again: { at: start?.at ?? null, limit: limit - repeated.length, rows: again } } : {}),
            ...(switches.emptyPages ? { empty: true } : {})
          })
        }
      }
    })
  })
)
