/**
 * What was sent to the sandbox, and how often.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Faults from "./Faults.ts"

/**
 * One request that reached the sandbox.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly at: Timestamp.Timestamp
  readonly method: string
  /** The path with its base, without its query. */
  readonly path: string
  /** The query, without `?`. */
  readonly query: string
  /** The name of the endpoint, if there is one. */
  readonly endpoint: string | undefined
  /** The status that was answered; 0 while there is no answer, and if it was never sent. */
  readonly status: number
  readonly keyId: string | undefined
  /** Tokens that were billed, to each bucket that had to pay. */
  readonly tokens: number
  /** The ids that its new orders were given; none where it places none, or places them without. */
  readonly clientOrderIds: ReadonlyArray<string>
  /** What it met on the way. */
  readonly fault: Faults.Fault["_tag"] | undefined
  /**
   * The status that it came to when the exchange took it up, the first time,
   * whatever was answered and whenever; 0 while it has not been.
   */
  readonly handled: number
}

/**
 * An entry while its request is answered.
 *
 * @since 0.1.0
 * @category models
 */
export type Open = { -readonly [K in keyof Entry]: Entry[K] }

/**
 * Which entries are meant; what is absent matches all.
 *
 * @since 0.1.0
 * @category models
 */
export interface Filter {
  readonly endpoint?: string | undefined
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly status?: number | undefined
  readonly keyId?: string | undefined
}

/**
 * The log of requests, oldest first. It holds 200,000 at most: beyond that the
 * older half is forgotten.
 *
 * @since 0.1.0
 * @category services
 */
export class Requests extends Context.Service<
  Requests,
  {
    readonly open: (entry: Entry) => Open
    /** The entries as they are: one whose request is still being answered goes on to change. */
    readonly all: (filter?: Filter) => ReadonlyArray<Entry>
    readonly clear: () => void
    /** Whether requests from now on are kept; those that are there stay. */
    readonly keep: (on: boolean) => void
  }
>()("@effect-kalshi/sandbox/Requests") {}

const KEPT = 200_000

/**
 * Builds an empty log.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Requests> = Layer.sync(Requests, () => {
  let entries: Array<Open> = []
  let keeps = true
  return Requests.of({
    open: (entry) => {
      const open = { ...entry }
      if (!keeps) return open
      entries.push(open)
      if (entries.length > KEPT) entries = entries.slice(KEPT / 2)
      return open
    },
    all: (filter = {}) =>
      entries.filter(
        (entry) =>
          (filter.endpoint === undefined || entry.endpoint === filter.endpoint) &&
          (filter.method === undefined || entry.method === filter.method) &&
          (filter.path === undefined || entry.path === filter.path) &&
          (filter.status === undefined || entry.status === filter.status) &&
          (filter.keyId === undefined || entry.keyId === filter.keyId)
      ),
    clear: () => {
      entries = []
    },
    keep: (on) => {
      keeps = on
    }
  })
})
