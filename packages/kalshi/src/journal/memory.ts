/**
 * A journal in this process: it knows what is under way, and goes with it.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Timestamp from "../Timestamp.ts"
import type { Entry, Kill } from "./Entry.ts"
import { OrderJournal } from "./Service.ts"

/**
 * Keeps writes in memory.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemory: Layer.Layer<OrderJournal> = Layer.effect(
  OrderJournal,
  Effect.gen(function* () {
    const random = yield* SecureRandom.SecureRandom
    const writer = yield* random.uuidV4()
    const entries = new Map<string, { readonly entry: Entry; readonly attempts: Array<Timestamp.Timestamp> }>()
    const kills = new Map<string, Kill>()
    return OrderJournal.of({
      writer,
      record: Effect.fnUntraced(function* (intent) {
        const entry: Entry = { ...intent, id: yield* random.uuidV4(), at: yield* Timestamp.now, writer }
        entries.set(entry.id, { entry, attempts: [] })
        return entry
      }),
      attempt: (id, at) => Effect.sync(() => entries.get(id)?.attempts.push(at)),
      close: (id) => Effect.sync(() => entries.delete(id)),
      open: Effect.map(Timestamp.now, (now) =>
        Array.from(entries.values(), ({ attempts, entry }) => ({ entry, attempts: [...attempts], leaseUntil: now }))
      ),
      killed: (scope) => Effect.sync(() => kills.get(scope)),
      setKilled: (scope, kill) =>
        Effect.sync(() => {
          if (kill === undefined) kills.delete(scope)
          else kills.set(scope, kill)
        })
    })
  })
).pipe(Layer.provide(SecureRandom.layerWebCrypto), Layer.fresh)
