/**
 * Orders and what became of them, in words.
 */
import { Direction, type KalshiError, type OrderChange, type OrderRequest, type OrderResult } from "effect-kalshi"
import * as Numbers from "./Numbers.ts"

/** buy 20 yes at $0.43 */
export const order = (request: OrderRequest.OrderRequest): string => {
  const intent = "action" in request ? request : Direction.toIntent(request, "buy")
  return `${intent.action} ${Numbers.contracts(request.count)} ${intent.side} at ${Numbers.dollars(intent.price)}`
}

/** filled 20 at $0.43 */
export const became = (result: OrderResult.OrderResult): string => {
  const filled = Numbers.contracts(result.filled)
  const at = result.averagePrice === undefined ? "" : ` at ${Numbers.dollars(result.averagePrice)}`
  switch (result._tag) {
    case "Filled":
      return `filled ${filled}${at}`
    case "PartlyFilled":
      return `filled ${filled}${at}, ${Numbers.contracts(result.remaining)} rest`
    case "Resting":
      return `${Numbers.contracts(result.remaining)} rest`
    case "Cancelled":
      return result.filled === 0 ? "cancelled, nothing filled" : `filled ${filled}${at}, the rest cancelled`
  }
}

/** 14 taken off the book */
export const gone = ({ _tag, filled, reducedBy }: OrderChange.CancelledOrder): string => {
  switch (_tag) {
    case "Cancelled":
      return `${Numbers.contracts(reducedBy)} taken off the book`
    case "AlreadyCancelled":
      return `${Numbers.contracts(reducedBy)} had been cancelled before`
    case "AlreadyFilled":
      return filled === undefined ? "filled before" : `${Numbers.contracts(filled)} had been filled before`
  }
}

/** refused: InsufficientBalance */
export const refused = (error: KalshiError.KalshiError): string => `refused: ${error.reason._tag}`
