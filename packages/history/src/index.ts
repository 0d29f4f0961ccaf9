/**
 * The whole history of an account.
 *
 * @since 0.1.0
 */
// @barrel
export * as Discrepancy from "./Discrepancy.ts"
export * as Kind from "./Kind.ts"
export * as Ledger from "./Ledger.ts"
export * as TaxLots from "./TaxLots.ts"
