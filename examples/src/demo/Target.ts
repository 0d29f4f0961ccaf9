/**
 * Which exchange the demo runs against, and what it may do there.
 *
 * Without `KALSHI_ENV` it opens a sandbox of its own, seeds it, and can ask it
 * for the truth afterwards. With `KALSHI_ENV` it uses the exchange that is
 * configured; it trades on sandboxes only. With `--legacy` all of it goes over
 * the wire of API 2.0.0, which has a login and no market data: those of a
 * sandbox are on today's wire beside it.
 */
import { Control, type Model, Sandbox } from "@effect-kalshi/sandbox"
import { Config, Context, Data, Effect, Layer, Option } from "effect"
import type { HttpServerError } from "effect/http"
import { Credentials, type CredentialsError, Dollars, Environment, Markets, Portfolio } from "effect-kalshi"
import { Kalshi as NodeKalshi } from "effect-kalshi/node"
import type { Options } from "./Options.ts"

/** The demo does not trade where money or other people are. */
export class Refuses extends Data.TaggedError("Refuses")<{ readonly environment: string }> {
  override get message(): string {
    return (
      `KALSHI_ENV is ${this.environment}: this demo places no orders there.\n` +
      "      npm run demo -- --read-only   reads and exports your account; it sends no order."
    )
  }
}

/** What the sandbox knows, for the comparison at the end. */
export interface Books {
  readonly account: Effect.Effect<Control.Truth>
  readonly exchange: Effect.Effect<Model.Audit>
}

/** The wire of a portfolio. */
export type Wire = "today" | "2.0.0"

export class Target extends Context.Service<
  Target,
  {
    /** What to call it. */
    readonly name: string
    readonly url: string
    readonly trades: boolean
    /** Why it does not trade, where nobody asked for that. */
    readonly whyNot?: string | undefined
    /** How requests say who sends them. */
    readonly signed: string
    /** Which wire the portfolio is on. */
    readonly wire: Wire
    /** Absent where nobody but the exchange knows the truth. */
    readonly books?: Books | undefined
    /** Another participant with a key of their own. */
    readonly other?: Portfolio.Portfolio["Service"] | undefined
  }
>()("demo/Target") {}

interface Key {
  readonly keyId: string
  readonly privateKey: Sandbox.Sandbox["Service"]["privateKey"]
}

// a signed client over real sockets, within the budget of the Basic tier
const client = (url: string, key: Key, readOnly: boolean) =>
  NodeKalshi.layer({ readOnly }).pipe(
    Layer.provide(
      Credentials.layer({ environment: Environment.sandbox(url), keyId: key.keyId, privateKey: key.privateKey })
    ),
    Layer.provide(NodeKalshi.layerHttpClient)
  )

// the same account on the wire of 2.0.0; market data are public, and only today's wire has them
const legacyClient = <E>(
  login: Layer.Layer<Credentials.LegacyCredentials, E>,
  today: Environment.Environment,
  readOnly: boolean
) =>
  Layer.merge(
    Layer.provide(NodeKalshi.layerLegacy({ readOnly }), login),
    Layer.effect(Markets.Markets, Markets.Markets).pipe(
      Layer.provide(NodeKalshi.layer({ readOnly: true })),
      Layer.provide(Credentials.layerAnonymous(today))
    )
  ).pipe(Layer.provide(NodeKalshi.layerHttpClient))

const login = ({ email, password, url }: Sandbox.Sandbox["Service"]["legacy"]) =>
  Credentials.layerLogin({ environment: Environment.sandbox(url), email, password })

const signed: Readonly<Record<Wire, string>> = {
  today: "every request signed",
  "2.0.0": "every request with the token of a login"
}

// A sandbox of the demo's own, with somebody else on it.
const own = (options: Options) => {
  const { fills, legacy, orders, readOnly, seed, settlements } = options
  const wire: Wire = legacy ? "2.0.0" : "today"
  const target = Effect.gen(function* () {
    const sandbox = yield* Sandbox.Sandbox
    const control = yield* Control.Control
    const key = yield* control.account("another participant", { deposit: Dollars.of(10_000) })
    const other = yield* Layer.build(client(sandbox.url, key, false))
    return Target.of({
      name: "a sandbox of its own",
      url: legacy ? sandbox.legacy.url : sandbox.url,
      trades: !readOnly,
      signed: signed[wire],
      wire,
      books: { account: control.truth(sandbox.account), exchange: control.audit },
      other: Context.get(other, Portfolio.Portfolio)
    })
  })
  const member = Layer.unwrap(
    Effect.map(Sandbox.Sandbox, (sandbox): Layer.Layer<Services, CredentialsError.CredentialsError> =>
      legacy
        ? legacyClient(login(sandbox.legacy), Environment.sandbox(sandbox.url), readOnly)
        : client(sandbox.url, sandbox, readOnly)
    )
  )
  return Layer.merge(Layer.effect(Target, target), member).pipe(
    // an exchange of that time has whole cents, so that its wire leaves nothing out
    Layer.provide(Sandbox.layer({ seed, history: { fills, orders, settlements }, wholeCents: legacy }))
  )
}

/** What the demo needs of an exchange. */
type Services = Portfolio.Portfolio | Markets.Markets

// where every sandbox has the wire of 2.0.0
const LEGACY = /\/legacy(?=\/trade-api\/v2$)/

// An installation of API 2.0.0. To trade one has to know its markets, which a sandbox alone tells.
const configuredLegacy = Effect.fnUntraced(function* ({ readOnly }: Options) {
  const credential = yield* Credentials.legacyConfig
  const { environment } = credential
  const { baseUrl, name } = environment
  const isSandbox = name === "sandbox" && LEGACY.test(baseUrl)
  return Layer.merge(
    Layer.succeed(
      Target,
      Target.of({
        name: isSandbox ? "a sandbox" : `an installation of API 2.0.0 (${name})`,
        url: baseUrl,
        trades: isSandbox && !readOnly,
        whyNot:
          isSandbox || readOnly ? undefined : "no orders are placed: this wire does not tell which markets there are",
        signed: signed["2.0.0"],
        wire: "2.0.0"
      })
    ),
    legacyClient(
      Layer.succeed(Credentials.LegacyCredentials, credential),
      isSandbox ? Environment.sandbox(baseUrl.replace(LEGACY, "")) : environment,
      readOnly
    )
  )
})

const configuredToday = Effect.fnUntraced(function* ({ readOnly }: Options) {
  const environment = yield* Credentials.environmentConfig
  const isSandbox = environment.name === "sandbox"
  if (!isSandbox && !readOnly) return yield* new Refuses({ environment: environment.name })
  return Layer.merge(
    Layer.succeed(
      Target,
      Target.of({
        name: isSandbox ? "a sandbox" : environment.name,
        url: environment.baseUrl,
        trades: !readOnly,
        signed: signed.today,
        wire: "today"
      })
    ),
    NodeKalshi.layerConfig({ readOnly })
  )
})

// The exchange of the environment variables.
const configured = (options: Options) =>
  options.legacy ? Layer.unwrap(configuredLegacy(options)) : Layer.unwrap(configuredToday(options))

/** Whether the demo opens a sandbox of its own. */
export const isOwn = Effect.map(
  Config.option(Config.String("KALSHI_ENV")),
  (environment) => Option.isNone(environment) || environment.value.trim() === ""
)

/** Decides by `KALSHI_ENV`; nothing is sent before it has decided. */
export const layer = (
  options: Options
): Layer.Layer<
  Target | Services,
  Refuses | Config.ConfigError | CredentialsError.CredentialsError | HttpServerError.ServeError
> => {
  const choose = (mine: boolean): ReturnType<typeof layer> => (mine ? own(options) : configured(options))
  return Layer.unwrap(Effect.map(isOwn, choose))
}
