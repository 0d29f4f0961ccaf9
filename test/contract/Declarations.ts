/**
 * Our declarations of the wire against the SDK's models: the same fields, as
 * strict where we ask, as lenient where we read.
 */
import type * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Contract from "./Contract.ts"
import type { Way } from "./Schemas.ts"
import * as Sdk from "./Sdk.ts"

/** A type of the wire, as far as both sides can say it. */
export interface Shape {
  /** The model of the SDK that has this shape. */
  readonly model?: string
  /** `string`, `number`, `boolean`, `null`, `object`, `array`; empty when it may be anything. */
  readonly kinds: ReadonlySet<string>
  readonly fields: ReadonlyMap<string, { readonly required: boolean; readonly shape: Shape }>
  readonly item: Shape | undefined
  readonly members: ReadonlyArray<string> | undefined
}

const leaf = (kind: string, members?: ReadonlyArray<string>): Shape => ({
  kinds: new Set([kind]),
  fields: new Map(),
  item: undefined,
  members
})

const anything: Shape = { kinds: new Set(), fields: new Map(), item: undefined, members: undefined }

const either = (shapes: ReadonlyArray<Shape>): Shape =>
  shapes.some((shape) => shape.kinds.size === 0)
    ? anything
    : {
        kinds: new Set(shapes.flatMap((shape) => [...shape.kinds])),
        fields: new Map(shapes.flatMap((shape) => [...shape.fields])),
        item: shapes.find((shape) => shape.item !== undefined)?.item,
        members:
          shapes.flatMap((shape) => shape.members ?? []).length === 0
            ? undefined
            : shapes.flatMap((shape) => shape.members ?? [])
      }

const fromAst = (ast: SchemaAST.AST): Shape => {
  if (SchemaAST.isUnion(ast)) {
    return either(ast.types.filter((type) => type._tag !== "Undefined").map(fromAst))
  }
  if (SchemaAST.isObjects(ast)) {
    return {
      ...leaf("object"),
      fields: new Map(
        ast.propertySignatures.map((property) => [
          String(property.name),
          {
            required: !SchemaAST.isOptional(property.type),
            shape: fromAst(property.type)
          }
        ])
      )
    }
  }
  if (SchemaAST.isArrays(ast)) {
    const parts = [...ast.elements, ...ast.rest]
    return { ...leaf("array"), item: parts.length === 0 ? undefined : either(parts.map(fromAst)) }
  }
  if (SchemaAST.isLiteral(ast)) return leaf(typeof ast.literal, [String(ast.literal)])
  if (SchemaAST.isString(ast)) {
    const members = SchemaAST.resolve(ast)?.["effect-kalshi/members"]
    return leaf("string", Array.isArray(members) ? members.map(String) : undefined)
  }
  if (SchemaAST.isNumber(ast)) return leaf("number")
  if (SchemaAST.isBoolean(ast)) return leaf("boolean")
  if (SchemaAST.isNull(ast)) return leaf("null")
  return anything
}

/** The shape of what a schema is on the wire. */
export const ofSchema = (schema: Schema.Top): Shape => fromAst(SchemaAST.toEncoded(schema.ast))

/** The shape of what a schema is in memory: queries are all strings on the wire. */
export const ofType = (schema: Schema.Top): Shape => fromAst(SchemaAST.toType(schema.ast))

const fromJsonSchema = (node: unknown): Shape => {
  if (!Sdk.isRecord(node)) return anything
  const reference = node["$ref"]
  if (typeof reference === "string") return ofModel(reference.slice("#/definitions/".length))
  if (Array.isArray(node["anyOf"])) return either(node["anyOf"].map(fromJsonSchema))
  const type = node["type"]
  if (Array.isArray(type)) return either(type.map((kind) => fromJsonSchema({ ...node, type: kind })))
  if (typeof type !== "string") return anything
  const required = Array.isArray(node["required"]) ? node["required"] : []
  return {
    kinds: new Set([type]),
    fields: new Map(
      Object.entries(Sdk.isRecord(node["properties"]) ? node["properties"] : {}).map(([name, property]) => [
        name,
        {
          required: required.includes(name),
          shape: fromJsonSchema(property)
        }
      ])
    ),
    item: node["items"] === undefined ? undefined : fromJsonSchema(node["items"]),
    members: Array.isArray(node["enum"]) ? node["enum"].map(String) : undefined
  }
}

/** The shape of a model of the SDK. */
export const ofModel = (name: string): Shape => ({ ...fromJsonSchema(Sdk.definitions[name]), model: name })

/** What differs: `wrong` breaks a valid exchange, `lenient` and `missing` are choices. */
export interface Difference {
  readonly kind: "wrong" | "lenient" | "missing"
  readonly at: string
  readonly message: string
}

/** Compares our shape with the SDK's: of what we send, or of what we read. */
export const compare = (way: Way, place: string, mine: Shape, theirs: Shape): ReadonlyArray<Difference> => {
  const at = theirs.model !== undefined && theirs.fields.size > 0 ? theirs.model : place
  const differences: Array<Difference> = []
  const differ = (kind: Difference["kind"], where: string, message: string): void => {
    differences.push({ kind, at: where, message })
  }
  if (mine.kinds.size === 0 || theirs.kinds.size === 0) return []
  for (const kind of theirs.kinds) {
    if (!mine.kinds.has(kind) && way === "response") differ("wrong", at, `the SDK has ${kind}, ours does not`)
  }
  for (const kind of mine.kinds) {
    if (!theirs.kinds.has(kind)) {
      // A JSON codec says null for `undefined`; that none is sent is judged on the wire.
      differ(kind === "null" ? "lenient" : "wrong", at, `ours has ${kind}, the SDK does not`)
    }
  }
  if (mine.members !== undefined && theirs.members !== undefined) {
    for (const member of theirs.members) {
      if (!mine.members.includes(member)) differ("missing", at, `the SDK has the member ${JSON.stringify(member)}`)
    }
    for (const member of mine.members) {
      if (!theirs.members.includes(member)) {
        differ(way === "request" ? "wrong" : "lenient", at, `ours has the member ${JSON.stringify(member)}`)
      }
    }
  }
  for (const [name, field] of theirs.fields) {
    const own = mine.fields.get(name)
    if (own === undefined) {
      if (mine.fields.size > 0) {
        differ(way === "request" && field.required ? "wrong" : "missing", `${at}.${name}`, "is only in the SDK")
      }
      continue
    }
    if (own.required && !field.required) {
      differ(way === "response" ? "wrong" : "lenient", `${at}.${name}`, "is required by us, optional in the SDK")
    }
    if (!own.required && field.required) {
      differ(way === "request" ? "wrong" : "lenient", `${at}.${name}`, "is optional to us, required in the SDK")
    }
    differences.push(...compare(way, `${at}.${name}`, own.shape, field.shape))
  }
  for (const name of mine.fields.keys()) {
    if (theirs.fields.size > 0 && !theirs.fields.has(name)) differ("wrong", `${at}.${name}`, "is only ours")
  }
  if (mine.item !== undefined && theirs.item !== undefined) {
    differences.push(...compare(way, `${at}[]`, mine.item, theirs.item))
  }
  return differences
}

const queryDifferences = (name: string, mine: Shape, operation: Sdk.Operation): ReadonlyArray<Difference> => {
  const differences: Array<Difference> = []
  const at = (key: string): string => `${name}?${key}`
  for (const [key, { shape }] of mine.fields) {
    const parameter = operation.query[key]
    if (parameter === undefined) {
      differences.push({ kind: "wrong", at: at(key), message: "is only ours" })
      continue
    }
    if (!shape.kinds.has(parameter.type)) {
      differences.push({ kind: "wrong", at: at(key), message: `the SDK has ${parameter.type}` })
    }
    for (const member of shape.members ?? []) {
      if (parameter.members !== undefined && !parameter.members.includes(member)) {
        differences.push({ kind: "wrong", at: at(key), message: `ours has the member ${member}` })
      }
    }
  }
  for (const key of Object.keys(operation.query)) {
    if (!mine.fields.has(key)) differences.push({ kind: "missing", at: at(key), message: "is only in the SDK" })
  }
  return differences
}

/** Compares every endpoint of an API with the operation of the SDK that has its method and path. */
export const differences = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): ReadonlyArray<Difference> => {
  const found: Array<Difference> = []
  HttpApi.reflect(api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, successes }) => {
      const name = endpoint.identifier
      const operation = Contract.find(endpoint.method, endpoint.path.replace(/:(\w+)/g, "$1"))
      if (operation === undefined) {
        found.push({ kind: "wrong", at: name, message: `the SDK has no ${endpoint.method} ${endpoint.path}` })
        return
      }
      if (endpoint.path.replace(/:(\w+)/g, "{$1}") !== operation.path) {
        found.push({ kind: "wrong", at: name, message: `the SDK has the path ${operation.path}` })
      }
      found.push(...queryDifferences(name, endpoint.query === undefined ? anything : ofType(endpoint.query), operation))
      const payload = [...endpoint.payload.values()][0]?.schemas[0]
      if ((payload === undefined) !== (operation.request === undefined)) {
        found.push({ kind: "wrong", at: name, message: "only one side sends a body" })
      } else if (payload !== undefined && operation.request !== undefined) {
        found.push(...compare("request", operation.request, ofSchema(payload), ofModel(operation.request)))
      }
      const success = successes.get(operation.success.status)?.[0]
      if (success === undefined || operation.success.type === undefined) {
        found.push({ kind: "wrong", at: name, message: `the SDK answers ${operation.success.status}` })
      } else {
        found.push(...compare("response", operation.success.type, ofSchema(success), ofModel(operation.success.type)))
      }
    }
  })
  return [...new Map(found.map((difference) => [`${difference.at} ${difference.message}`, difference])).values()]
}
