/** Every public export says what it is, since when, and where it belongs. */
import { assert, describe, it } from "@effect/vitest"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as Url from "node:url"

const root = Url.fileURLToPath(new URL("../packages/", import.meta.url))

/** The packages, and the folders in each that it does not export. */
const packages: Readonly<Record<string, ReadonlyArray<string>>> = {
  kalshi: ["guard", "internal", "journal", "limits", "node", "portfolio", "service"],
  history: ["account", "export", "file", "format", "kinds", "ledger", "report", "sink", "window"],
  cli: ["commands", "work"]
}

const modules = (directory: string, closed: ReadonlyArray<string>): ReadonlyArray<string> =>
  Fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = Path.join(directory, entry.name)
    if (!entry.isDirectory()) return [path]
    return closed.includes(entry.name) ? [] : modules(path, [])
  })

/** The exports of a module that lack a part of their documentation. */
const lacking = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^export (?:const|class|interface|type|function) (\w+)/gm)].flatMap(({ 1: name = "", index }) => {
    const before = text.slice(0, index).trimEnd()
    const doc = before.endsWith("*/") ? before.slice(before.lastIndexOf("/**")) : ""
    return doc.includes("@since") && doc.includes("@category") ? [] : [name]
  })

describe("documentation", () => {
  const all = Object.entries(packages).flatMap(([name, closed]) =>
    modules(Path.join(root, name, "src"), closed).filter(
      (path) => path.endsWith(".ts") && !Fs.readFileSync(path, "utf8").includes("// @barrel")
    )
  )

  it("sees the modules", () => {
    assert.isAbove(all.length, 30)
    assert.deepStrictEqual(lacking("/** x */\nexport const a = 1"), ["a"])
  })

  for (const path of all) {
    it(Path.relative(root, path), () => {
      const text = Fs.readFileSync(path, "utf8")
      assert.isTrue(text.trimStart().replace("#!/usr/bin/env node\n", "").startsWith("/**"), "the module has no header")
      assert.deepStrictEqual(lacking(text), [])
    })
  }
})
