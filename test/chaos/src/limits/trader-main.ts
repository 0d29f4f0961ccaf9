/**
 * The process of a trader; its plan is the file that it is given.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import "effect-kalshi/jit"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as NodeFs from "node:fs"
import * as Plan from "./Plan.ts"
import * as Trader from "./Trader.ts"

// whoever started it holds its input open: nobody is left to tell when that ends
process.stdin.resume()
process.stdin.on("end", () => process.exit(2))

const plan = Effect.sync(() => NodeFs.readFileSync(process.argv[2] ?? "", "utf8")).pipe(
  Effect.flatMap(Schema.decodeEffect(Schema.fromJsonString(Plan.Trader)))
)

NodeRuntime.runMain(
  Effect.flatMap(plan, Trader.run).pipe(
    Effect.ensuring(Effect.sync(() => process.stdin.destroy())),
    Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatSimple)]))
  )
)
