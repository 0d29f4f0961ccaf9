/**
 * The journal of writes that must not happen twice.
 *
 * What is about to be sent is made durable before its first byte leaves:
 * environment, account, subaccount, shard, operation, the whole body, its ids,
 * when each attempt was made, and who writes. What became of it is a second
 * record; none is ever changed. What is without an end after a crash may have
 * happened, and is looked for, never sent again.
 *
 * A writer has a lease, which it renews only while something of it is open, so
 * that others leave alone what is still under way. It ends with the layer, or
 * lapses after a crash.
 *
 * In memory, in a file or in a database: `layerMemory`, `layerFile`,
 * `layerSql`.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import { Portfolio } from "./Portfolio.ts"
import type { Recovered } from "./models/Recovered.ts"
import type { JournalError } from "./journal/Service.ts"

export { Closing, Entry, type Intent, Kill, type Open } from "./journal/Entry.ts"
export { type FileOptions, layerFile } from "./journal/file.ts"
export { layerMemory } from "./journal/memory.ts"
export { JournalError, OrderJournal } from "./journal/Service.ts"
export { layerSql, type SqlOptions } from "./journal/sql.ts"

/**
 * Says what became of the writes that the journal has open for the account of
 * the portfolio in force, and closes the entries that have an end. It looks,
 * and never sends an order again; an entry whose writer is alive is left alone.
 * With `cancelResting` what still rests is cancelled. Fails with a
 * `JournalError`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const recover = (options?: {
  readonly cancelResting?: boolean | undefined
}): Effect.Effect<ReadonlyArray<Recovered>, JournalError, Portfolio> =>
  Portfolio.use((portfolio) => portfolio.recover(options))
