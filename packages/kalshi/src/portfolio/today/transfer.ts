/**
 * Opening subaccounts, and moving money between them, on today's wire.
 *
 * A transfer has an id that is fixed before its first byte leaves, under which
 * the exchange moves money once: so it is sent again after a lost answer, and
 * a 409 then says that it is done. The code of that 409 is not documented, and
 * other conflicts are answered with 409 too. So it counts only where the
 * transfers list one like it; without that, and where no answer came at all,
 * the outcome is unknown. The list alone proves nothing: its rows do not tell
 * their ids, and how fresh they are is not told either.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as SubaccountsApi from "../../api/Subaccounts.ts"
import * as KalshiError from "../../KalshiError.ts"
import * as SubaccountTransfer from "../../models/SubaccountTransfer.ts"
import * as check from "../../service/check.ts"
import * as client from "../../service/client.ts"
import * as Timestamp from "../../Timestamp.ts"
import * as landed from "../landed.ts"
import * as operations from "../operations.ts"
import { refuse } from "../refuse.ts"
import type { Kind, Running, Writes } from "../writes.ts"
import type { Reads } from "./subaccounts.ts"

const createSubaccount = operations.createSubaccount(SubaccountsApi.CreateSubaccountResponse)
const transferBetweenSubaccounts = operations.transferBetweenSubaccounts(SubaccountsApi.ApplySubaccountTransferResponse)

type CreateFailure = ReturnType<typeof createSubaccount.fail>
type TransferFailure = ReturnType<typeof transferBetweenSubaccounts.fail>

const request = { responseMode: "response-only" } as const

// the largest index that a shard can have on the wire is not documented
const MAX_INDEX = Number.MAX_SAFE_INTEGER

const creating: Kind<number, CreateFailure> = {
  fail: createSubaccount.fail,
  tell: (which, result) => ({ ...which, operation: "createSubaccount", result })
}

const moving: Kind<SubaccountTransfer.TransferResult, TransferFailure> = {
  fail: transferBetweenSubaccounts.fail,
  tell: (which, result) => ({ ...which, operation: "transferBetweenSubaccounts", result })
}

/** Whether the exchange may say that it has a transfer under this id. */
const isRepeat = ({ reason }: KalshiError.KalshiError): boolean =>
  reason._tag === "Conflict" || (reason._tag === "Unexpected" && reason.original._tag === "DuplicateClientOrderId")

const isLike =
  ({ amount, exchangeIndex = 0, from, to }: SubaccountTransfer.TransferRequest, since: Timestamp.Timestamp) =>
  (found: SubaccountTransfer.SubaccountTransfer): boolean =>
    found.from === from &&
    found.to === to &&
    found.amount === amount &&
    (found.exchangeIndex ?? 0) === exchangeIndex &&
    found.createdAt >= since

/** Makes the operations that write. */
export const make = Effect.fnUntraced(function* (options: { readonly reads: Reads; readonly writes: Writes }) {
  const { reads, writes } = options
  const subaccounts = yield* client.group("subaccounts")
  const random = yield* SecureRandom.SecureRandom

  const create = Effect.fnUntraced(function* ({
    exchangeIndex
  }: {
    readonly exchangeIndex?: number | undefined
  } = {}) {
    yield* check.integer(createSubaccount, "exchangeIndex", exchangeIndex, 0, MAX_INDEX)
    const payload = exchangeIndex === undefined ? {} : { exchange_index: exchangeIndex }
    return yield* writes.run(creating, { exchangeIndex }, () =>
      Effect.map(
        createSubaccount.run(subaccounts.createSubaccount({ ...request, payload })),
        (wire) => wire.subaccount_number
      )
    )
  })

  /** Settles what the exchange says to have done already, and what it has not answered. */
  const settle = Effect.fnUntraced(function* (
    running: Running,
    asked: SubaccountTransfer.TransferRequest,
    clientTransferId: string,
    startedAt: Timestamp.Timestamp,
    error: TransferFailure
  ) {
    // an id of our own is as old as this call, and one that was given may be as old as it likes
    const since =
      asked.clientTransferId === undefined ? Timestamp.add(startedAt, landed.LOOK_BACK) : Timestamp.micros(0)
    const find = reads.subaccountTransfers().pipe(Stream.filter(isLike(asked, since)), Stream.runHead)
    const found = isRepeat(error)
      ? Option.flatten(Option.flatten(yield* Effect.option(landed.look(find, Option.isSome))))
      : Option.none()
    if (Option.isSome(found)) {
      const _tag = asked.clientTransferId === undefined ? "Transferred" : "AlreadyTransferred"
      return { _tag, clientTransferId } as const
    }
    const { cause, evidence, writeId } = running.stillUnknown(error)
    return yield* transferBetweenSubaccounts.fail(
      new KalshiError.OutcomeUnknown({ writeId, cause, evidence, clientTransferId }),
      { attempts: error.attempts, uncertain: error.uncertain === true }
    )
  })

  const transfer = Effect.fnUntraced(function* (asked: SubaccountTransfer.TransferRequest) {
    yield* refuse(transferBetweenSubaccounts, SubaccountTransfer.check(asked))
    yield* check.integer(transferBetweenSubaccounts, "exchangeIndex", asked.exchangeIndex, 0, MAX_INDEX)
    const clientTransferId = asked.clientTransferId ?? (yield* random.uuidV4())
    const payload = SubaccountTransfer.toWire(asked, clientTransferId)
    const startedAt = yield* Timestamp.now
    return yield* writes.run(moving, { exchangeIndex: asked.exchangeIndex }, (running) =>
      transferBetweenSubaccounts.run(subaccounts.transferBetweenSubaccounts({ ...request, payload })).pipe(
        Effect.as<SubaccountTransfer.TransferResult>({ _tag: "Transferred", clientTransferId }),
        Effect.catchIf(landed.isLost, (error) => settle(running, asked, clientTransferId, startedAt, error))
      )
    )
  })

  return { createSubaccount: create, transferBetweenSubaccounts: transfer }
})
