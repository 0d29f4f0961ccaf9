/**
 * The accounts of the fleet, each with an exchange of its own in a sandbox, so
 * that all of them look back on half a year. Processes find them in their
 * environment: `ALICE_KALSHI_API_KEY_ID` and so on.
 */
import { ExportWorkflow, History } from "@effect-kalshi/history"
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { ConfigProvider, Context, Effect, Layer, Redacted } from "effect"
import { Kalshi } from "effect-kalshi/node"

export const names = ["alice", "bob", "carol", "dave", "erin", "frank"]

const FILLS = 2000

/** The history of an account, from the variables that begin with its name. */
export const historyOf = (account: string): Layer.Layer<History.History, ExportWorkflow.AccountError> =>
  History.layer.pipe(
    Layer.provide(Kalshi.layerConfig()),
    Layer.provide(ConfigProvider.layer(ConfigProvider.nested(ConfigProvider.fromEnv(), account.toUpperCase()))),
    Layer.catchTag("CredentialsError", ({ message }) =>
      Layer.effect(History.History, Effect.fail(new ExportWorkflow.AccountError({ account, description: message })))
    )
  )

/** Opens the exchanges, and puts their accounts into the environment. */
export const open = Effect.gen(function* () {
  const controls = yield* Effect.forEach(
    names,
    Effect.fnUntraced(function* (account, index) {
      const services = yield* Layer.build(
        Sandbox.layer({
          seed: index + 1,
          keyType: "ed25519",
          history: { fills: FILLS, orders: FILLS / 3, settlements: 30 }
        })
      )
      const { keyId, privateKey, url } = Context.get(services, Sandbox.Sandbox)
      const prefix = `${account.toUpperCase()}_KALSHI`
      process.env[`${prefix}_ENV`] = "sandbox"
      process.env[`${prefix}_BASE_URL`] = url
      process.env[`${prefix}_API_KEY_ID`] = keyId
      process.env[`${prefix}_PRIVATE_KEY`] = Redacted.value(privateKey)
      return Context.get(services, Control.Control)
    })
  )
  return {
    /** An answer takes a while from now on, as over a long way. */
    farAway: Effect.forEach(controls, ({ inject }) =>
      inject(Faults.latency("400 millis"), { times: Number.MAX_SAFE_INTEGER })
    ),
    /** It does no longer. */
    near: Effect.forEach(controls, ({ clearFaults }) => clearFaults)
  }
})

export type Exchanges = Effect.Success<typeof open>
