/**
 * The parts that need Node: `Kalshi.layerConfig`, keys from files.
 *
 * @since 0.1.0
 */
// @barrel
export * as Kalshi from "./node/Kalshi.ts"
export * as NodeCredentials from "./node/Credentials.ts"
