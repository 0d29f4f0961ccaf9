/**
 * The parts that need Node: `Kalshi.layerConfig`, keys from files.
 *
 * @since 0.1.0
 */
// @barrel
export * as Kalshi from "./internal/nodeKalshi.ts"
export * as NodeCredentials from "./internal/nodeCredentials.ts"
