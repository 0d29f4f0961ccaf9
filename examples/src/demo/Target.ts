/**
 * Which exchange the demo runs against, and what it may do there.
 *
 * Without `KALSHI_ENV` it opens a sandbox of its own, seeds it, and can ask it
 * for the truth afterwards. With `KALSHI_ENV` it uses the exchange that is
 * configured; it trades on sandboxes only.
 */
import { Control, type Model, Sandbox } from "@effect-kalshi/sandbox"
import { Config, Context, Data, Effect, Layer, Option } from "effect"
import type { HttpServerError } from "effect/http"
import { Credentials, type CredentialsError, Dollars, Environment, type Kalshi, Portfolio } from "effect-kalshi"
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

export class Target extends Context.Service<
  Target,
  {
    /** What to call it. */
    readonly name: string
    readonly url: string
    readonly trades: boolean
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
  NodeKalshi.layer({ readOnly, rateLimit: "basic" }).pipe(
    Layer.provide(
      Credentials.layer({ environment: Environment.sandbox(url), keyId: key.keyId, privateKey: key.privateKey })
    ),
    Layer.provide(NodeKalshi.layerHttpClient)
  )

// A sandbox of the demo's own, with somebody else on it.
const own = (options: Options) => {
  const { fills, orders, readOnly, seed, settlements } = options
  const target = Effect.gen(function* () {
    const sandbox = yield* Sandbox.Sandbox
    const control = yield* Control.Control
    const key = yield* control.account("another participant", { deposit: Dollars.of(10_000) })
    const other = yield* Layer.build(client(sandbox.url, key, false))
    return Target.of({
      name: "a sandbox of its own",
      url: sandbox.url,
      trades: !readOnly,
      books: { account: control.truth(sandbox.account), exchange: control.audit },
      other: Context.get(other, Portfolio.Portfolio)
    })
  })
  const member = Layer.unwrap(Effect.map(Sandbox.Sandbox, (sandbox) => client(sandbox.url, sandbox, readOnly)))
  return Layer.merge(Layer.effect(Target, target), member).pipe(
    Layer.provide(Sandbox.layer({ seed, history: { fills, orders, settlements } }))
  )
}

// The exchange of the environment variables.
const configured = (options: Options) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const environment = yield* Credentials.environmentConfig
      const isSandbox = environment.name === "sandbox"
      if (!isSandbox && !options.readOnly) return yield* new Refuses({ environment: environment.name })
      return Layer.merge(
        Layer.succeed(
          Target,
          Target.of({
            name: isSandbox ? "a sandbox" : environment.name,
            url: environment.baseUrl,
            trades: !options.readOnly
          })
        ),
        NodeKalshi.layerConfig({ readOnly: options.readOnly, rateLimit: "basic" })
      )
    })
  )

/** Whether the demo opens a sandbox of its own. */
export const isOwn = Effect.map(
  Config.option(Config.String("KALSHI_ENV")),
  (environment) => Option.isNone(environment) || environment.value.trim() === ""
)

/** Decides by `KALSHI_ENV`; nothing is sent before it has decided. */
export const layer = (
  options: Options
): Layer.Layer<
  Target | Kalshi.Kalshi,
  Refuses | Config.ConfigError | CredentialsError.CredentialsError | HttpServerError.ServeError
> => {
  const choose = (mine: boolean): ReturnType<typeof layer> => (mine ? own(options) : configured(options))
  return Layer.unwrap(Effect.map(isOwn, choose))
}
