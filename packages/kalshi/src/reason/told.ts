/**
 * What reasons have in common: what became of a write, and what an answer told.
 */
import * as Schema from "effect/Schema"

/**
 * What became of a write that failed: `not-applied` did nothing, `applied` did
 * all, `unknown` has to be looked up before it is sent again. A read changes
 * nothing, whatever its reason says.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome = "not-applied" | "applied" | "unknown"

/**
 * What an answer of the exchange told; every part may be missing.
 *
 * @since 0.1.0
 * @category fields
 */
export const told = {
  status: Schema.Int,
  code: Schema.optional(Schema.String),
  text: Schema.optional(Schema.String),
  details: Schema.optional(Schema.String)
}

/**
 * What an answer of the exchange told about its refusal.
 *
 * @since 0.1.0
 * @category models
 */
export interface Told {
  readonly status: number
  readonly code?: string | undefined
  readonly text?: string | undefined
  readonly details?: string | undefined
}

/**
 * The same in a few words.
 *
 * @since 0.1.0
 * @category fields
 */
export const say = (told: Told): string => {
  const words = [told.text, told.details === told.text ? undefined : told.details].filter((word) => word !== undefined)
  const code = told.code === undefined ? "" : ` ${told.code}`
  return `(${told.status}${code}${words.length === 0 ? "" : `: ${words.join("; ")}`})`
}

/**
 * The name of a reason wherever it is sent.
 *
 * @since 0.1.0
 * @category fields
 */
export const id = (tag: string) => `effect-kalshi/KalshiError/${tag}`
