/**
 * The whole history of an account.
 *
 * @since 0.1.0
 */
// @barrel
export * as AccountRecords from "./AccountRecords.ts"
export * as Discrepancy from "./Discrepancy.ts"
export * as Export from "./Export.ts"
export * as ExportWorkflow from "./ExportWorkflow.ts"
export * as History from "./History.ts"
export * as HistoryError from "./HistoryError.ts"
export * as HistoryFile from "./HistoryFile.ts"
export * as HistoryQuery from "./HistoryQuery.ts"
export * as HistorySink from "./HistorySink.ts"
export * as Kind from "./Kind.ts"
export * as Ledger from "./Ledger.ts"
export * as TaxLots from "./TaxLots.ts"
