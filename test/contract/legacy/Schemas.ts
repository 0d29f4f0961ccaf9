/**
 * The contract's schemas as validators. The contract leaves its objects open;
 * here they are closed both ways, so that a misspelt field shows. Every format
 * that it names is enforced: one that is not known here does not compile.
 */
import { Ajv } from "ajv"
import type { ValidateFunction } from "ajv"
import AjvFormats from "ajv-formats"
import { laterAdditions } from "../LaterAdditions.ts"
import { sentences, type Way, widen } from "../Schemas.ts"
import * as Sdk from "../Sdk.ts"
import * as Description from "./Description.ts"

/** Of how many bits a whole number is; that it is whole its type says. */
const bits = (count: number) =>
  ({ type: "number", validate: (value: number) => value >= -(2 ** (count - 1)) && value < 2 ** (count - 1) }) as const

/** What `ajv-formats` lacks, or takes more loosely than the contract's authors (a Go server) write it. */
const formats = {
  int32: bits(32),
  int64: bits(64),
  uuid: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  uuid4: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
} as const

/** The models whose values are secrets. */
const secret: ReadonlySet<string> = new Set(["LoginRequest", "LoginResponse"])

const close = (node: unknown): void => {
  if (Array.isArray(node)) node.forEach(close)
  if (!Sdk.isRecord(node)) return
  Object.values(node).forEach(close)
  if (node["type"] === "object") (node as { [key: string]: unknown })["additionalProperties"] = false
}

const make = (): Ajv => {
  const ajv = new Ajv({ allErrors: true, strict: true, verbose: true })
  AjvFormats.default(ajv)
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format)
  return ajv
}

const build = (way: Way): ((name: string) => ValidateFunction) => {
  const schemas = structuredClone(Description.schemas)
  close(schemas)
  if (way === "response") {
    for (const addition of laterAdditions) if (addition.kind === "anywhere") widen(addition.name, schemas)
  }
  const ajv = make()
  ajv.addVocabulary(["components"])
  ajv.addSchema({ $id: "contract", components: { schemas } })
  return (name) => {
    const validate = ajv.getSchema(`contract#/components/schemas/${name}`)
    if (validate === undefined) throw new Error(`the contract has no schema ${name}`)
    return validate
  }
}

const validators = { request: build("request"), response: build("response") }

/** What is wrong with a value as a model of the contract, one sentence a defect. */
export const defects = (way: Way, name: string, value: unknown): ReadonlyArray<string> => {
  const validate = validators[way](name)
  return validate(value) ? [] : sentences(name, validate.errors, secret.has(name) ? "nothing" : "values")
}

const parameters = make()

/** What is wrong with the text of a parameter, of the query or of the path. */
export const parameterDefects = (place: string, schema: Sdk.JsonSchema, text: string): ReadonlyArray<string> => {
  const whole = schema["type"] === "integer"
  if (whole && !/^-?\d+$/.test(text)) return [`${place} must be a whole number, is ${JSON.stringify(text)}`]
  // Ajv keeps what it has compiled of the same schema.
  const validate = parameters.compile(schema)
  return validate(whole ? Number(text) : text) ? [] : sentences(place, validate.errors)
}
