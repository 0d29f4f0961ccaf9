/**
 * Whether the harness bites: the same run with one planted mistake at a time
 * has to end with exit code 1, in a process of its own, and without a mistake
 * with 0.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stream from "effect/Stream"
import * as NodeFs from "node:fs"
import * as NodeUrl from "node:url"
import * as Plan from "./Plan.ts"
import { Screen } from "./Screen.ts"

/** What came of a run with a mistake. */
export interface Tooth {
  readonly defect: Plan.Defect | "none"
  readonly exitCode: number | undefined
  /** The ways in which it broke, and how often. */
  readonly broke: Readonly<Record<string, number>>
  readonly bites: boolean
}

const main = NodeUrl.fileURLToPath(new URL("../dist/main.js", import.meta.url))

const Told = Schema.Struct({
  orders: Schema.Record(Schema.String, Schema.Unknown),
  crashes: Schema.Array(Schema.String)
})
const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Told))
const kinds = ["lost", "duplicated", "misreported", "unresolved", "staleResends", "unrecorded"]

/** Plays one, with a mistake or without. */
export const one = Effect.fnUntraced(function* (
  defect: Plan.Defect | undefined,
  seed: number,
  seconds: number,
  folder: string
) {
  const name = defect ?? "none"
  const out = `${folder}/${name}`
  const child = yield* ChildProcess.make(
    process.execPath,
    [
      "--enable-source-maps",
      main,
      "tooth",
      ...(defect === undefined ? [] : ["--defect", defect]),
      "--seed",
      String(seed),
      "--minutes",
      String(seconds / 60),
      "--out",
      out
    ],
    { killSignal: "SIGTERM", forceKillAfter: "5 seconds" }
  )
  yield* Effect.forkChild(Stream.runDrain(child.all))
  const exit = yield* Effect.result(child.exitCode)
  const exitCode = Result.isSuccess(exit) ? exit.success : undefined
  const file = `${out}/chaos.json`
  const told = NodeFs.existsSync(file) ? decode(NodeFs.readFileSync(file, "utf8")) : { orders: {}, crashes: ["?"] }
  const broke = Object.fromEntries(
    kinds.flatMap((kind) => {
      const times = told.orders[kind]
      return typeof times === "number" && times > 0 ? [[kind, times]] : []
    })
  )
  // a program that crashes has found nothing
  const found = Object.keys(broke).length > 0 && told.crashes.length === 0
  const tooth: Tooth = {
    defect: name,
    exitCode,
    broke,
    bites: defect === undefined ? exitCode === 0 : exitCode === 1 && found
  }
  return tooth
}, Effect.scoped)

/** Plays all of them, and first the run without a mistake that they are compared with. */
export const all = Effect.fnUntraced(function* (seed: number, seconds: number, folder: string) {
  const screen = yield* Screen
  const teeth: Array<Tooth> = []
  for (const defect of [undefined, ...Plan.defects]) {
    yield* screen.status(`  ${defect ?? "without a mistake"} …`)
    const tooth = yield* one(defect, seed, seconds, folder)
    const broke = Object.entries(tooth.broke).map(([kind, times]) => `${times} ${kind}`)
    yield* screen.line(
      `  ${tooth.bites ? "✓" : "✗"} ${(defect ?? "without a mistake").padEnd(20)}  exit ${tooth.exitCode ?? "?"}` +
        `${broke.length === 0 ? "" : `: ${broke.join(", ")}`}`
    )
    teeth.push(tooth)
  }
  return teeth
})
