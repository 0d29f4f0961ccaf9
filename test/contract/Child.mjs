// @ts-check
/**
 * Goes before the program of a process that a test has started (`--import`),
 * and before those that it starts: what their servers are asked and answer is
 * written down, a line each, in a file of each process, for the test to judge
 * (`Children.ts`).
 */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as Listen from "./Listen.mjs"

const directory = process.env["CONTRACT_HEARD"]

if (directory !== undefined) {
  const file = Path.join(directory, `${process.pid}.ndjson`)
  // At once: a process may end at any time, and how it ends is not its own choice.
  Listen.install((heard) => Fs.appendFileSync(file, `${JSON.stringify(heard)}\n`, { mode: 0o600 }))
}
