/**
 * Keeps writes that must not happen twice, before their first byte leaves.
 *
 * @since 0.1.0
 */
export { layerMemory } from "./journal/memory.ts"
export { JournalError, OrderJournal } from "./journal/Service.ts"
