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
import * as Layer from "effect/Layer"
import type * as Result from "effect/Result"
import type * as Stream from "effect/Stream"
import type * as Contracts from "./Contracts.ts"
import type * as Dollars from "./Dollars.ts"
import type * as Fees from "./Fees.ts"
import type * as client from "./service/client.ts"
import { CredentialsError, LoginRetired } from "./CredentialsError.ts"
import * as BaseUrl from "./internal/baseUrl.ts"
import * as KalshiError from "./KalshiError.ts"
import { Listings } from "./Listings.ts"
import type * as Balance from "./models/Balance.ts"
import type * as Fill from "./models/Fill.ts"
import type * as Order from "./models/Order.ts"
import type { CancelledOrder, ChangedOrder, OrderPlace } from "./models/OrderChange.ts"
import type * as OrderRequest from "./models/OrderRequest.ts"
import type * as OrderResult from "./models/OrderResult.ts"
import type {
  BalanceQuery,
  FillsQuery,
  OrdersQuery,
  PositionsQuery,
  SettlementsQuery
} from "./models/PortfolioQuery.ts"
import type * as Position from "./models/Position.ts"
import type * as Preview from "./models/Preview.ts"
import type * as Settlement from "./models/Settlement.ts"
import * as legacyChange from "./portfolio/legacy/change.ts"
import * as legacyEntry from "./portfolio/legacy/entry.ts"
import * as legacyReads from "./portfolio/legacy/reads.ts"
import * as orderMemory from "./portfolio/orderMemory.ts"
import * as place from "./portfolio/place.ts"
import * as preview from "./portfolio/preview.ts"
import * as todayChange from "./portfolio/today/change.ts"
import * as todayEntry from "./portfolio/today/entry.ts"
import * as todayReads from "./portfolio/today/reads.ts"
import { Signer } from "./Signer.ts"

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

/**
 * The reasons of its own that a cancel can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type CancelReason = KalshiError.OrderNotFound | KalshiError.MarketClosed | KalshiError.AnotherOrder

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
     * again after a lost answer while it is younger than two seconds and has not
     * expired, and then looked for. When the outcome stays open, `error.outcome` says `unknown` and
     * `error.clientOrderIds` has the id: look it up before you send another.
     *
     * Interrupting it (`Effect.timeout`, `Effect.race`) after it was sent says
     * nothing about the order: limit it with `Timeout.within` instead, and give
     * it an id of your own.
     *
     * Costs 10 write tokens. Fails with {@link CreateReason}. See "Create Order
     * (V2)".
     */
    readonly createOrder: (
      order: OrderRequest.OrderRequest
    ) => Effect.Effect<OrderResult.OrderResult, KalshiError.Of<CreateReason>>

    /**
     * Places several orders and tells for each, in the order given, what became
     * of it. Items are independent: one may fail alone. An item that the answer
     * does not name fails with `Unanswered` and is unknown. A failure of the
     * whole batch has the ids of all orders in `error.clientOrderIds`.
     *
     * Costs 10 write tokens an item, all at once. See "Batch Create Orders (V2)".
     */
    readonly batchCreateOrders: (orders: ReadonlyArray<OrderRequest.OrderRequest>) => Effect.Effect<
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
     * Never sent twice on its own. Costs 10 write tokens. Fails with
     * {@link AmendReason}. See "Amend Order (V2)".
     */
    readonly amendOrder: (amend: OrderRequest.AmendRequest) => Effect.Effect<ChangedOrder, KalshiError.Of<AmendReason>>

    /**
     * Makes a resting order smaller, `by` so many contracts or down `to` so many
     * that rest; it keeps its place in the queue. Give exactly one.
     *
     * `by` is never sent twice on its own. Costs 10 write tokens. Fails with
     * {@link DecreaseReason}. See "Decrease Order (V2)".
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
     * Costs 2 write tokens. Fails with {@link CancelReason}: `OrderNotFound`
     * says that it no longer rests. See "Cancel Order (V2)".
     */
    readonly cancelOrder: (
      orderId: string,
      place?: OrderPlace
    ) => Effect.Effect<CancelledOrder, KalshiError.Of<CancelReason>>

    /**
     * Cancels several orders and tells for each, in the order given, what was
     * taken off the book. Items are independent.
     *
     * Costs 2 write tokens an item, all at once. See "Batch Cancel Orders (V2)".
     */
    readonly batchCancelOrders: (
      orders: ReadonlyArray<string | (OrderPlace & { readonly orderId: string })>
    ) => Effect.Effect<
      ReadonlyArray<{
        readonly orderId: string
        readonly result: Result.Result<
          CancelledOrder,
          KalshiError.Of<KalshiError.OrderNotFound | KalshiError.MarketClosed | KalshiError.Unanswered>
        >
      }>,
      KalshiError.Of<KalshiError.OrderNotFound | KalshiError.MarketClosed | KalshiError.Unanswered>
    >

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
export const make: Effect.Effect<Portfolio["Service"], never, Listings | SecureRandom.SecureRandom | client.Requires> =
  Effect.gen(function* () {
    const memory = orderMemory.make()
    const { knownGrid } = yield* Listings
    const reading = yield* todayReads.make(memory)
    const placing = yield* place.make({ entry: yield* todayEntry.make, lists: reading, memory, knownGrid })
    const changing = yield* todayChange.make(reading, memory)
    const previewing = yield* preview.make
    return Portfolio.of({ ...reading, ...placing, ...changing, ...previewing })
  })

/**
 * Makes the service on the wire of 2.0.0 (August 2024).
 *
 * What that wire has no words for fails with `NotOnThisWire` before anything
 * is sent: parts of a contract and of a cent, `fill_or_kill`, post-only and
 * reduce-only orders, subaccounts, shards, order groups, and `preview`, since
 * it tells neither grids nor fees. A `good_till_canceled` order that has
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
  SecureRandom.SecureRandom | client.Requires
> = Effect.gen(function* () {
  const { environment } = yield* Signer
  if (BaseUrl.isExchange(environment)) return yield* new CredentialsError({ reason: new LoginRetired() })
  const { readOrder, reading } = yield* legacyReads.make
  const placing = yield* place.make({
    entry: yield* legacyEntry.make({ readOrder }),
    lists: reading,
    memory: orderMemory.make(),
    knownGrid: () => Effect.succeed(undefined)
  })
  const changing = yield* legacyChange.make({ readOrder })
  return Portfolio.of({
    ...reading,
    ...placing,
    ...changing,
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
): Layer.Layer<Portfolio, E, Exclude<R, SecureRandom.SecureRandom>> =>
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
export const layer: Layer.Layer<Portfolio, never, Listings | client.Requires> = fresh(make)

/**
 * The portfolio on the wire of 2.0.0 (August 2024), over the road in force,
 * whose signer sends a bearer token (see `Session`). A program that uses it
 * for what both wires have does not notice which it has; `makeLegacy` says
 * what this one refuses.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerLegacy: Layer.Layer<Portfolio, CredentialsError, client.Requires> = fresh(makeLegacy)
