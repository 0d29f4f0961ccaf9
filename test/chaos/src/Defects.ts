/**
 * The planted mistakes: each is put around a public part of the client, which
 * is not changed. Two of them are mistakes of the program itself.
 */
import { OrderJournal, Timestamp } from "effect-kalshi"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as NodeCrypto from "node:crypto"
import type * as Plan from "./Plan.ts"
import * as Wire from "./Wire.ts"

const same: Wire.Layer = (client) => client

/** What a mistake does to requests and answers. */
export const onWire = (defect: Plan.Defect | undefined, now: () => number): Wire.Layer => {
  switch (defect) {
    case "no-id":
      return Wire.withoutIds
    case "new-id-a-retry":
      return Wire.withNewIds()
    case "no-wait-for-lag":
      return Wire.withoutLag(now)
    case "conflict-is-success":
      return Wire.withoutConflicts(now)
    case "batch-by-position":
      return Wire.byPosition
    default:
      return same
  }
}

// as long as it takes to have sent what should have been written first
const WRITTEN_AFTER = "400 millis"

/** A journal that says that it has written before it has. */
export const written = <E>(
  journal: Layer.Layer<OrderJournal.OrderJournal, E>
): Layer.Layer<OrderJournal.OrderJournal, E> =>
  Layer.effect(
    OrderJournal.OrderJournal,
    Effect.gen(function* () {
      const real = yield* OrderJournal.OrderJournal
      const scope = yield* Effect.scope
      const ids = new Map<string, Deferred.Deferred<string>>()
      const idOf = (id: string): Effect.Effect<string> => {
        const known = ids.get(id)
        return known === undefined ? Effect.succeed(id) : Deferred.await(known)
      }
      const later = <A, E>(effect: Effect.Effect<A, E>) => Effect.asVoid(Effect.forkIn(Effect.ignore(effect), scope))
      return OrderJournal.OrderJournal.of({
        ...real,
        record: Effect.fnUntraced(function* (intent) {
          const id = NodeCrypto.randomUUID()
          const written = Deferred.makeUnsafe<string>()
          ids.set(id, written)
          yield* later(
            Effect.flatMap(Effect.delay(real.record(intent), WRITTEN_AFTER), (entry) =>
              Deferred.succeed(written, entry.id)
            )
          )
          return { ...intent, id, at: yield* Timestamp.now, writer: real.writer }
        }),
        attempt: (id, at) => later(Effect.flatMap(idOf(id), (real_) => real.attempt(real_, at))),
        close: (id, closing) => later(Effect.flatMap(idOf(id), (real_) => real.close(real_, closing)))
      })
    })
  ).pipe(Layer.provide(journal))
