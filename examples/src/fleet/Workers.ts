/**
 * The processes of the fleet, and what they tell.
 */
import { Deferred, Effect, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"
import * as NodeNet from "node:net"
import * as NodeUrl from "node:url"
import * as Told from "./Told.ts"

const program = NodeUrl.fileURLToPath(new URL("worker.js", import.meta.url))

const freePort = Effect.callback<number>((resume) => {
  const server = NodeNet.createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(typeof address === "object" ? (address?.port ?? 0) : 0)))
  })
})

/** What is known of an export: who began it, who told of it last, and what. */
export interface Known {
  readonly began: string
  readonly last: string
  readonly told: Told.Progress
}

/** Which process is started. */
export interface Options {
  readonly name: string
  readonly schema: string
  readonly known: Map<string, Known>
  readonly onTold: (name: string, told: Told.Progress) => Effect.Effect<void>
}

/** Starts a process and waits until it is there; what it tells goes into `known`, and then to `onTold`. It ends with the scope. */
export const start = Effect.fnUntraced(function* ({ known, name, onTold, schema }: Options) {
  const ready = yield* Deferred.make<void>()
  const handle = yield* ChildProcess.make(process.execPath, [program], {
    stderr: "inherit",
    extendEnv: true,
    env: { FLEET_SCHEMA: schema, FLEET_PORT: String(yield* freePort) },
    forceKillAfter: "3 seconds"
  })
  yield* handle.stdout.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.mapEffect((line) => Schema.decodeEffect(Told.Line)(line)),
    Stream.runForEach((told) => {
      if (told._tag === "Ready") return Deferred.succeed(ready, undefined)
      known.set(told.account, { began: known.get(told.account)?.began ?? name, last: name, told })
      return onTold(name, told)
    }),
    Effect.forkScoped
  )
  const ended = Effect.flatMap(handle.exitCode, (code) =>
    Effect.die(new Error(`worker ${name} ended with ${code} before it was ready`))
  )
  yield* Effect.raceFirst(Deferred.await(ready), ended)
  return { name, pid: handle.pid, kill: handle.kill({ killSignal: "SIGKILL" }) }
})
