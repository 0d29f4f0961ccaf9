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
    // what is out of order here is so for a moment: no circuit needs to open
    Layer.provide(Kalshi.layerConfig({ breaker: "none" })),
    Layer.provide(ConfigProvider.layer(ConfigProvider.nested(ConfigProvider.fromEnv(), account.toUpperCase()))),
    Layer.catchTag("CredentialsError", ({ message }) =>
      Layer.effect(History.History, Effect.fail(new ExportWorkflow.AccountError({ account, description: message })))
    )
  )

/** Opens the exchanges, and puts their accounts into the environment. */
export const open = Effect.gen(function* () {
  const controls = new Map<string, Control.Control["Service"]>()
  for (const [index, account] of names.entries()) {
    const history = { fills: FILLS, orders: FILLS / 3, settlements: 30 }
    const services = yield* Layer.build(Sandbox.layer({ seed: index + 1, keyType: "ed25519", history }))
    const { keyId, privateKey, url } = Context.get(services, Sandbox.Sandbox)
    const prefix = `${account.toUpperCase()}_KALSHI`
    process.env[`${prefix}_ENV`] = "sandbox"
    process.env[`${prefix}_BASE_URL`] = url
    process.env[`${prefix}_API_KEY_ID`] = keyId
    process.env[`${prefix}_PRIVATE_KEY`] = Redacted.value(privateKey)
    controls.set(account, Context.get(services, Control.Control))
  }
  const all = Array.from(controls.values())
  const always = { times: Number.MAX_SAFE_INTEGER }
  return {
    /** Answers take a while, as over a long way. */
    slow: Effect.forEach(all, ({ inject }) => inject(Faults.latency("300 millis"), always)),
    /** Nobody answers for an account any more. */
    pause: (account: string) => controls.get(account)?.inject(Faults.gatewayPage(503), always) ?? Effect.void,
    /** All answer, and at once. */
    resume: Effect.forEach(all, ({ clearFaults }) => clearFaults)
  }
})

export type Exchanges = Effect.Success<typeof open>
