/**
 * The flags that commands share.
 *
 * @since 0.1.0
 */
import * as CliError from "effect/cli/CliError"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Environment from "effect-kalshi/Environment"
import * as Times from "./Times.ts"

/**
 * The flags of every command, before or after its name.
 *
 * @since 0.1.0
 * @category flags
 */
export const shared = {
  env: Flag.Literals("env", Environment.names).pipe(
    Flag.withDescription(
      "Which exchange (or KALSHI_ENV); there is no default. sandbox without KALSHI_BASE_URL starts one"
    ),
    Flag.optional
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("JSON alone on standard output: one value, or one a line for lists"),
    Flag.withDefault(false)
  ),
  quiet: Flag.Boolean("quiet").pipe(
    Flag.withAlias("q"),
    Flag.withDescription("Say nothing but what was asked for, and failures"),
    Flag.withDefault(false)
  )
}

/**
 * The market to look at.
 *
 * @since 0.1.0
 * @category flags
 */
export const ticker = Flag.String("ticker").pipe(
  Flag.withDescription("Only this market"),
  Flag.withSchema(Schema.NonEmptyString),
  Flag.optional
)

/**
 * The event to look at.
 *
 * @since 0.1.0
 * @category flags
 */
export const event = Flag.String("event").pipe(
  Flag.withDescription("Only the markets of this event"),
  Flag.withSchema(Schema.NonEmptyString),
  Flag.optional
)

/**
 * A subaccount, 0 being the primary one.
 *
 * @since 0.1.0
 * @category flags
 */
export const subaccount = Flag.Int("subaccount").pipe(
  Flag.withDescription("Only this subaccount; 0 is the primary one"),
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 63 }))),
  Flag.optional
)

/**
 * A time, as `Times.fromString` reads it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const time = (name: string, description: string): Flag.Flag<Option.Option<Times.Time>> =>
  Flag.String(name).pipe(
    Flag.withDescription(description),
    Flag.mapEffect((value) =>
      Option.match(Times.fromString(value), {
        onNone: () =>
          Effect.fail(new CliError.InvalidValue({ option: name, value, expected: Times.expected, kind: "flag" })),
        onSome: Effect.succeed
      })
    ),
    Flag.optional
  )

/**
 * From when on, this instant included.
 *
 * @since 0.1.0
 * @category flags
 */
export const since = time("since", `From then on: ${Times.expected}`)

/**
 * Until when, this instant excluded.
 *
 * @since 0.1.0
 * @category flags
 */
export const until = time("until", "Until before then, given as --since is")

/**
 * How many rows, the newest first; 0 is all.
 *
 * @since 0.1.0
 * @category flags
 */
export const limit = Flag.Int("limit").pipe(
  Flag.withAlias("n"),
  Flag.withDescription("How many, the newest first; 0 is all (default 50)"),
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000_000 }))),
  Flag.withDefault(50)
)
