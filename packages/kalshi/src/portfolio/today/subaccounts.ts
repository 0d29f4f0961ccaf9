/**
 * What is to be read of subaccounts on today's wire.
 */
import * as Effect from "effect/Effect"
import * as SubaccountsApi from "../../api/Subaccounts.ts"
import type { PageQuery } from "../../models/PortfolioQuery.ts"
import * as SubaccountBalance from "../../models/SubaccountBalance.ts"
import * as SubaccountTransfer from "../../models/SubaccountTransfer.ts"
import * as check from "../../service/check.ts"
import * as client from "../../service/client.ts"
import * as list from "../../service/list.ts"
import * as operations from "../operations.ts"

const getSubaccountBalances = operations.getSubaccountBalances(SubaccountsApi.GetSubaccountBalancesResponse)
const getSubaccountTransfers = operations.getSubaccountTransfers(SubaccountsApi.GetSubaccountTransfersResponse)

const request = { responseMode: "response-only" } as const

/** Makes the reading operations. */
export const make = Effect.gen(function* () {
  const subaccounts = yield* client.group("subaccounts")

  const readTransfers = Effect.fnUntraced(function* (query: PageQuery = {}) {
    yield* check.limit(getSubaccountTransfers, query.limit, list.MAX_LIMIT)
    const wire = yield* getSubaccountTransfers.run(
      subaccounts.getSubaccountTransfers({ ...request, query: { limit: query.limit, cursor: query.cursor } })
    )
    return { transfers: (wire.transfers ?? []).map(SubaccountTransfer.fromWire), cursor: check.cursor(wire.cursor) }
  })

  const transfers = list.stream(
    getSubaccountTransfers.name,
    readTransfers,
    (page) => page.transfers,
    (transfer) => transfer.transferId
  )

  return {
    getSubaccountBalances: Effect.suspend(() =>
      getSubaccountBalances.run(subaccounts.getSubaccountBalances(request))
    ).pipe(Effect.map((wire) => (wire.subaccount_balances ?? []).map(SubaccountBalance.fromWire))),
    getSubaccountTransfers: readTransfers,
    subaccountTransfers: (query: PageQuery = {}) => transfers(query)
  }
})

/** The reading operations of subaccounts. */
export type Reads = Effect.Success<typeof make>
