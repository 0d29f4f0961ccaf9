// @barrel
export * as Contracts from "./Contracts.ts"
export * as Direction from "./Direction.ts"
export * as Dollars from "./Dollars.ts"
export * as Fees from "./Fees.ts"
export * as PriceGrid from "./PriceGrid.ts"
export * as Timestamp from "./Timestamp.ts"
