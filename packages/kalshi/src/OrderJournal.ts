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
export { Closing, Entry, type Intent, Kill, type Open } from "./journal/Entry.ts"
export { type FileOptions, layerFile } from "./journal/file.ts"
export { layerMemory } from "./journal/memory.ts"
export { JournalError, OrderJournal } from "./journal/Service.ts"
export { layerSql, type SqlOptions } from "./journal/sql.ts"
