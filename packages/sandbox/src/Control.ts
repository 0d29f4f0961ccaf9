/**
 * The hand behind the exchange: money, markets, other participants, faults,
 * and the truth afterwards.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Buckets from "./Buckets.ts"
import type * as Chaos from "./Chaos.ts"
import type * as Costs from "./Costs.ts"
import * as Exchange from "./Exchange.ts"
import * as Faults from "./Faults.ts"
import * as Listing from "./Listing.ts"
import * as Members from "./Members.ts"
import type * as Model from "./Model.ts"
import * as Requests from "./Requests.ts"
import * as Seed from "./Seed.ts"
import * as Sessions from "./Sessions.ts"
import * as Switches from "./Switches.ts"

/**
 * The engine refused; nothing was changed.
 *
 * @since 0.1.0
 * @category errors
 */
export class Refused extends Data.TaggedError("Refused")<{
  readonly refusal: Model.Refusal
}> {
  /** What was refused, and why. */
  override get message(): string {
    return `${this.refusal._tag}: ${this.refusal.details}`
  }
}

/**
 * Everything that the engine knows about an account, exact, archived or not;
 * newest first. As reads without a subaccount tell it, balance and positions are
 * those of the primary one and the rest is of all, unless one is asked for;
 * deposits and withdrawals are of the primary one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Truth {
  readonly balance: Model.BalanceView
  readonly orders: ReadonlyArray<Model.OrderView>
  readonly fills: ReadonlyArray<Model.FillView>
  readonly positions: ReadonlyArray<Model.PositionView>
  readonly settlements: ReadonlyArray<Model.SettlementView>
  readonly deposits: ReadonlyArray<Model.FundingView>
  readonly withdrawals: ReadonlyArray<Model.FundingView>
  /** Out of and into any subaccount, or the one that is asked for. */
  readonly transfers: ReadonlyArray<Model.TransferView>
}

/**
 * How much history an account gets.
 *
 * @since 0.1.0
 * @category models
 */
export interface History {
  readonly fills?: number | undefined
  readonly orders?: number | undefined
  readonly settlements?: number | undefined
}

/**
 * What a new member starts with.
 *
 * @since 0.1.0
 * @category models
 */
export interface AccountOptions {
  readonly deposit?: Dollars.Dollars | undefined
  /** Default `rsa`. */
  readonly key?: Members.KeyType | undefined
  /** A public key of the member's own, in PEM, instead of a new pair. */
  readonly publicKeyPem?: string | undefined
}

/**
 * What an order of another participant is made of; the rest has the values of
 * a plain limit order.
 *
 * @since 0.1.0
 * @category models
 */
export type Placement = Pick<Model.NewOrder, "ticker" | "side" | "price" | "count"> & Partial<Model.NewOrder>

/**
 * Runs the sandbox from outside of its wire.
 *
 * @since 0.1.0
 * @category services
 */
export class Control extends Context.Service<
  Control,
  {
    // money and members
    /** Makes a member of this name, or gives the one there is another key. */
    readonly account: (name: string, options?: AccountOptions) => Effect.Effect<Members.Account>
    /**
     * Pays money in, which `/portfolio/deposits` lists as applied at once. The
     * wire has whole cents: anything finer is a defect, as is nothing.
     */
    readonly deposit: (account: string, amount: Dollars.Dollars) => Effect.Effect<void>
    /** Pays free money out, which `/portfolio/withdrawals` lists; anything finer than a cent is refused. */
    readonly withdraw: (account: string, amount: Dollars.Dollars) => Effect.Effect<void, Refused>
    /**
     * Changes what a key may do from now on: its scopes, and the only subaccount
     * that it may use. A key has both scopes and no such subaccount at first.
     */
    readonly setKey: (keyId: string, terms: Members.Terms) => Effect.Effect<void>
    /**
     * Until when the keys of an account may trade what some regions may not, as
     * `/api_keys` tells it, in whole seconds; nothing at first. It changes
     * nothing else here.
     */
    readonly setRegionExpiry: (account: string, expiresAt: Timestamp.Timestamp | undefined) => Effect.Effect<void>
    /** Opens the next subaccount of an account and gives its number. */
    readonly openSubaccount: (account: string) => Effect.Effect<number, Refused>
    /** Moves money between two subaccounts of an account. */
    readonly transfer: (account: string, transfer: Model.Transfer) => Effect.Effect<void, Refused>
    /**
     * Trades a history for the account over the half year before now, or since
     * the exchange was used last: in a test, let the clock go on first.
     */
    readonly seedHistory: (account: string, history: History) => Effect.Effect<Seed.Seeded>

    // markets
    readonly listMarket: (listing: Listing.Listing) => Effect.Effect<Model.MarketSpec>
    readonly pauseMarket: (ticker: string) => Effect.Effect<void, Refused>
    readonly resumeMarket: (ticker: string) => Effect.Effect<void, Refused>
    readonly closeMarket: (ticker: string) => Effect.Effect<void, Refused>
    readonly settle: (ticker: string, result: "yes" | "no" | Model.Result) => Effect.Effect<void, Refused>
    /** With trading paused cancels work; with the exchange paused nothing does. */
    readonly setExchange: (flags: {
      readonly exchangeActive: boolean
      readonly tradingActive: boolean
    }) => Effect.Effect<void>

    // the archive
    /**
     * Moves what lies strictly before these instants into the archive, at once;
     * the others stay where they are. At first nothing is archived.
     *
     * A cutoff moves forward alone, and no further than to what reads show:
     * anything else is a defect. What rests and what is not settled never moves,
     * and the wire of 2.0.0, which knows no archive, goes on listing everything.
     */
    readonly setCutoff: (cutoff: Partial<Switches.Cutoff>) => Effect.Effect<void>
    /**
     * Whether `min_ts` and `max_ts` include the seconds that they name, which
     * the exchange does not document; here they do at first.
     */
    readonly setRangeBounds: (bounds: Switches.RangeBounds) => Effect.Effect<void>

    // other participants, without the wire
    readonly place: (account: string, order: Placement) => Effect.Effect<Model.Placed, Refused>
    readonly cancel: (account: string, orderId: string) => Effect.Effect<Model.Cancelled, Refused>

    // what goes wrong
    readonly inject: (fault: Faults.Fault, where?: Faults.Where) => Effect.Effect<Faults.Handle>
    /** Lets requests meet faults at random, or no longer; what was injected goes before. */
    readonly setChaos: (plan: Chaos.Plan | undefined) => Effect.Effect<void>
    /** Takes away what was injected and what comes at random. */
    readonly clearFaults: Effect.Effect<void>
    /** How often each fault has struck, by endpoint. */
    readonly strikes: Effect.Effect<Faults.Strikes>
    /**
     * For how long after a cancel of everything the exchange may cancel new
     * orders too; here it does, all of them, when the time is over. The exchange
     * says a minute; nothing at first.
     */
    readonly setCancelAllTail: (tail: Duration.Input) => Effect.Effect<void>
    /** How far the clock of the exchange is ahead of the true one. */
    readonly setClockSkew: (skew: Duration.Input) => Effect.Effect<void>
    /**
     * How far reads of the portfolio trail the engine: by this much, or by
     * something between two bounds that changes as time goes by. What was once
     * shown stays shown, and `user_data_timestamp` tells what reads show.
     */
    readonly setReadLag: (
      lag: Duration.Input | { readonly min: Duration.Input; readonly max: Duration.Input }
    ) => Effect.Effect<void>
    readonly setLimits: (limits: Buckets.Limits) => Effect.Effect<void>
    /**
     * What requests cost from now on, on either wire; `/account/endpoint_costs`
     * tells it. What is absent costs as declared: `{}` takes all changes back.
     */
    readonly setCosts: (costs: Costs.Costs) => Effect.Effect<void>
    /**
     * Takes tokens from the account as something else does that uses it, the
     * website or another program: all of them, or none where they are not there.
     */
    readonly spend: (account: string, bucket: Buckets.Name, tokens: number) => Effect.Effect<boolean>
    /** Ends all sessions of the wire of 2.0.0, as a server that restarts does. */
    readonly endSessions: Effect.Effect<void>
    /** How long a token of that wire is good from its login on, those that are there already too; 30 minutes at first. */
    readonly setTokenLifetime: (lifetime: Duration.Input) => Effect.Effect<void>
    /** Adds a field `sandbox_unannounced` to every object of every answer. */
    readonly setUnknownFields: (on: boolean) => Effect.Effect<void>
    readonly setCursorEnd: (end: "empty" | "absent") => Effect.Effect<void>
    /** How many rows of a page come again at the head of the next. */
    readonly setPageDuplicates: (rows: number) => Effect.Effect<void>
    /** Puts an empty page with a cursor between any two pages. */
    readonly setEmptyPages: (on: boolean) => Effect.Effect<void>

    // the truth
    /** What requests took from the account's buckets since the start, were refused, and what was spent beside them. */
    readonly tokens: (account: string) => Effect.Effect<Buckets.Tokens>
    readonly truth: (account: string, subaccount?: number) => Effect.Effect<Truth>
    readonly market: (ticker: string) => Effect.Effect<Model.MarketView | undefined>
    readonly audit: Effect.Effect<Model.Audit>
    readonly requests: (filter?: Requests.Filter) => Effect.Effect<ReadonlyArray<Requests.Entry>>
    readonly clearRequests: Effect.Effect<void>
    /** Whether requests from now on are kept for `requests`, as they are at first. */
    readonly setRequestLog: (on: boolean) => Effect.Effect<void>
  }
>()("@effect-kalshi/sandbox/Control") {}

const ALL = Number.MAX_SAFE_INTEGER
const HALF_A_YEAR = 180 * 86_400 * 1_000_000

const isWholeCents = (amount: Dollars.Dollars): boolean => amount % Dollars.cents(1) === 0

/** A cutoff that moves from one instant to another, if it moves; what reads do not show yet cannot have moved. */
const forward = (
  from: Timestamp.Timestamp,
  to: Timestamp.Timestamp | undefined,
  asOf: Timestamp.Timestamp
): Timestamp.Timestamp => {
  if (to === undefined) return from
  if (to < from) throw new RangeError("a cutoff moves forward alone")
  if (to > asOf) throw new RangeError("a cutoff is not later than what reads show")
  return to
}

const accepted = <A>(result: Result.Result<A, Model.Refusal>): Effect.Effect<A, Refused> =>
  Result.isSuccess(result) ? Effect.succeed(result.success) : Effect.fail(new Refused({ refusal: result.failure }))

/**
 * Builds the control of an exchange.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<
  Control,
  never,
  | Exchange.Exchange
  | Members.Members
  | Buckets.Buckets
  | Faults.Faults
  | Requests.Requests
  | Sessions.Sessions
  | Switches.Switches
> = Layer.effect(
  Control,
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const members = yield* Members.Members
    const buckets = yield* Buckets.Buckets
    const faults = yield* Faults.Faults
    const requests = yield* Requests.Requests
    const sessions = yield* Sessions.Sessions
    const switches = yield* Switches.Switches

    const run = <A>(command: Exchange.Command<Result.Result<A, Model.Refusal>>): Effect.Effect<A, Refused> =>
      Effect.flatMap(exchange.run(command), accepted)

    const deposit = (account: string, amount: Dollars.Dollars) =>
      exchange.run((engine, at) => {
        if (!isWholeCents(amount)) throw new RangeError("a deposit is of whole cents")
        engine.deposit(account, amount, at)
      })

    return Control.of({
      account: Effect.fnUntraced(function* (name, options = {}) {
        const account = yield* members.register(name, options)
        if (options.deposit !== undefined && options.deposit > 0) yield* deposit(account.id, options.deposit)
        return account
      }),
      deposit,
      withdraw: (account, amount) =>
        run((engine, at) =>
          isWholeCents(amount)
            ? engine.withdraw(account, amount, at)
            : Result.fail({ _tag: "InvalidCount", details: "a withdrawal is of whole cents" })
        ),
      setKey: (keyId, terms) => Effect.sync(() => members.setKey(keyId, terms)),
      setRegionExpiry: (account, expiresAt) => Effect.sync(() => members.setRegionExpiry(account, expiresAt)),
      openSubaccount: (account) => run((engine, at) => engine.openSubaccount(account, at)),
      transfer: (account, transfer) => run((engine, at) => engine.transfer(account, transfer, at)),
      seedHistory: Effect.fnUntraced(function* (account, history) {
        const since = yield* exchange.since
        return yield* exchange.run((engine, at) =>
          Seed.seed(engine, {
            seed: exchange.seed,
            account,
            fills: history.fills ?? 0,
            orders: history.orders ?? 0,
            settlements: history.settlements ?? 0,
            wholes: exchange.wholeCents,
            // the engine does not go back in time
            startsAt: since === undefined ? undefined : Timestamp.micros(Math.max(since + 1, at - HALF_A_YEAR)),
            endsAt: at
          })
        )
      }),
      listMarket: (listing) =>
        exchange.run((engine, at) => {
          const spec = Listing.toSpec(listing, at)
          engine.list(spec, at)
          return spec
        }),
      pauseMarket: (ticker) => run((engine, at) => engine.setMarketActive(ticker, false, at)),
      resumeMarket: (ticker) => run((engine, at) => engine.setMarketActive(ticker, true, at)),
      closeMarket: (ticker) => run((engine, at) => engine.close(ticker, at)),
      settle: (ticker, result) =>
        run((engine, at) => engine.settle(ticker, typeof result === "string" ? { _tag: result } : result, at)),
      setExchange: (flags) => exchange.run((engine, at) => engine.setFlags(flags, at)),
      setCutoff: (moved) =>
        Effect.map(exchange.lagged, ({ asOf }) => {
          switches.cutoff = {
            markets: forward(switches.cutoff.markets, moved.markets, asOf),
            trades: forward(switches.cutoff.trades, moved.trades, asOf),
            orders: forward(switches.cutoff.orders, moved.orders, asOf),
            positions: forward(switches.cutoff.positions, moved.positions, asOf)
          }
        }),
      setRangeBounds: (bounds) =>
        Effect.sync(() => {
          switches.rangeBounds = bounds
        }),
      place: (account, order) =>
        run((engine, at) =>
          engine.create(
            account,
            {
              timeInForce: "good_till_canceled",
              selfTradePrevention: "taker_at_cross",
              ...order
            },
            at
          )
        ),
      cancel: (account, orderId) => run((engine, at) => engine.cancel(account, orderId, at)),
      inject: faults.inject,
      setChaos: faults.setChaos,
      clearFaults: faults.clear,
      strikes: faults.strikes,
      setCancelAllTail: (tail) =>
        Effect.sync(() => {
          switches.cancelAllTail = Math.round(Duration.toMillis(tail) * 1000)
        }),
      setClockSkew: (skew) => exchange.setClockSkew(Duration.toMillis(skew)),
      setReadLag: (lag) => {
        const { max, min } = typeof lag === "object" && "min" in lag ? lag : { min: lag, max: lag }
        return exchange.setReadLag(Duration.toMillis(min), Duration.toMillis(max))
      },
      setLimits: buckets.setLimits,
      setCosts: (costs) =>
        Effect.sync(() => {
          switches.costs = costs
        }),
      spend: buckets.spend,
      endSessions: sessions.endAll,
      setTokenLifetime: (lifetime) => sessions.setLifetime(Duration.fromInputUnsafe(lifetime)),
      setUnknownFields: (on) =>
        Effect.sync(() => {
          switches.unknownFields = on
        }),
      setCursorEnd: (end) =>
        Effect.sync(() => {
          switches.cursorEnd = end
        }),
      setPageDuplicates: (rows) =>
        Effect.sync(() => {
          switches.pageDuplicates = rows
        }),
      setEmptyPages: (on) =>
        Effect.sync(() => {
          switches.emptyPages = on
        }),
      tokens: buckets.tokens,
      truth: (account, subaccount) =>
        Effect.map(exchange.live, ({ engine }) => ({
          balance: engine.balance(account, subaccount),
          orders: engine.orders(account, { subaccount }, ALL).items,
          fills: engine.fills(account, { subaccount }, ALL).items,
          positions: engine.positions(account, "unsettled", subaccount),
          settlements: engine.settlements(account, { subaccount }, ALL).items,
          deposits: engine.deposits(account, ALL).items,
          withdrawals: engine.withdrawals(account, ALL).items,
          transfers: engine
            .transfers(account, ALL)
            .items.filter(({ from, to }) => subaccount === undefined || from === subaccount || to === subaccount)
        })),
      market: (ticker) => Effect.map(exchange.live, ({ engine }) => engine.market(ticker)),
      audit: Effect.map(exchange.live, ({ engine }) => engine.audit()),
      requests: (filter) => Effect.sync(() => requests.all(filter)),
      clearRequests: Effect.sync(requests.clear),
      setRequestLog: (on) => Effect.sync(() => requests.keep(on))
    })
  })
)
