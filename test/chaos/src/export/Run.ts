/**
 * One life of an exporter, from its start to its end or its kill.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as NodeUrl from "node:url"
import * as Child from "./Child.ts"
import * as Plan from "./Plan.ts"

// the built one: this module may run from its source
const main = NodeUrl.fileURLToPath(new URL("../../dist/export/exporter-main.js", import.meta.url))

/** How a program is run that understands the words of `kalshi export`, with what it needs in its environment. */
export type Program = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>>) => Child.Command

/** The exporter of the harness. */
export const exporter: Program = (args, env) => ({ file: process.execPath, args: [main, ...args], env })

export type Phase = "starting" | "reading" | "writing" | "done"

/** How far an exporter is, as it has told. */
export interface At {
  phase: Phase
  records: number
}

export interface Life {
  /** How far it is; goes on to change. */
  readonly at: Readonly<At>
  readonly ended: Effect.Effect<Child.Ended>
  readonly kill: Effect.Effect<void>
}

/** Starts an exporter, which ends with the scope. */
export const start = Effect.fnUntraced(function* (args: ReadonlyArray<string>, env: Readonly<Record<string, string>>) {
  const at: At = { phase: "starting", records: 0 }
  const child = yield* Child.start(exporter(args, env), (line) =>
    Option.match(Plan.told.decode(line), {
      onNone: () => {},
      onSome: (told) => {
        if (told._tag === "At") {
          at.phase = told.phase
          at.records = told.records
        } else if (told._tag === "Done") {
          at.phase = "done"
          at.records = told.records
        }
      }
    })
  )
  return { at, ended: child.ended, kill: child.kill } satisfies Life
})

/** Runs an exporter to its end, which has to be a good one. */
export const toEnd = Effect.fnUntraced(function* (args: ReadonlyArray<string>, env: Readonly<Record<string, string>>) {
  const { at, ended } = yield* start(args, env)
  const { code, said } = yield* ended
  if (code !== 0 || at.phase !== "done") return yield* Effect.die(`an export ended with ${code}: ${said}`)
  return at.records
}, Effect.scoped)
