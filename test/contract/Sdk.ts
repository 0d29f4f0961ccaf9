/**
 * What the official SDK says, read from its installed package: the JSON Schema
 * of every model, and of every operation its method, path, query parameters,
 * body and successful answer. Nothing here is written by hand, so nothing here
 * can agree with us by mistake.
 */
import * as Crypto from "node:crypto"
import * as Fs from "node:fs"
import { createRequire } from "node:module"
import * as Path from "node:path"

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [key: string]: unknown }

/** A query parameter as the SDK's request builder knows it. */
export interface QueryParameter {
  readonly type: "string" | "number" | "boolean"
  readonly many: boolean
  readonly required: boolean
  readonly members: ReadonlyArray<string> | undefined
}

/** An operation of the SDK. */
export interface Operation {
  readonly name: string
  readonly method: string
  /** The path below `/trade-api/v2`, with `{name}` for what varies. */
  readonly path: string
  readonly query: Readonly<Record<string, QueryParameter>>
  /** The name of the model of the body that is sent, if one is. */
  readonly request: string | undefined
  /** The status of success and the name of the model of its body, if it has one; `object` is any object. */
  readonly success: { readonly status: number; readonly type: string | undefined }
}

const require = createRequire(import.meta.url)
const directory = Path.dirname(require.resolve("kalshi-typescript/package.json"))

const versionOf = (manifest: string): string => {
  const parsed: unknown = JSON.parse(Fs.readFileSync(manifest, "utf8"))
  if (typeof parsed === "object" && parsed !== null && "version" in parsed && typeof parsed.version === "string") {
    return parsed.version
  }
  throw new Error(`${manifest} has no version`)
}

/** The version of the SDK that judges. */
export const version = versionOf(Path.join(directory, "package.json"))

/** Whether a value is an object with keys (not a list, not null). */
export const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

// ---------------------------------------------------------------------------
// models

const options = {
  path: Path.join(directory, "models/*.ts"),
  type: "*",
  skipTypeCheck: true,
  additionalProperties: false,
  topRef: true,
  expose: "export",
  jsDoc: "extended"
} as const

/** Generates the JSON Schema of every model of the SDK (about two seconds). */
export const generate = async (): Promise<Readonly<Record<string, JsonSchema>>> => {
  const { createGenerator } = await import("ts-json-schema-generator")
  // As JSON, so that a fresh generation and a cached one are the same value.
  const schema: unknown = JSON.parse(JSON.stringify(createGenerator(options).createSchema("*")))
  const definitions = isRecord(schema) ? schema["definitions"] : undefined
  if (!isRecord(definitions) || Object.keys(definitions).length < 200) {
    throw new Error("the SDK's models did not become JSON Schema")
  }
  return definitions as Readonly<Record<string, JsonSchema>>
}

const cached = async (): Promise<Readonly<Record<string, JsonSchema>>> => {
  const generator = versionOf(Path.join(Path.dirname(require.resolve("ts-json-schema-generator")), "../package.json"))
  const sources = Crypto.createHash("sha256").update(JSON.stringify({ generator, ...options, path: "models" }))
  const models = Path.join(directory, "models")
  for (const file of Fs.readdirSync(models).toSorted()) {
    sources.update(file).update(Fs.readFileSync(Path.join(models, file)))
  }
  const cache = Path.join(import.meta.dirname, "../node_modules/.cache/effect-kalshi")
  const file = Path.join(cache, `sdk-${version}-${sources.digest("hex").slice(0, 16)}.json`)
  if (Fs.existsSync(file)) {
    return JSON.parse(Fs.readFileSync(file, "utf8")) as Readonly<Record<string, JsonSchema>>
  }
  const definitions = await generate()
  Fs.mkdirSync(cache, { recursive: true })
  // Several workers may do this at once: each writes its own file, the rename is atomic.
  const draft = `${file}.${process.pid}.${Crypto.randomUUID()}`
  Fs.writeFileSync(draft, JSON.stringify(definitions))
  Fs.renameSync(draft, file)
  return definitions
}

/**
 * The JSON Schema of every model by name, closed (`additionalProperties:
 * false`), kept on disk under a name that hashes the models' sources.
 */
export const definitions: Readonly<Record<string, JsonSchema>> = await cached()

// ---------------------------------------------------------------------------
// operations

const parametersOf = (signature: string): ReadonlyMap<string, string> => {
  const parameters = new Map<string, string>()
  for (const [, name, type] of signature.matchAll(/(\w+)\??: ([\w<>[\]]+)/g)) {
    parameters.set(name!, type!)
  }
  return parameters
}

const membersOf = (source: string, name: string): ReadonlyArray<string> | undefined => {
  const body = new RegExp(`export const ${name} = \\{([^}]*)\\} as const`).exec(source)?.[1]
  return body === undefined ? undefined : [...body.matchAll(/: '([^']*)'/g)].map((match) => match[1]!)
}

const queryParameter = (source: string, type: string, required: boolean): QueryParameter => {
  const many = type.startsWith("Array<")
  const one = many ? type.slice("Array<".length, -1) : type
  return {
    type: one === "number" || one === "boolean" ? one : "string",
    many,
    required,
    members: membersOf(source, one)
  }
}

const successOf = (docs: string, name: string): number => {
  const section = docs.slice(docs.indexOf(`# **${name}**`))
  const status = /\|\*\*(2\d\d)\*\*/.exec(section)?.[1]
  if (status === undefined) throw new Error(`the SDK's documentation has no success of ${name}`)
  return Number(status)
}

const typeOf = (result: string): string | undefined =>
  definitions[result] !== undefined || result === "object" ? result : undefined

const operationsOf = (source: string, docs: string): ReadonlyArray<Operation> => {
  const results = new Map(
    [...source.matchAll(/async (\w+)\(.*AxiosPromise<(.+)>> \{/g)].map((match) => [match[1]!, match[2]!])
  )
  const builders = source.slice(source.indexOf("AxiosParamCreator = "), source.indexOf("Fp = "))
  const heads = [...builders.matchAll(/^ {8}(\w+): async \((.*)\): Promise<RequestArgs> => \{$/gm)]
  return heads.map((head, index): Operation => {
    const name = head[1]!
    const parameters = parametersOf(head[2]!)
    const body = builders.slice(head.index, heads[index + 1]?.index)
    const one = (pattern: RegExp): string | undefined => pattern.exec(body)?.[1]
    const required = new Set([...body.matchAll(/assertParamExists\('\w+', '(\w+)'/g)].map((match) => match[1]!))
    const query: Record<string, QueryParameter> = {}
    for (const [, key, argument] of body.matchAll(/localVarQueryParameter\['(\w+)'\] = (\w+)/g)) {
      query[key!] = queryParameter(source, parameters.get(argument!) ?? "string", required.has(argument!))
    }
    const sent = one(/serializeDataIfNeeded\((\w+),/)
    const method = one(/\{ method: '(\w+)'/)
    const path = one(/localVarPath = `([^`]+)`/)
    const result = results.get(name)
    if (method === undefined || path === undefined || result === undefined) {
      throw new Error(`the SDK's ${name} is written in a way that is not understood`)
    }
    return {
      name,
      method,
      path,
      query,
      request: sent === undefined ? undefined : parameters.get(sent),
      success: { status: successOf(docs, name), type: typeOf(result) }
    }
  })
}

/** Every operation of the SDK by its name. */
export const operations: Readonly<Record<string, Operation>> = Object.fromEntries(
  Fs.readdirSync(Path.join(directory, "api"))
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const source = Fs.readFileSync(Path.join(directory, "api", file), "utf8")
      const api = /export class (\w+) extends BaseAPI/.exec(source)?.[1]
      const docs = Fs.readFileSync(Path.join(directory, "docs", `${api}.md`), "utf8")
      return operationsOf(source, docs).map((operation) => [operation.name, operation])
    })
)
