/**
 * The whole history of an account.
 *
 * @since 0.1.0
 */
// @barrel
export * as Kind from "./Kind.ts"
