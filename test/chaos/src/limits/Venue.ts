/**
 * The exchange of the processes: one account at the Basic tier, behind a
 * network on which nothing takes as long as what was sent before it.
 */
import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { Contracts, Dollars } from "effect-kalshi"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

export const limits = Buckets.basic

const ACCOUNT = "trader"
const TICKER = "KXLIMITS-26-A"
const RICH = Dollars.of(100_000_000)
const DELAY = 150

export const layer = (seed: number) => Sandbox.layer({ seed, keyType: "ed25519", limits, markets: false })

export interface Key {
  readonly url: string
  readonly account: string
  readonly keyId: string
  readonly privateKey: string
  readonly ticker: string
}

/** A name under which nobody has spent yet. */
export const budget: Effect.Effect<string> = Effect.map(Clock.currentTimeMillis, (now) => `chaos-${process.pid}-${now}`)

/** Lists the market, and gives as many keys of the account. */
export const open = Effect.fnUntraced(function* (keys: number) {
  const control = yield* Control.Control
  const { url } = yield* Sandbox.Sandbox
  yield* control.listMarket({ ticker: TICKER, event: "KXLIMITS-26" })
  return yield* Effect.forEach(Array.from({ length: keys }), (_, index) =>
    Effect.map(
      control.account(ACCOUNT, { key: "ed25519", ...(index === 0 ? { deposit: RICH } : {}) }),
      ({ id, keyId, privateKey }): Key => ({
        url,
        account: id,
        keyId,
        privateKey: Redacted.value(privateKey),
        ticker: TICKER
      })
    )
  )
})

/** How many requests were refused by empty buckets, of all of them. */
export const refusals = ({ refused }: Buckets.Tokens): number =>
  Object.values(refused).reduce((sum, each) => sum + each, 0)

/** Every request takes up to as long on its way, and its answer too. */
export const delayed = (seed: number): Effect.Effect<void, never, Control.Control> =>
  Control.Control.use((control) =>
    control.setChaos({
      seed,
      rules: [
        {
          faults: [
            {
              share: 1,
              fault: (random) =>
                Faults.delayed(Duration.millis(random.between(0, DELAY)), Duration.millis(random.between(0, DELAY)))
            }
          ]
        }
      ]
    })
  )

/** Orders of the account that rest, placed without its tokens. */
export const resting = (account: string, count: number): Effect.Effect<ReadonlyArray<string>, never, Control.Control> =>
  Control.Control.use((control) =>
    Effect.orDie(
      Effect.forEach(Array.from({ length: count }), () =>
        Effect.map(
          control.place(account, {
            ticker: TICKER,
            side: "bid",
            price: Dollars.cents(1),
            count: Contracts.of(1)
          }),
          ({ orderId }) => orderId
        )
      )
    )
  )
