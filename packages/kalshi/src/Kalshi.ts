/**
 * Every service in one layer.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { Credentials, LegacyCredentials } from "./Credentials.ts"
import type { CredentialsError } from "./CredentialsError.ts"
import * as Breaker from "./Breaker.ts"
import * as Exchange from "./Exchange.ts"
import * as Guard from "./Guard.ts"
import * as Historical from "./Historical.ts"
import { layerMemory } from "./journal/memory.ts"
import type { OrderJournal } from "./journal/Service.ts"
import * as Listings from "./Listings.ts"
import * as Markets from "./Markets.ts"
import * as Portfolio from "./Portfolio.ts"
import * as RateLimit from "./RateLimit.ts"
import * as Session from "./Session.ts"
import * as Signer from "./Signer.ts"
import * as Transport from "./Transport.ts"

/**
 * The services of this library.
 *
 * @since 0.1.0
 * @category models
 */
export type Kalshi =
  | Portfolio.Portfolio
  | Markets.Markets
  | Historical.Historical
  | Exchange.Exchange
  | Guard.Guard
  | OrderJournal

/**
 * How the services are wired.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options<E = never> {
  /** Refuse every write before it is signed. Default `false`. */
  readonly readOnly?: boolean | undefined
  /**
   * Tell what every write of the portfolio would do, and send none
   * (`Portfolio.layerDryRun`); nothing but GET is signed. Default `false`.
   */
  readonly dryRun?: boolean | undefined
  /**
   * The token budget: learned from the exchange, that of a tier, buckets of your
   * own, a layer such as `RateLimit.layerShared`, or `none`. Default `learned`;
   * on the wire of 2.0.0, which does not tell it, `basic`, the smallest.
   */
  readonly rateLimit?:
    | "learned"
    | "none"
    | keyof typeof RateLimit.tiers
    | RateLimit.Budget
    | Layer.Layer<RateLimit.RateLimit, E, HttpClient.HttpClient | Signer.Signer>
    | undefined
  /**
   * Where writes are kept before they leave. Default in memory: a program that
   * ends in the middle of one has to look up itself what became of it.
   */
  readonly journal?: Layer.Layer<OrderJournal, E> | undefined
  /** The limits that every write passes, and the switch, as `Guard.layer` makes them. Default none. */
  readonly guard?:
    | Layer.Layer<Guard.Guard, never, HttpClient.HttpClient | OrderJournal | RateLimit.RateLimit | Signer.Signer>
    | undefined
  /** When calls stop for a while after failures in a row, or `none`. Default as `Breaker.layer`. */
  readonly breaker?: Breaker.Options | "none" | undefined
}

/**
 * How the portfolio of an installation of API 2.0.0 is wired, which neither
 * tells its limits nor knows a dry run.
 *
 * @since 0.1.0
 * @category models
 */
export interface LegacyOptions<E = never> extends Omit<Options<E>, "dryRun" | "rateLimit">, Session.Options {
  readonly rateLimit?: Exclude<Options<E>["rateLimit"], "learned"> | undefined
}

const rateLimit = <E>(
  option: Exclude<Options<E>["rateLimit"], undefined>
): Layer.Layer<RateLimit.RateLimit, E, HttpClient.HttpClient | Signer.Signer> => {
  if (option === "none") return RateLimit.layerNone
  if (option === "learned") return RateLimit.layer()
  return typeof option === "string" || "read" in option ? RateLimit.layerFixed(option) : option
}

// what one wire or the other is built on
const below = <E>(options: Options<E> | undefined) =>
  (options?.guard ?? Guard.layerNone).pipe(
    Layer.provideMerge(options?.journal ?? layerMemory),
    Layer.provideMerge(options?.breaker === "none" ? Breaker.layerNone : Breaker.layer(options?.breaker))
  )

const layerReal = (readOnly: boolean) =>
  Layer.mergeAll(Portfolio.layer, Markets.layer, Historical.layer, Exchange.layer).pipe(
    Layer.provide(Listings.layer),
    Layer.provide(readOnly ? Transport.readOnly : Transport.layer)
  )

const layerDryRun = Layer.mergeAll(Portfolio.layerDryRun, Markets.layer, Historical.layer, Exchange.layer).pipe(
  Layer.provide(Listings.layer),
  Layer.provide(Transport.readOnly),
  Layer.provide(Signer.readOnly)
)

/**
 * Every service over a signer, a rate limit and an HTTP client of your own.
 *
 * The client must neither follow redirects (a signature would reach another
 * host) nor retry (a write would be sent twice); both are decided here. It
 * is built apart, so that two accounts of a program share neither key nor
 * memory, however their layers are put together.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerWith = <E = never>(
  options?: Omit<Options<E>, "rateLimit">
): Layer.Layer<Kalshi, E, HttpClient.HttpClient | Signer.Signer | RateLimit.RateLimit> =>
  (options?.dryRun === true ? layerDryRun : layerReal(options?.readOnly === true)).pipe(
    Layer.provideMerge(below(options)),
    // layers are shared by reference, whatever they are provided with: without this a second
    // account would be given the services of the first, and sign with its key
    Layer.fresh
  )

/**
 * Every service for the credential in force, over an HTTP client of your own,
 * which is as that of `layerWith` must be. It is built apart, its budget too:
 * provide it once for an account.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = <E = never>(
  options?: Options<E>
): Layer.Layer<Kalshi | RateLimit.RateLimit, E, HttpClient.HttpClient | Credentials> =>
  layerWith(options).pipe(
    Layer.provideMerge(rateLimit<E>(options?.rateLimit ?? "learned")),
    Layer.provide(Signer.layer),
    Layer.fresh
  )

/**
 * The portfolio of an installation of API 2.0.0 for the credential in force,
 * with its session, over an HTTP client of your own, which is as that of
 * `layerWith` must be. It is built apart, its budget and its session too:
 * provide it once for an account.
 *
 * Fails with a `CredentialsError` (`LoginRetired`) where the environment is the
 * exchange itself.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerLegacy = <E = never>(
  options?: LegacyOptions<E>
): Layer.Layer<
  Portfolio.Portfolio | RateLimit.RateLimit,
  CredentialsError | E,
  HttpClient.HttpClient | LegacyCredentials
> =>
  Portfolio.layerLegacy.pipe(
    Layer.provide(options?.readOnly === true ? Transport.readOnly : Transport.layer),
    Layer.provide(below(options)),
    Layer.provideMerge(rateLimit<E>(options?.rateLimit ?? "basic")),
    Layer.provide(Session.layer(options)),
    Layer.fresh
  )
