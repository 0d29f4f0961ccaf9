/**
 * What a check of the doctor found.
 */
import * as Schema from "effect/Schema"

/** How a check ended: `fail` keeps a program from working, `warn` may surprise one. */
export const Status = Schema.Literals(["ok", "warn", "fail", "skipped"])

/** A check: what it saw, and what to do about it. */
export const Finding = Schema.Struct({
  check: Schema.String,
  status: Status,
  saw: Schema.String,
  advice: Schema.optional(Schema.String)
})

export type Finding = typeof Finding.Type

/** A finding without the name of its check. */
export type Found = Omit<Finding, "check">

/** A finding, and what it lets others find; nothing where they have to be skipped. */
export interface Checked<A> {
  readonly found: Found
  readonly value?: A | undefined
}

export const ok = (saw: string, advice?: string): Found => ({
  status: "ok",
  saw,
  ...(advice === undefined ? {} : { advice })
})
export const warn = (saw: string, advice: string): Found => ({ status: "warn", saw, advice })
export const fail = (saw: string, advice: string): Found => ({ status: "fail", saw, advice })
export const skipped = (saw: string): Found => ({ status: "skipped", saw })
