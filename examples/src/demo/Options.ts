/**
 * What the demo can be told on its command line.
 */
import { Schema } from "effect"
import { Flag } from "effect/cli"

const amount = (name: string, what: string, standard: number) =>
  Flag.Int(name).pipe(
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))),
    Flag.withDescription(what),
    Flag.withDefault(standard)
  )

export const flags = {
  legacy: Flag.Boolean("legacy").pipe(
    Flag.withDescription("Speak the wire of API 2.0.0: a login, whole cents, yes and no; it trades on sandboxes alone"),
    Flag.withDefault(false)
  ),
  readOnly: Flag.Boolean("read-only").pipe(
    Flag.withDescription("Place no orders; needed for KALSHI_ENV=demo and production"),
    Flag.withDefault(false)
  ),
  fills: amount("fills", "Fills of the seeded account", 25_000),
  orders: amount("orders", "Orders of the seeded account", 8_000),
  settlements: amount("settlements", "Settlements of the seeded account", 600),
  seed: amount("seed", "Makes another history", 1),
  out: Flag.String("out").pipe(Flag.withDescription("Where the files go"), Flag.withDefault("out/demo")),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print a summary for machines; words go to standard error"),
    Flag.withDefault(false)
  )
}

export interface Options {
  readonly legacy: boolean
  readonly readOnly: boolean
  readonly fills: number
  readonly orders: number
  readonly settlements: number
  readonly seed: number
  readonly out: string
  readonly json: boolean
}
