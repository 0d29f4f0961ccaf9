/**
 * The exchange in a box: on a port of this machine, or in memory on the clock
 * of a test.
 *
 * @since 0.1.0
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as NetAddress from "effect/net/NetAddress"
import type * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Fees from "effect-kalshi/Fees"
import * as NodeHttp from "node:http"
import * as Buckets from "./Buckets.ts"
import * as Control from "./Control.ts"
import * as Cursors from "./Cursors.ts"
import * as Exchange from "./Exchange.ts"
import * as Faults from "./Faults.ts"
import * as Gate from "./Gate.ts"
import * as Http from "./Http.ts"
import * as LegacyGate from "./LegacyGate.ts"
import * as Line from "./Line.ts"
import * as Listing from "./Listing.ts"
import * as Members from "./Members.ts"
import * as Requests from "./Requests.ts"
import * as Sessions from "./Sessions.ts"
import * as Switches from "./Switches.ts"

/**
 * Where the sandbox is, and a funded member to use it with.
 *
 * @since 0.1.0
 * @category services
 */
export class Sandbox extends Context.Service<
  Sandbox,
  {
    /** The base of all paths: `http://127.0.0.1:8787/trade-api/v2`. */
    readonly url: string
    readonly keyId: string
    /** The private key of the member, in PEM. */
    readonly privateKey: Redacted.Redacted<string>
    /** The id of the member's account, for `Control`. */
    readonly account: string
    /** The same exchange on the wire of API 2.0.0 (August 2024), and the member's login there. */
    readonly legacy: {
      /** The base of all paths: `http://127.0.0.1:8787/legacy/trade-api/v2`. */
      readonly url: string
      readonly email: string
      readonly password: Redacted.Redacted<string>
    }
  }
>()("@effect-kalshi/sandbox/Sandbox") {}

/**
 * How a sandbox starts.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Makes ids and history: the same seed and requests give the same exchange. Default 1. */
  readonly seed?: number | undefined
  /** What the member has already done over the 180 days before. Default: nothing. */
  readonly history?: Control.History | undefined
  /**
   * An exchange of whole cents and whole contracts, as in 2024: it trades
   * nothing finer, and opens without the markets that do. Whatever it knows,
   * the wire of 2.0.0 can say exactly. Default false.
   */
  readonly wholeCents?: boolean | undefined
  /** Rounding of fees and balances. Default: that of a direct member, or with `wholeCents` balances in whole cents. */
  readonly precision?: Fees.Precision | undefined
  /** The token buckets. Default: those of the basic tier. */
  readonly limits?: Buckets.Limits | undefined
  /**
   * How many shards the exchange has. All markets stay on shard 0: the others
   * are told by `/exchange/status`, and each has a bucket of its own, for the
   * writes that name it and for those that name no shard. Default 1.
   */
  readonly shards?: number | undefined
  /** The kind of the member's key. Default `rsa` on a port, and `ed25519`, which is made at once, in memory. */
  readonly keyType?: Members.KeyType | undefined
  /** What the member has. Default $10,000. */
  readonly deposit?: Dollars.Dollars | undefined
  /** Whether some markets and a market maker are there from the start. Default true. */
  readonly markets?: boolean | undefined
}

/**
 * Where a sandbox listens.
 *
 * @since 0.1.0
 * @category models
 */
export interface ListenOptions extends Options {
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined
  /** Default 0: any port that is free. */
  readonly port?: number | undefined
}

const MEMBER = "member"
const MAKER = "market-maker"

// Everything inside is of this sandbox alone, while the sandbox itself is one
// layer: who provides it in two places has one exchange, not two.
const isolated = <A, E>(inside: Layer.Layer<A, E>): Layer.Layer<A, E> =>
  Layer.effectContext(Layer.build(Layer.fresh(inside)))

// What everything else is built on.
const foundation = (options: Options) =>
  Layer.mergeAll(Control.layer, Cursors.layer).pipe(
    Layer.provideMerge(Sessions.layer),
    Layer.provideMerge(Members.layer),
    Layer.provideMerge(
      Layer.mergeAll(
        Exchange.layer({
          seed: options.seed ?? 1,
          precision: options.precision,
          wholeCents: options.wholeCents,
          shards: options.shards
        }),
        Buckets.layer(options.limits ?? Buckets.basic, options.shards),
        Faults.layer,
        Requests.layer,
        Switches.layer
      )
    )
  )

// The first commands of an exchange: history first, because it lies before all others.
const open = Effect.fnUntraced(function* (options: Options, keyType: Members.KeyType) {
  const exchange = yield* Exchange.Exchange
  const members = yield* Members.Members
  const control = yield* Control.Control
  const id = members.idOf(MEMBER)
  if (options.history !== undefined) yield* control.seedHistory(id, options.history)
  const member = yield* control.account(MEMBER, {
    key: keyType,
    deposit: options.deposit ?? Dollars.of(10_000)
  })
  if (options.markets ?? true) {
    const maker = members.idOf(MAKER)
    yield* control.deposit(maker, Dollars.of(1_000_000))
    const wanted = exchange.wholeCents ? Listing.isWholeCents : undefined
    yield* exchange.run((engine, at) => Listing.open(engine, at, maker, wanted))
  }
  return member
})

const at = (origin: string, member: Members.Account): Sandbox["Service"] =>
  Sandbox.of({
    url: `${origin}${Gate.BASE}`,
    keyId: member.keyId,
    privateKey: member.privateKey,
    account: member.id,
    legacy: { url: `${origin}${LegacyGate.BASE}`, email: member.email, password: member.password }
  })

// Keep-alive connections would hold the server open, and so would requests that hang.
const closeNow = (server: NodeHttp.Server): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

/**
 * Opens a sandbox on a port; it closes with the scope, open connections too.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: ListenOptions = {}
): Layer.Layer<Sandbox | Control.Control, HttpServerError.ServeError> =>
  isolated(
    Layer.effect(
      Sandbox,
      Effect.gen(function* () {
        const member = yield* open(options, options.keyType ?? "rsa")
        const app = yield* Http.make({ acceptTest: false })
        // longer than clients keep a connection, so that none is closed as they use it again
        const node = NodeHttp.createServer({ keepAliveTimeout: 65_000 })
        const server = yield* NodeHttpServer.make(() => node, {
          host: options.host ?? "127.0.0.1",
          port: options.port ?? 0,
          disablePreemptiveShutdown: true
        })
        yield* server.serve(app)
        yield* Effect.addFinalizer(() => closeNow(node))
        return at(NetAddress.formatUrlUnsafe(server.address), member)
      })
    ).pipe(Layer.provideMerge(foundation(options)), Layer.provide(NodeHttpServer.layerHttpServices))
  )

// What a client sees of a line that broke.
const noAnswer = (request: HttpClientError.TransportError["request"]) =>
  new HttpClientError.HttpClientError({
    reason: new HttpClientError.TransportError({ request, description: "the connection was closed" })
  })

/**
 * Opens a sandbox in memory and gives an `HttpClient` that reaches nothing
 * else. Its time is Effect's clock, and it also takes a signature that needs
 * no key: `test:<keyId>:<timestamp><METHOD><path>`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerInMemory = (options: Options = {}): Layer.Layer<Sandbox | Control.Control | HttpClient.HttpClient> =>
  isolated(
    Layer.effectContext(
      Effect.gen(function* () {
        const member = yield* open(options, options.keyType ?? "ed25519")
        const app = yield* Http.make({ acceptTest: true })
        const scope = yield* Effect.scope
        const client = HttpClient.make((request) => {
          const requestScope = Scope.forkUnsafe(scope)
          return app.pipe(
            Effect.provideService(HttpServerRequest.HttpServerRequest, HttpServerRequest.fromClientRequest(request)),
            Effect.provideService(Scope.Scope, requestScope),
            Effect.flatMap((response) =>
              response === Line.broken
                ? Effect.fail(noAnswer(request))
                : Effect.succeed(HttpServerResponse.toClientResponse(response, { request }))
            ),
            Effect.onExit((exit) => Scope.close(requestScope, exit))
          )
        })
        // nobody listens there, and no client refuses to send a password to it
        return Context.make(Sandbox, at("https://sandbox.invalid", member)).pipe(
          Context.add(HttpClient.HttpClient, client)
        )
      })
    ).pipe(Layer.provideMerge(foundation(options)), Layer.provide(NodeHttpServer.layerHttpServices))
  )
