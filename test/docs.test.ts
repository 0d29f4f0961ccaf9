/** Every public export of the client says what it is, since when, and where it belongs. */
import { assert, describe, it } from "@effect/vitest"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as Url from "node:url"

const src = Url.fileURLToPath(new URL("../packages/kalshi/src/", import.meta.url))

/** The folders that the package does not export. */
const closed = new Set(["guard", "internal", "journal", "limits", "node", "portfolio", "service"])

const modules = (directory: string): ReadonlyArray<string> =>
  Fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = Path.join(directory, entry.name)
    if (!entry.isDirectory()) return [path]
    return directory === src && closed.has(entry.name) ? [] : modules(path)
  })

/** The exports of a module that lack a part of their documentation. */
const lacking = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^export (?:const|class|interface|type|function) (\w+)/gm)].flatMap(({ 1: name = "", index }) => {
    const before = text.slice(0, index).trimEnd()
    const doc = before.endsWith("*/") ? before.slice(before.lastIndexOf("/**")) : ""
    return doc.includes("@since") && doc.includes("@category") ? [] : [name]
  })

describe("documentation", () => {
  const all = modules(src).filter((path) => !Fs.readFileSync(path, "utf8").includes("// @barrel"))

  it("sees the modules", () => {
    assert.isAbove(all.length, 30)
    assert.deepStrictEqual(lacking("/** x */\nexport const a = 1"), ["a"])
  })

  for (const path of all) {
    it(Path.relative(src, path), () => {
      const text = Fs.readFileSync(path, "utf8")
      assert.isTrue(text.trimStart().startsWith("/**"), "the module has no header")
      assert.deepStrictEqual(lacking(text), [])
    })
  }
})
