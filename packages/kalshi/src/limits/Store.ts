/**
 * Where tokens are kept, and who is next for them.
 *
 * A request takes from several buckets at once or from none. One that has to
 * wait leaves a claim, which keeps the tokens it needs from those who come
 * after it: cancels before orders before reads, and first come first served
 * within a lane, in every queue of every process. A claim that has waited for
 * `STARVED` goes before all lanes. Claims take no tokens: who gives up has
 * taken nothing.
 */
import type * as Effect from "effect/Effect"
import type { Bucket, Budget, Lane } from "./Service.ts"

/** Milliseconds after which a claim goes before those of higher lanes. */
export const STARVED = 5_000

export interface Bill {
  readonly buckets: ReadonlyArray<string>
  /** From each bucket. */
  readonly tokens: number
}

export interface Ask extends Bill {
  /** Names the lane that asks, and so its place among others, which it keeps until it is granted or withdrawn. */
  readonly claim: string
  readonly lane: Lane
}

/** The tokens were taken, and as many are left of the first bucket. */
export interface Granted {
  readonly granted: true
  readonly left: number
  readonly giveBack: Effect.Effect<void>
  readonly refused: Effect.Effect<void>
}

/** Whether the tokens were taken, or how many milliseconds to wait before asking again. */
export type Answer = Granted | { readonly granted: false; readonly wait: number }

export interface Level extends Bucket {
  readonly name: string
  readonly tokens: number
}

export interface Store {
  readonly ask: (ask: Ask) => Effect.Effect<Answer>
  /** Takes a claim back that was not granted. */
  readonly withdraw: (claim: string) => Effect.Effect<void>
  /** Waits for as many milliseconds, or until it may be worth asking sooner. */
  readonly rest: (millis: number) => Effect.Effect<void>
  /** The most tokens that a request of a lane can have. */
  readonly largest: (bucket: "read" | "write", lane: Lane) => Effect.Effect<number>
  /** Puts a budget in force; what is in the buckets stays, up to the new capacity. */
  readonly learn: (budget: Budget) => Effect.Effect<void>
  readonly levels: Effect.Effect<ReadonlyArray<Level>>
  readonly mode: Effect.Effect<{ readonly mode: "alone" | "shared" | "apart"; readonly processes: number }>
}

export const bucketOf = (budget: Budget, name: string): Bucket => (name === "read" ? budget.read : budget.write)

const RANK: Readonly<Record<Lane, number>> = { cancel: 0, order: 1, read: 2 }

export const rank = (lane: Lane): number => RANK[lane]
