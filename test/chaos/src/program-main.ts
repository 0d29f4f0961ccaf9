/**
 * The process of a program; its plan is the file that it is given.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import "effect-kalshi/jit"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as NodeFs from "node:fs"
import * as Plan from "./Plan.ts"
import * as Program from "./Program.ts"

// whoever started it holds its input open: nobody is left to tell when that ends
process.stdin.resume()
process.stdin.on("end", () => process.exit(2))

const plan = Effect.sync(() => NodeFs.readFileSync(process.argv[2] ?? "", "utf8")).pipe(
  Effect.flatMap(Schema.decodeEffect(Schema.fromJsonString(Plan.Program)))
)

NodeRuntime.runMain(
  Effect.ensuring(
    Effect.flatMap(plan, Program.run),
    Effect.sync(() => process.stdin.destroy())
  )
)
