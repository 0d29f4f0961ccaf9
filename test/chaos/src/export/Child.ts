/**
 * A process that tells in lines what it does.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as ChildProcess from "node:child_process"
import * as Readline from "node:readline"

/** How to run something. */
export interface Command {
  readonly file: string
  readonly args: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  /** What it said to people. */
  readonly said: string
}

/** A process under way. */
export interface Child {
  /** Ends when it has, and all of its lines are read. */
  readonly ended: Effect.Effect<Ended>
  readonly send: (line: string) => Effect.Effect<void>
  /** Ends it at once, without a last word. */
  readonly kill: Effect.Effect<void>
}

/** Starts a process, which is killed at the end of the scope; `hear` is given each line of its standard output. */
export const start = (
  { args, env, file }: Command,
  hear: (line: string) => void
): Effect.Effect<Child, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = ChildProcess.spawn(file, args, {
        stdio: ["pipe", "pipe", "pipe"],
        env: { ...env, PATH: process.env["PATH"] }
      })
      let said = ""
      let ended: Ended | undefined
      let waiting: Array<(ended: Ended) => void> = []
      // who is killed may not read what it is sent
      child.stdin.on("error", () => {})
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text))
      const lines = Readline.createInterface({ input: child.stdout })
      lines.on("line", hear)
      const closed = new Promise<void>((resolve) => lines.once("close", resolve))
      child.once("error", (error) => (said += error.message))
      child.once("close", (code, signal) => {
        void closed.then(() => {
          ended = { code, signal, said }
          for (const resume of waiting) resume(ended)
          waiting = []
        })
      })
      const kill = Effect.sync(() => void child.kill("SIGKILL"))
      const self: Child = {
        ended: Effect.callback<Ended>((resume) => {
          if (ended !== undefined) return resume(Effect.succeed(ended))
          waiting.push((ended) => resume(Effect.succeed(ended)))
        }),
        send: (line) => Effect.sync(() => void child.stdin.write(`${line}\n`)),
        kill
      }
      return self
    }),
    ({ ended, kill }) => Effect.andThen(kill, ended)
  )
