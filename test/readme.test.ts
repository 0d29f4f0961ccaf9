/** What the README says is so. */
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Fs from "node:fs"

const root = new URL("../", import.meta.url)
const read = (path: string): string => Fs.readFileSync(new URL(path, root), "utf8")
const readme = read("README.md")

const Manifest = Schema.fromJsonString(
  Schema.Struct({
    scripts: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    dependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    devDependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    peerDependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
  })
)
const manifest = (path: string) => Schema.decodeSync(Manifest)(read(path))

describe("the README", () => {
  it("shows the first program as it runs", () => {
    const block = /<!-- examples\/src\/first\.ts -->\n+```ts\n([\s\S]*?)```/.exec(readme)
    assert.strictEqual(block?.[1], read("examples/src/first.ts"))
  })

  it("names commands that there are", () => {
    const scripts = manifest("package.json").scripts ?? {}
    const named = [...readme.matchAll(/npm run ([a-z]+)/g)].map((match) => match[1] ?? "")
    assert.includeMembers(named, ["demo", "example", "sandbox", "check"])
    for (const name of named) assert.property(scripts, name)
  })

  it("has a line for each dependency", () => {
    const manifests = [
      "package.json",
      "packages/kalshi/package.json",
      "packages/sandbox/package.json",
      "packages/history/package.json",
      "packages/cli/package.json",
      "test/package.json"
    ]
    const section = readme.slice(readme.indexOf("## Dependencies"), readme.indexOf("## Layout"))
    for (const path of manifests) {
      const { dependencies, devDependencies, peerDependencies } = manifest(path)
      for (const name of Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })) {
        // types of Node are no code, and our own packages are no dependencies
        if (name === "@types/node" || name.includes("effect-kalshi")) continue
        assert.include(section, `\`${name}\``, path)
      }
    }
  })
})
