/**
 * The journal of a process that keeps none on disk.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as make from "./make.ts"
import * as records from "./records.ts"
import { OrderJournal } from "./Service.ts"

const store = (): make.Store => {
  const state = records.empty()
  const add = (record: records.Record): Effect.Effect<void> => Effect.sync(() => records.apply(state, record))
  return {
    record: (entry, leaseUntil) => add({ _tag: "entry", entry, leaseUntil }),
    attempt: (id, at) => Effect.suspend(() => Effect.as(add({ _tag: "attempt", id, at }), state.entries.has(id))),
    close: (id, closing, at) => add({ _tag: "closed", id, closing, at }),
    lease: (lease) => add({ _tag: "lease", ...lease }),
    open: Effect.sync(() => records.open(state)),
    killed: (scope) => Effect.sync(() => state.kills.get(scope)),
    setKilled: (scope, kill, at) => add({ _tag: "kill", scope, ...(kill === undefined ? {} : { kill }), at })
  }
}

/**
 * A journal in memory: what it holds ends with the process, so that after a
 * crash nothing is known of the writes that were under way. It cannot fail.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemory: Layer.Layer<OrderJournal> = Layer.effect(
  OrderJournal,
  Effect.suspend(() => make.make(store()))
).pipe(Layer.provide(SecureRandom.layerWebCrypto))
