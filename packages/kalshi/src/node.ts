/**
 * The parts that need Node: `Kalshi.layerConfig`, keys and journals in files.
 *
 * @since 0.1.0
 */
// @barrel
export * as Kalshi from "./node/Kalshi.ts"
export * as NodeCredentials from "./node/Credentials.ts"
export * as OrderJournal from "./node/OrderJournal.ts"
