/**
 * The processes that a test starts are judged as the test is: what the servers
 * in them are asked and answer goes on the record of the test that started
 * them, when they have ended.
 *
 * A sandbox in memory has no server. The one that runs in a process of its own
 * is that of the example `in-memory`; those of the tests are tapped (`setup.ts`).
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import type * as Listen from "./Listen.mjs"
import * as Tap from "./Tap.ts"

const before = new URL("Child.mjs", import.meta.url).href

const heardIn = (file: string): ReadonlyArray<Listen.Heard> =>
  Fs.readFileSync(file, "utf8")
    .split("\n")
    // what a process that was killed has left is no line
    .slice(0, -1)
    .map((line) => JSON.parse(line))

/**
 * The environment variables of a process, and of those that it starts, with
 * which they are judged when the scope closes; by then they have ended.
 */
export const judged: Effect.Effect<Readonly<Record<string, string>>, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "contract-"))),
    (directory) =>
      Effect.sync(() => {
        try {
          for (const name of Fs.readdirSync(directory)) heardIn(Path.join(directory, name)).forEach(Tap.record)
        } finally {
          // there are passwords and tokens in it
          Fs.rmSync(directory, { recursive: true })
        }
      })
  ),
  (directory) => ({ NODE_OPTIONS: `--import=${before}`, CONTRACT_HEARD: directory })
)
