/**
 * The subaccounts of an account: opening them, and moving money between them.
 */
import * as Dollars from "effect-kalshi/Dollars"
import * as Result from "effect/Result"
import type { AccountId, Refusal, Transfer } from "../Model.ts"
import * as Ledger from "./Ledger.ts"
import type { State } from "./State.ts"

/** The highest number of a subaccount. */
const MOST = 63

const CENT = Dollars.cents(1)

const refuse = (tag: Refusal["_tag"], details: string): Result.Result<never, Refusal> =>
  Result.fail({ _tag: tag, details })

/** The refusal of a subaccount that is not there. */
export const unknown = refuse("UnknownSubaccount", "there is no such subaccount")

/** Opens the next subaccount of an account and tells its number. */
export const open = (state: State, id: AccountId): Result.Result<number, Refusal> => {
  if (!state.exchangeActive) return refuse("ExchangePaused", "the exchange is paused")
  const account = Ledger.account(state, id)
  return account.subaccounts.length > MOST
    ? refuse("TooManySubaccounts", `an account has at most ${MOST} subaccounts`)
    : Result.succeed(Ledger.open(state, account).number)
}

/**
 * Moves free money from one subaccount to another, once under its id: the id
 * is looked at first, so that a repeat is told as one whatever has become of
 * the money since. A refused transfer does not use its id up.
 */
export const transfer = (state: State, id: AccountId, asked: Transfer): Result.Result<void, Refusal> => {
  if (!state.exchangeActive) return refuse("ExchangePaused", "the exchange is paused")
  const account = state.accounts.get(id)
  if (account === undefined) return unknown
  if (account.clientTransferIds.has(asked.clientTransferId)) {
    return refuse("DuplicateClientTransferId", "a transfer with this client_transfer_id exists")
  }
  const from = account.subaccounts[asked.from]
  const to = account.subaccounts[asked.to]
  if (from === undefined || to === undefined) return unknown
  if (from === to) return refuse("InvalidTransfer", "a transfer is between two subaccounts")
  if (asked.amount <= 0 || asked.amount % CENT !== 0) {
    return refuse("InvalidTransfer", "the amount must be a positive number of whole cents")
  }
  if (Ledger.available(from) < asked.amount) return refuse("InsufficientBalance", "insufficient balance")
  Ledger.pay(state, from, Dollars.negate(asked.amount))
  Ledger.pay(state, to, asked.amount)
  account.clientTransferIds.add(asked.clientTransferId)
  account.transfers.push({
    ...asked,
    sequence: ++state.transfers,
    transferId: state.transferIds.make(state.transfers),
    accountId: id,
    at: state.now
  })
  return Result.succeed(undefined)
}
