/**
 * The portfolio: what you own, what you did, and the orders that you place.
 *
 * The thirteen operations of the portfolio API under their names, each a
 * method of one service; every list is also a `Stream`. Prices and money are
 * exact (`Dollars`, `Contracts`), instants are `Timestamp`s, and each failure
 * is a `KalshiError` with a reason.
 *
 * A call is tried again only where that does no harm; see `Retry`.
 *
 * @since 0.1.0
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import type * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type * as Contracts from "./Contracts.ts"
import type * as Dollars from "./Dollars.ts"
import type * as Fees from "./Fees.ts"
import type * as client from "./service/client.ts"
import { CredentialsError, LoginRetired } from "./CredentialsError.ts"
import * as BaseUrl from "./internal/baseUrl.ts"
import * as KalshiError from "./KalshiError.ts"
import { type Guard, layerNone as guardNone } from "./guard/Service.ts"
import { layerMemory } from "./journal/memory.ts"
import type { JournalError, OrderJournal } from "./journal/Service.ts"
import { Listings } from "./Listings.ts"
import type * as Balance from "./models/Balance.ts"
import type * as Fill from "./models/Fill.ts"
import type * as Funding from "./models/Funding.ts"
import type * as Order from "./models/Order.ts"
import type { CancelledOrder, ChangedOrder, OrderPlace } from "./models/OrderChange.ts"
import type * as OrderRequest from "./models/OrderRequest.ts"
import type * as OrderResult from "./models/OrderResult.ts"
import type {
  BalanceQuery,
  FillsQuery,
  OrdersQuery,
  PageQuery,
  PositionsQuery,
  SettlementsQuery
} from "./models/PortfolioQuery.ts"
import type { Outcome } from "./models/Outcome.ts"
import type * as Position from "./models/Position.ts"
import type * as Preview from "./models/Preview.ts"
import type { Recovered } from "./models/Recovered.ts"
import type * as Settlement from "./models/Settlement.ts"
import type * as SubaccountBalance from "./models/SubaccountBalance.ts"
import type * as SubaccountTransfer from "./models/SubaccountTransfer.ts"
import * as change from "./portfolio/change.ts"
import * as dryRun from "./portfolio/dryRun.ts"
import * as legacyBodies from "./portfolio/legacy/bodies.ts"
import * as legacyChange from "./portfolio/legacy/change.ts"
import * as legacyEntry from "./portfolio/legacy/entry.ts"
import * as legacyReads from "./portfolio/legacy/reads.ts"
import { subaccounts as legacySubaccounts } from "./portfolio/legacy/subaccounts.ts"
import * as orderMemory from "./portfolio/orderMemory.ts"
import * as place from "./portfolio/place.ts"
import * as preview from "./portfolio/preview.ts"
import * as recover from "./portfolio/recover.ts"
import * as todayBodies from "./portfolio/today/bodies.ts"
import * as todayChange from "./portfolio/today/change.ts"
import * as todayEntry from "./portfolio/today/entry.ts"
import * as todayFreshness from "./portfolio/today/freshness.ts"
import * as todayReads from "./portfolio/today/reads.ts"
import * as todaySubaccounts from "./portfolio/today/subaccounts.ts"
import * as todayTransfer from "./portfolio/today/transfer.ts"
import * as writing from "./portfolio/writes.ts"
import { readOnly as readOnlySigner, Signer } from "./Signer.ts"
import * as Transport from "./Transport.ts"

/**
 * The reasons of its own that a new order can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type CreateReason =
  | KalshiError.InsufficientBalance
  | KalshiError.DuplicateClientOrderId
  | KalshiError.MarketNotFound
  | KalshiError.MarketClosed
  | KalshiError.TradingPaused
  | KalshiError.InvalidPrice
  | KalshiError.InvalidOrder
  | KalshiError.PostOnlyCross
  | KalshiError.FillOrKillUnfilled
  | KalshiError.AnotherOrder
  | KalshiError.ReadBackFailed
  | KalshiError.ClientOrderIdReused
  | KalshiError.OutcomeUnknown
  | KalshiError.DryRun

/**
 * The reasons of its own that a cancel can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type CancelReason =
  | KalshiError.OrderNotFound
  | KalshiError.MarketClosed
  | KalshiError.AnotherOrder
  | KalshiError.OutcomeUnknown
  | KalshiError.DryRun

/**
 * The reasons of its own that an amend can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type AmendReason =
  | KalshiError.OrderNotFound
  | KalshiError.InsufficientBalance
  | KalshiError.DuplicateClientOrderId
  | KalshiError.MarketNotFound
  | KalshiError.MarketClosed
  | KalshiError.TradingPaused
  | KalshiError.InvalidPrice
  | KalshiError.InvalidOrder
  | KalshiError.PostOnlyCross
  | KalshiError.AnotherOrder
  | KalshiError.OrderEnded
  | KalshiError.OutcomeUnknown
  | KalshiError.DryRun

/**
 * The reasons of its own that a decrease can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type DecreaseReason =
  | KalshiError.OrderNotFound
  | KalshiError.MarketClosed
  | KalshiError.TradingPaused
  | KalshiError.InvalidOrder
  | KalshiError.AnotherOrder
  | KalshiError.OrderEnded
  | KalshiError.OutcomeUnknown
  | KalshiError.DryRun

/**
 * The reasons of its own that a cancel of a batch can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type BatchCancelReason =
  | KalshiError.OrderNotFound
  | KalshiError.MarketClosed
  | KalshiError.Unanswered
  | KalshiError.OutcomeUnknown
  | KalshiError.DryRun

/**
 * The reasons of its own that a transfer between subaccounts can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type TransferReason = KalshiError.InsufficientBalance | KalshiError.OutcomeUnknown | KalshiError.DryRun

/**
 * The portfolio: what you own, what you did, and the orders that you place.
 *
 * @since 0.1.0
 * @category services
 */
export class Portfolio extends Context.Service<
  Portfolio,
  {
    /** Free cash and the worth of open positions, in dollars. See "Get Balance". */
    readonly getBalance: (query?: BalanceQuery) => Effect.Effect<Balance.Balance, KalshiError.Of>

    /** One page of positions in unsettled markets, and of their events. See "Get Positions". */
    readonly getPositions: (query?: PositionsQuery) => Effect.Effect<
      {
        readonly marketPositions: ReadonlyArray<Position.MarketPosition>
        readonly eventPositions: ReadonlyArray<Position.EventPosition>
        readonly cursor?: string | undefined
      },
      KalshiError.Of
    >

    /** One page of fills, newest first. See "Get Fills". */
    readonly getFills: (query?: FillsQuery) => Effect.Effect<
      {
        readonly fills: ReadonlyArray<Fill.Fill>
        readonly cursor?: string | undefined
      },
      KalshiError.Of
    >

    /** One page of orders, newest first. See "Get Orders". */
    readonly getOrders: (query?: OrdersQuery) => Effect.Effect<
      {
        readonly orders: ReadonlyArray<Order.Order>
        readonly cursor?: string | undefined
      },
      KalshiError.Of
    >

    /** One order. Fails with `OrderNotFound`. See "Get Order". */
    readonly getOrder: (orderId: string) => Effect.Effect<Order.Order, KalshiError.Of<KalshiError.OrderNotFound>>

    /** One page of settlements, newest first. See "Get Settlements". */
    readonly getPortfolioSettlements: (query?: SettlementsQuery) => Effect.Effect<
      {
        readonly settlements: ReadonlyArray<Settlement.Settlement>
        readonly cursor?: string | undefined
      },
      KalshiError.Of
    >

    /**
     * What all resting orders are worth together, in whole cents of a dollar. See
     * "Get Total Resting Order Value"; the exchange gives it to some members
     * alone.
     */
    readonly getPortfolioRestingOrderTotalValue: Effect.Effect<Dollars.Dollars, KalshiError.Of>

    /**
     * The free cash of all subaccounts, the primary one included, one row a
     * subaccount and shard. See "Get All Subaccount Balances".
     */
    readonly getSubaccountBalances: Effect.Effect<ReadonlyArray<SubaccountBalance.SubaccountBalance>, KalshiError.Of>

    /** One page of transfers between subaccounts, newest first. See "Get Subaccount Transfers". */
    readonly getSubaccountTransfers: (query?: PageQuery) => Effect.Effect<
      {
        readonly transfers: ReadonlyArray<SubaccountTransfer.SubaccountTransfer>
        readonly cursor?: string | undefined
      },
      KalshiError.Of
    >

    /** All transfers between subaccounts, each once, newest first, one page fetched ahead. */
    readonly subaccountTransfers: (
      query?: PageQuery
    ) => Stream.Stream<SubaccountTransfer.SubaccountTransfer, KalshiError.Of>

    /** One page of deposits, newest first, at most 500. See "Get Deposits". */
    readonly getDeposits: (query?: PageQuery) => Effect.Effect<
      {
        readonly deposits: ReadonlyArray<Funding.Deposit>
        readonly cursor?: string | undefined
      },
      KalshiError.Of
    >

    /** One page of withdrawals, newest first, at most 500. See "Get Withdrawals". */
    readonly getWithdrawals: (query?: PageQuery) => Effect.Effect<
      {
        readonly withdrawals: ReadonlyArray<Funding.Withdrawal>
        readonly cursor?: string | undefined
      },
      KalshiError.Of
    >

    /** All fills of a query, each once, newest first, one page fetched ahead. */
    readonly fills: (query?: FillsQuery) => Stream.Stream<Fill.Fill, KalshiError.Of>

    /** All orders of a query, each once, newest first, one page fetched ahead. */
    readonly orders: (query?: OrdersQuery) => Stream.Stream<Order.Order, KalshiError.Of>

    /**
     * All settlements of a query, each once, newest first, one page fetched
     * ahead. They name no subaccount: where several did the same in a market,
     * read one subaccount at a time.
     */
    readonly settlements: (query?: SettlementsQuery) => Stream.Stream<Settlement.Settlement, KalshiError.Of>

    /** All positions in unsettled markets, each once, one page fetched ahead. */
    readonly marketPositions: (query?: PositionsQuery) => Stream.Stream<Position.MarketPosition, KalshiError.Of>

    /** All positions by event, each once, one page fetched ahead. */
    readonly eventPositions: (query?: PositionsQuery) => Stream.Stream<Position.EventPosition, KalshiError.Of>

    /** All deposits, each once, newest first, one page fetched ahead. */
    readonly deposits: (query?: PageQuery) => Stream.Stream<Funding.Deposit, KalshiError.Of>

    /** All withdrawals, each once, newest first, one page fetched ahead. */
    readonly withdrawals: (query?: PageQuery) => Stream.Stream<Funding.Withdrawal, KalshiError.Of>

    /**
     * Places an order and tells what became of it at once: `Resting`,
     * `PartlyFilled` and resting, `Filled`, or `Cancelled` with what was filled.
     *
     * The order works until it is cancelled (`good_till_canceled`) and its rest
     * is cancelled where it would meet an order of your own (`taker_at_cross`),
     * unless you say otherwise; ticker, side, price and count have no defaults.
     * A `sell` beyond your position **opens the other side**: set `reduceOnly`
     * to close only.
     *
     * It carries a client order id, yours or a fresh one, under which it is sent
     * again after a lost answer while it is younger than two seconds and has
     * not expired, and then
     * looked for until it is found or proven not to be there: `not-applied` is
     * certain. The same decision under the same id gives the first order back,
     * another one under it fails with `ClientOrderIdReused`. What is not settled
     * by the deadline of `Resolution` fails with `OutcomeUnknown` and goes on
     * being looked for: see `settled` and `outcomes`.
     *
     * Interrupting it (`Effect.timeout`, `Effect.race`) calls it off before its
     * first byte leaves; after that it goes on, and `outcomes` tells its end.
     *
     * Costs 10 write tokens. Fails with {@link CreateReason}. See "Create Order
     * (V2)".
     */
    readonly createOrder: (
      order: OrderRequest.OrderRequest
    ) => Effect.Effect<OrderResult.OrderResult, KalshiError.Of<CreateReason>>

    /**
     * Places several orders and tells for each, in the order given, what became
     * of it. Items are independent: one may fail alone, and each is settled as
     * that of `createOrder` is. The batch fails as a whole only where nothing of
     * it was sent.
     *
     * Costs 10 write tokens an item, all at once: a batch of more than the bucket
     * holds fails with `LimitExceeded`, whose `largest` is how many fit. With
     * `split` it goes out in batches of that size instead, one after the other,
     * each as soon as its tokens are there. All of them are as old as the call:
     * the orders of those that could not be sent within `Resolution.maxAge` fail
     * one by one as not sent. See "Batch Create Orders (V2)".
     */
    readonly batchCreateOrders: (
      orders: ReadonlyArray<OrderRequest.OrderRequest>,
      options?: OrderRequest.BatchOptions
    ) => Effect.Effect<
      ReadonlyArray<{
        readonly clientOrderId: string
        readonly result: Result.Result<OrderResult.OrderResult, KalshiError.Of<CreateReason | KalshiError.Unanswered>>
      }>,
      KalshiError.Of<CreateReason | KalshiError.Unanswered>
    >

    /**
     * Changes price or size of a resting order. `total` is what is filled
     * already plus what is wanted. Only a smaller size alone keeps the place in
     * the queue; a price that crosses trades at once.
     *
     * Sent once: a second one may lose its place in the queue. A lost answer is
     * settled by what is read of the order; one that has ended meanwhile fails
     * with `OrderEnded`. Costs 10 write tokens. Fails with {@link AmendReason}.
     * See "Amend Order (V2)".
     */
    readonly amendOrder: (amend: OrderRequest.AmendRequest) => Effect.Effect<ChangedOrder, KalshiError.Of<AmendReason>>

    /**
     * Makes a resting order smaller, `by` so many contracts or down `to` so many
     * that rest; it keeps its place in the queue. Give exactly one.
     *
     * `by` is sent once, and a lost answer is settled by what is filled and what
     * rests together; of an order that was not placed or changed here that is
     * read before. Costs 10 write tokens. Fails with {@link DecreaseReason}. See
     * "Decrease Order (V2)".
     */
    readonly decreaseOrder: (
      orderId: string,
      options: OrderPlace & {
        readonly by?: Contracts.Contracts | undefined
        readonly to?: Contracts.Contracts | undefined
      }
    ) => Effect.Effect<ChangedOrder, KalshiError.Of<DecreaseReason>>

    /**
     * Cancels what rests of an order. Market and subaccount are remembered for
     * orders that were placed or seen here, and looked up once for others; a
     * market given without a subaccount means the primary account.
     *
     * It is sent again until the order is known to be dead, and one that no
     * longer rests is answered with what became of it: `AlreadyFilled` or
     * `AlreadyCancelled`. Costs 2 write tokens. Fails with {@link CancelReason}:
     * `OrderNotFound` says that no such order is known. See "Cancel Order (V2)".
     */
    readonly cancelOrder: (
      orderId: string,
      place?: OrderPlace
    ) => Effect.Effect<CancelledOrder, KalshiError.Of<CancelReason>>

    /**
     * Cancels several orders and tells for each, in the order given, what was
     * taken off the book. Items are independent, and each is settled as that of
     * `cancelOrder` is; the batch fails as a whole only where nothing of it was
     * sent.
     *
     * Costs 2 write tokens an item, all at once. See "Batch Cancel Orders (V2)".
     */
    readonly batchCancelOrders: (
      orders: ReadonlyArray<string | (OrderPlace & { readonly orderId: string })>
    ) => Effect.Effect<
      ReadonlyArray<{
        readonly orderId: string
        readonly result: Result.Result<CancelledOrder, KalshiError.Of<BatchCancelReason>>
      }>,
      KalshiError.Of<BatchCancelReason>
    >

    /**
     * Cancels everything that rests, on all markets and shards: of one
     * subaccount, or of **all of them** where none is given.
     *
     * The exchange goes on for about a minute: an order that is placed within it
     * may be cancelled too, so place none before it is over, and read what rests
     * to know. What was filled meanwhile is filled. For direct members alone.
     *
     * Costs 2 write tokens, however many orders rest. See "Cancel All Orders".
     */
    readonly cancelAllOrders: (query?: {
      readonly subaccount?: number | undefined
    }) => Effect.Effect<void, KalshiError.Of<KalshiError.DryRun>>

    /**
     * Creates a subaccount and gives its number: 1 to 63, in sequence. Each
     * shard has its own; without `exchangeIndex` it is the first.
     *
     * Sent once, since nothing tells a second one from the first: after a lost
     * answer look at `getSubaccountBalances`. Needs the Advanced tier. Costs 10
     * read tokens. See "Create Subaccount".
     */
    readonly createSubaccount: (options?: {
      readonly exchangeIndex?: number | undefined
    }) => Effect.Effect<number, KalshiError.Of<KalshiError.DryRun>>

    /**
     * Moves free cash from one subaccount to another, in whole cents: an amount
     * with a part of a cent is refused before anything is sent.
     *
     * It carries a client transfer id, yours or a fresh one, under which the
     * exchange moves money once and under which it is sent again after a lost
     * answer. Where the exchange says that it has a transfer under your id, and
     * lists one with the same subaccounts and amount, the answer is
     * `AlreadyTransferred`. The exchange does not tell whether that one was made
     * under the id: give each decision its own.
     *
     * What is not known in the end fails with `OutcomeUnknown`, which names the
     * `clientTransferId`: nobody goes on looking, but under that very id it can
     * be sent again. `recover` leaves it to you for the same reason.
     *
     * Costs 10 read tokens. Fails with {@link TransferReason}. See "Transfer
     * Between Subaccounts".
     */
    readonly transferBetweenSubaccounts: (
      transfer: SubaccountTransfer.TransferRequest
    ) => Effect.Effect<SubaccountTransfer.TransferResult, KalshiError.Of<TransferReason>>

    /**
     * What became of writes whose caller had left, or was told `OutcomeUnknown`:
     * each once, from the moment on at which the stream is run.
     */
    readonly outcomes: Stream.Stream<Outcome>

    /**
     * Waits for what is found of a write that failed with `OutcomeUnknown`; none
     * where nothing goes on being looked for.
     */
    readonly settled: (error: KalshiError.KalshiError) => Effect.Effect<Option.Option<Outcome>>

    /**
     * Says what became of the writes that the journal has open for this account,
     * as those of a program that was killed, and closes the entries that have an
     * end. It looks, up to the deadline of `Resolution` for each, and never sends
     * an order again; with `cancelResting` what still rests of them is cancelled.
     * Fails with a `JournalError`. `OrderJournal.recover` is the same.
     */
    readonly recover: (options?: {
      readonly cancelResting?: boolean | undefined
    }) => Effect.Effect<ReadonlyArray<Recovered>, JournalError>

    /**
     * Tells what an order can cost before it is sent: collateral, fee and the
     * most that the balance can fall, in dollars. Checks it as `createOrder`
     * does, against the market's grid, which is asked for once.
     *
     * `position` is the signed position that the order meets, none when absent.
     * Fails with `MarketNotFound`. Sends no order.
     */
    readonly preview: (
      order: OrderRequest.OrderRequest,
      options?: {
        readonly position?: Contracts.Contracts | undefined
        readonly precision?: Fees.Precision | undefined
      }
    ) => Effect.Effect<Preview.Preview, KalshiError.Of<KalshiError.MarketNotFound>>
  }
>()("effect-kalshi/Portfolio") {}

/**
 * Makes the service on the wire of today.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<
  Portfolio["Service"],
  never,
  Listings | SecureRandom.SecureRandom | client.RequiresToWrite | Scope.Scope
> = Effect.gen(function* () {
  const memory = orderMemory.make()
  const { knownGrid } = yield* Listings
  const writes = yield* writing.make
  const freshness = yield* todayFreshness.make
  const entry = yield* todayEntry.make
  const reading = yield* todayReads.make(memory)
  const placing = yield* place.make({ entry, lists: reading, memory, knownGrid, writes, freshness })
  const wire = { ...(yield* todayChange.make(reading, memory)), getOrder: reading.getOrder }
  const { changing, settleChange } = yield* change.make({ wire, memory, writes, freshness })
  const recovering = yield* recover.make({
    bodies: todayBodies.bodies,
    lists: reading,
    memory,
    freshness,
    entry,
    settleChange,
    cancelOrder: changing.cancelOrder
  })
  const previewing = yield* preview.make
  const subaccounts = yield* todaySubaccounts.make
  const transferring = yield* todayTransfer.make({ reads: subaccounts, writes })
  const { outcomes, settled } = writes
  return Portfolio.of({
    ...reading,
    ...subaccounts,
    ...placing,
    ...changing,
    ...transferring,
    ...recovering,
    ...previewing,
    outcomes,
    settled
  })
})

/**
 * Makes the service on the wire of today, which reads and sends no write.
 *
 * Reads are as those of `make`. Each write checks its input as the real one
 * does, reads what it is about, and fails with `DryRun`, which tells what would
 * be done: of a new order, and of what an amend would make of one, what it
 * would cost and its fee, as `preview` tells for an order that opens a
 * position. Each item of a batch fails so alone.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeDryRun: Effect.Effect<
  Portfolio["Service"],
  never,
  Listings | SecureRandom.SecureRandom | client.Requires
> = Effect.gen(function* () {
  const reading = yield* todayReads.make(orderMemory.make())
  const subaccounts = yield* todaySubaccounts.make
  return Portfolio.of({ ...reading, ...subaccounts, ...(yield* dryRun.make(reading)) })
})

/**
 * Makes the service on the wire of 2.0.0 (August 2024).
 *
 * What that wire has no words for fails with `NotOnThisWire` before anything
 * is sent: parts of a contract and of a cent, `fill_or_kill`, post-only and
 * reduce-only orders, subaccounts, shards, order groups, `cancelAllOrders`,
 * deposits and withdrawals, and `preview`, since it tells neither grids nor fees. A `good_till_canceled` order that has
 * expired is refused too, which that wire would take for an immediate one.
 *
 * Its answer to a new order has no counts: an order that is not filled at once
 * is read back, and `ReadBackFailed` says that it was placed when that fails.
 * That generation does not say what a second order under one client order id
 * does, so a lost create is looked for and never sent again. An amend reads
 * the order first, whose words and id it has to repeat.
 *
 * Fails with a `CredentialsError` (`LoginRetired`) where the environment is the
 * exchange itself, which has retired that wire.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeLegacy: Effect.Effect<
  Portfolio["Service"],
  CredentialsError,
  SecureRandom.SecureRandom | client.RequiresToWrite | Scope.Scope
> = Effect.gen(function* () {
  const { environment } = yield* Signer
  if (BaseUrl.isExchange(environment)) return yield* new CredentialsError({ reason: new LoginRetired() })
  const { readOrder, reading } = yield* legacyReads.make
  const memory = orderMemory.make()
  const writes = yield* writing.make
  const entry = yield* legacyEntry.make({ readOrder })
  // that wire does not tell how fresh its reads are: what is not found stays unknown
  const freshness = Effect.succeedNone
  const placing = yield* place.make({
    entry,
    lists: reading,
    memory,
    knownGrid: () => Effect.succeed(undefined),
    writes,
    freshness
  })
  const wire = { ...(yield* legacyChange.make({ readOrder })), getOrder: reading.getOrder }
  const { changing, settleChange } = yield* change.make({ wire, memory, writes, freshness })
  const recovering = yield* recover.make({
    bodies: legacyBodies.bodies,
    lists: reading,
    memory,
    freshness,
    entry,
    settleChange,
    cancelOrder: changing.cancelOrder
  })
  const { outcomes, settled } = writes
  return Portfolio.of({
    ...reading,
    ...legacySubaccounts,
    ...placing,
    ...changing,
    ...recovering,
    outcomes,
    settled,
    preview: () =>
      Effect.fail(
        KalshiError.make<never>({
          operation: "preview",
          reason: new KalshiError.NotOnThisWire({
            field: "preview",
            description: "the wire of 2.0.0 tells neither the grid nor the fees of a market"
          }),
          attempts: 0
        })
      )
  })
})

const fresh = <E, R>(
  service: Effect.Effect<Portfolio["Service"], E, R | SecureRandom.SecureRandom>
): Layer.Layer<Portfolio, E, Exclude<Exclude<R, Scope.Scope>, SecureRandom.SecureRandom>> =>
  Layer.effect(Portfolio, service).pipe(
    Layer.provide(SecureRandom.layerWebCrypto),
    // layers are shared by reference, whatever they are provided with: another account's is another
    Layer.fresh
  )

/**
 * The portfolio on the wire of today, over the road in force.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Portfolio, never, Listings | client.RequiresToWrite> = fresh(make)

/**
 * The portfolio on the wire of today, which reads and sends no write: those
 * fail with `DryRun` and what would be done. It has no way to sign a write: its
 * road is `Transport.readOnly`, and its signer signs no other method than GET.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerDryRun: Layer.Layer<
  Portfolio,
  never,
  Listings | HttpClient.HttpClient | Exclude<Transport.Policies, Guard | OrderJournal>
> = fresh(makeDryRun).pipe(
  Layer.provide(Transport.readOnly),
  // it writes nothing that would have to be kept or limited
  Layer.provide([guardNone, layerMemory]),
  Layer.provide(readOnlySigner),
  Layer.fresh
)

/**
 * The portfolio on the wire of 2.0.0 (August 2024), over the road in force,
 * whose signer sends a bearer token (see `Session`). A program that uses it
 * for what both wires have does not notice which it has; `makeLegacy` says
 * what this one refuses.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerLegacy: Layer.Layer<Portfolio, CredentialsError, client.RequiresToWrite> = fresh(makeLegacy)
