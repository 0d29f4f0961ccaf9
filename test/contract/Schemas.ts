/**
 * The SDK's models as validators: corrected by `LaterAdditions`, and made as
 * strict as the SDK's own words are. TypeScript says `string` and `number`
 * where the exchange promises formats, and the models' comments name them.
 */
import { Ajv } from "ajv"
import type { ErrorObject, ValidateFunction } from "ajv"
import { laterAdditions } from "./LaterAdditions.ts"
import * as Sdk from "./Sdk.ts"

/** Which way a message goes: the formats of requests are wider. */
export type Way = "request" | "response"

type Node = { [key: string]: unknown }

const dollars = { request: "^\\d+\\.\\d{2,4}$", response: "^-?\\d+\\.\\d{2,6}$" }
const contracts = { request: "^\\d+(\\.\\d{1,2})?$", response: "^-?\\d+\\.\\d{2}$" }
const rfc3339 = "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$"

/** The numbers of the exchange that are not whole. */
const fractions = new Set([
  "fee_multiplier",
  "fee_multiplier_override",
  "floor_strike",
  "cap_strike",
  "raw_numerical_forecast",
  "numerical_forecast",
  "percent",
  "v",
  "temp_f",
  "weight",
  "offset_c",
  "city_reference_c"
])

const isStringy = (node: Node): boolean =>
  node["type"] === "string" || (Array.isArray(node["type"]) && node["type"].includes("string"))

const refineProperty = (way: Way, name: string, node: Node): void => {
  const description = typeof node["description"] === "string" ? node["description"] : ""
  if (isStringy(node)) {
    if (description.startsWith("Fixed-point US dollar string")) node["pattern"] = dollars[way]
    else if (description.startsWith("Fixed-point contract count string")) node["pattern"] = contracts[way]
    else if (/(_time|_ts|_datetime)$/.test(name)) node["pattern"] = rfc3339
  }
  if (!fractions.has(name)) {
    if (node["type"] === "number") node["type"] = "integer"
    else if (Array.isArray(node["type"])) {
      node["type"] = node["type"].map((type) => (type === "number" ? "integer" : type))
    }
  }
}

/** Walks a schema and makes strings and numbers as strict as they are described. */
const refine = (way: Way, node: unknown): void => {
  if (Array.isArray(node)) node.forEach((part) => refine(way, part))
  if (!Sdk.isRecord(node)) return
  if (Sdk.isRecord(node["properties"])) {
    for (const [name, property] of Object.entries(node["properties"])) {
      if (Sdk.isRecord(property)) refineProperty(way, name, property as Node)
    }
  }
  Object.values(node).forEach((part) => refine(way, part))
}

/** Lets every closed object carry what any object may carry. */
export const widen = (name: string, node: unknown): void => {
  if (Array.isArray(node)) node.forEach((part) => widen(name, part))
  if (!Sdk.isRecord(node)) return
  Object.values(node).forEach((part) => widen(name, part))
  if (node["additionalProperties"] === false && Sdk.isRecord(node["properties"])) {
    ;(node["properties"] as Node)[name] = {}
  }
}

const model = (models: Readonly<Record<string, Sdk.JsonSchema>>, name: string): Node => {
  const found = models[name]
  if (found === undefined) throw new Error(`the SDK has no model ${name}`)
  return found as Node
}

const propertiesOf = (models: Readonly<Record<string, Sdk.JsonSchema>>, name: string): Node => {
  const properties = model(models, name)["properties"]
  if (!Sdk.isRecord(properties)) throw new Error(`the SDK's ${name} is not an object`)
  return properties as Node
}

const apply = (way: Way, models: Readonly<Record<string, Sdk.JsonSchema>>): void => {
  for (const addition of laterAdditions) {
    switch (addition.kind) {
      case "property": {
        propertiesOf(models, addition.model)[addition.name] = addition.schema
        break
      }
      case "removed": {
        delete propertiesOf(models, addition.model)[addition.name]
        break
      }
      case "optional": {
        const node = model(models, addition.model)
        if (!Array.isArray(node["required"])) throw new Error(`the SDK's ${addition.model} requires nothing`)
        node["required"] = node["required"].filter((name) => name !== addition.name)
        break
      }
      case "member": {
        const node = model(models, addition.model)
        if (!Array.isArray(node["enum"])) throw new Error(`the SDK's ${addition.model} is not an enum`)
        node["enum"] = [...node["enum"], addition.value]
        break
      }
      case "anywhere": {
        if (way === "response") widen(addition.name, models)
        break
      }
      case "query":
        break
    }
  }
}

const level = (way: Way): Node => ({
  type: "array",
  items: [
    { type: "string", pattern: dollars[way] },
    { type: "string", pattern: contracts[way] }
  ],
  minItems: 2,
  maxItems: 2
})

const build = (way: Way): ((name: string) => ValidateFunction) => {
  // TypeScript's own name of any object is the one type of the SDK that is none of its models
  const models = { ...structuredClone(Sdk.definitions), object: { type: "object" } }
  refine(way, models)
  // The SDK has lists of lists of strings; a level is a price and a count.
  const book = propertiesOf(models, "OrderbookCountFp")
  for (const side of ["yes_dollars", "no_dollars"]) book[side] = { type: "array", items: level(way) }
  const range = propertiesOf(models, "PriceRange")
  for (const part of ["start", "end", "step"]) range[part] = { type: "string", pattern: dollars[way] }
  apply(way, models)
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true })
  ajv.addSchema({ $id: "sdk", definitions: models })
  return (name) => {
    const validate = ajv.getSchema(`sdk#/definitions/${name}`)
    if (validate === undefined) throw new Error(`the SDK has no model ${name}`)
    return validate as ValidateFunction
  }
}

const validators = { request: build("request"), response: build("response") }

/** The errors of a validation, one sentence a defect; the value itself is not shown where it may be a secret. */
export const sentences = (
  name: string,
  errors: ValidateFunction["errors"],
  show: "values" | "nothing" = "values"
): ReadonlyArray<string> => {
  const shown = ({ data, keyword }: ErrorObject): string =>
    show === "nothing" || keyword === "required" || keyword === "additionalProperties"
      ? ""
      : `, is ${JSON.stringify(data)?.slice(0, 80)}`
  return (errors ?? []).map((error) => {
    const extra = error.params["additionalProperty"] ?? error.params["allowedValues"]
    return (
      `${name}${error.instancePath} ${error.message ?? error.keyword}` +
      (extra === undefined ? "" : ` (${JSON.stringify(extra)})`) +
      shown(error)
    )
  })
}

/** What is wrong with a value as a model of the SDK, one sentence a defect. */
export const defects = (way: Way, name: string, value: unknown): ReadonlyArray<string> => {
  const validate = validators[way](name)
  return validate(value) ? [] : sentences(name, validate.errors)
}
