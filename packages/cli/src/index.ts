/**
 * The `kalshi` command.
 *
 * @since 0.1.0
 */
// @barrel
export * as Cli from "./Cli.ts"
export * as Failure from "./Failure.ts"
export * as Output from "./Output.ts"
export * as Progress from "./Progress.ts"
export * as Session from "./Session.ts"
