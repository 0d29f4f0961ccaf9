/**
 * Answers for subaccounts: opening them, their money, and transfers. There are
 * none on another shard than the first, and any tier may open them.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Result from "effect/Result"
import * as Answers from "../Answers.ts"
import * as Cursors from "../Cursors.ts"
import type * as Engine from "../Engine.ts"
import * as Exchange from "../Exchange.ts"
import * as Gate from "../Gate.ts"
import type * as Model from "../Model.ts"
import * as Passage from "../Passage.ts"
import * as Render from "../Render.ts"
import * as Uuid from "./Uuid.ts"
import * as Scoped from "./Scoped.ts"

/**
 * The money of each subaccount of an account, each at its number.
 *
 * @since 0.1.0
 * @category accessors
 */
export const balances = (engine: Engine.Engine, account: string): ReadonlyArray<Model.BalanceView> =>
  Array.from({ length: engine.subaccounts(account) }, (_, subaccount) => engine.balance(account, subaccount))

const noShard = Answers.notFound("not_found", "there is no such shard")

/**
 * Builds the answers.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(Gate.Api, "subaccounts", (handlers) =>
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const cursors = yield* Cursors.Cursors
    return handlers
      .handle("createSubaccount", ({ payload }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          if (Scoped.isElsewhere(payload)) return noShard
          const outcome = yield* exchange.run((engine, at) => engine.openSubaccount(account, at))
          return Result.match(outcome, {
            onSuccess: (subaccount) => ({ subaccount_number: subaccount }),
            onFailure: (refusal) => Answers.refused(Answers.coded(refusal))
          })
        })
      )
      .handle("transferBetweenSubaccounts", ({ payload }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          if (Scoped.isElsewhere(payload)) return noShard
          const clientTransferId = Uuid.read(payload.client_transfer_id)
          if (clientTransferId === undefined) return Answers.invalidParameters("client_transfer_id must be a UUID")
          const transfer: Model.Transfer = {
            clientTransferId,
            from: payload.from_subaccount,
            to: payload.to_subaccount,
            amount: payload.amount_cents
          }
          const outcome = yield* exchange.run((engine, at) => engine.transfer(account, transfer, at))
          return Result.isSuccess(outcome) ? {} : Answers.refused(Answers.coded(outcome.failure))
        })
      )
      .handle("getSubaccountBalances", () =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          return { subaccount_balances: balances(engine, account).map(Render.subaccountBalance) }
        })
      )
      .handle("getSubaccountTransfers", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("transfers", query, (limit, cursor) =>
            engine.transfers(account, limit, cursor)
          )
          return { transfers: items.map(Render.subaccountTransfer), ...end }
        })
      )
  })
)
