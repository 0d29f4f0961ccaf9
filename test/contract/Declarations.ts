/**
 * Our declarations of a wire against those of its judge (today's: the SDK's
 * models): the same fields, as strict where we ask, as lenient where we read.
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
  /** The model of the judge that has this shape. */
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

/** The shape of a JSON Schema; `model` makes those that it refers to. */
export const fromJsonSchema = (node: unknown, model: (name: string) => Shape): Shape => {
  if (!Sdk.isRecord(node)) return anything
  const reference = node["$ref"]
  if (typeof reference === "string") return model(reference.slice(reference.lastIndexOf("/") + 1))
  if (Array.isArray(node["anyOf"])) return either(node["anyOf"].map((part) => fromJsonSchema(part, model)))
  const type = node["type"]
  if (Array.isArray(type)) return either(type.map((kind) => fromJsonSchema({ ...node, type: kind }, model)))
  if (typeof type !== "string") return anything
  const required = Array.isArray(node["required"]) ? node["required"] : []
  return {
    // That a number is whole is judged on the wire.
    kinds: new Set([type === "integer" ? "number" : type]),
    fields: new Map(
      Object.entries(Sdk.isRecord(node["properties"]) ? node["properties"] : {}).map(([name, property]) => [
        name,
        {
          required: required.includes(name),
          shape: fromJsonSchema(property, model)
        }
      ])
    ),
    item: node["items"] === undefined ? undefined : fromJsonSchema(node["items"], model),
    members: Array.isArray(node["enum"]) ? node["enum"].map(String) : undefined
  }
}

/** The shape of a model of the SDK. */
export const ofModel = (name: string): Shape => ({ ...fromJsonSchema(Sdk.definitions[name], ofModel), model: name })

/** Whose declarations ours are compared with. */
export interface Judge {
  /** As the differences call it. */
  readonly name: string
  readonly find: (method: string, path: string) => Sdk.Operation | undefined
  readonly model: (name: string) => Shape
}

/** The judge of today's wire. */
export const sdk: Judge = { name: "the SDK", find: Contract.find, model: ofModel }

/** What differs: `wrong` breaks a valid exchange, `lenient` and `missing` are choices. */
export interface Difference {
  readonly kind: "wrong" | "lenient" | "missing"
  readonly at: string
  readonly message: string
}

/** Compares our shape with the judge's: of what we send, or of what we read. */
export const compare = (
  way: Way,
  place: string,
  mine: Shape,
  theirs: Shape,
  judge = sdk.name
): ReadonlyArray<Difference> => {
  const at = theirs.model !== undefined && theirs.fields.size > 0 ? theirs.model : place
  const differences: Array<Difference> = []
  const differ = (kind: Difference["kind"], where: string, message: string): void => {
    differences.push({ kind, at: where, message })
  }
  if (mine.kinds.size === 0 || theirs.kinds.size === 0) return []
  for (const kind of theirs.kinds) {
    if (!mine.kinds.has(kind) && way === "response") differ("wrong", at, `${judge} has ${kind}, ours does not`)
  }
  for (const kind of mine.kinds) {
    if (!theirs.kinds.has(kind)) {
      // A JSON codec says null for `undefined`; that none is sent is judged on the wire.
      differ(kind === "null" ? "lenient" : "wrong", at, `ours has ${kind}, ${judge} does not`)
    }
  }
  if (mine.members !== undefined && theirs.members !== undefined) {
    for (const member of theirs.members) {
      if (!mine.members.includes(member)) differ("missing", at, `${judge} has the member ${JSON.stringify(member)}`)
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
        differ(way === "request" && field.required ? "wrong" : "missing", `${at}.${name}`, `is only in ${judge}`)
      }
      continue
    }
    if (own.required && !field.required) {
      differ(way === "response" ? "wrong" : "lenient", `${at}.${name}`, `is required by us, optional in ${judge}`)
    }
    if (!own.required && field.required) {
      differ(way === "request" ? "wrong" : "lenient", `${at}.${name}`, `is optional to us, required in ${judge}`)
    }
    differences.push(...compare(way, `${at}.${name}`, own.shape, field.shape, judge))
  }
  for (const name of mine.fields.keys()) {
    if (theirs.fields.size > 0 && !theirs.fields.has(name)) differ("wrong", `${at}.${name}`, "is only ours")
  }
  if (mine.item !== undefined && theirs.item !== undefined) {
    differences.push(...compare(way, `${at}[]`, mine.item, theirs.item, judge))
  }
  return differences
}

const queryDifferences = (
  name: string,
  mine: Shape,
  operation: Sdk.Operation,
  judge: Judge
): ReadonlyArray<Difference> => {
  const differences: Array<Difference> = []
  const at = (key: string): string => `${name}?${key}`
  for (const [key, { shape }] of mine.fields) {
    const parameter = operation.query[key]
    if (parameter === undefined) {
      differences.push({ kind: "wrong", at: at(key), message: "is only ours" })
      continue
    }
    if (!shape.kinds.has(parameter.type)) {
      differences.push({ kind: "wrong", at: at(key), message: `${judge.name} has ${parameter.type}` })
    }
    for (const member of shape.members ?? []) {
      if (parameter.members !== undefined && !parameter.members.includes(member)) {
        differences.push({ kind: "wrong", at: at(key), message: `ours has the member ${member}` })
      }
    }
  }
  for (const key of Object.keys(operation.query)) {
    if (!mine.fields.has(key)) differences.push({ kind: "missing", at: at(key), message: `is only in ${judge.name}` })
  }
  return differences
}

/** Compares every endpoint of an API with the operation of its judge that has its method and path. */
export const differences = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>,
  judge: Judge = sdk
): ReadonlyArray<Difference> => {
  const found: Array<Difference> = []
  HttpApi.reflect(api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, successes }) => {
      const name = endpoint.identifier
      const operation = judge.find(endpoint.method, endpoint.path.replace(/:(\w+)/g, "$1"))
      if (operation === undefined) {
        found.push({ kind: "wrong", at: name, message: `${judge.name} has no ${endpoint.method} ${endpoint.path}` })
        return
      }
      if (endpoint.path.replace(/:(\w+)/g, "{$1}") !== operation.path) {
        found.push({ kind: "wrong", at: name, message: `${judge.name} has the path ${operation.path}` })
      }
      found.push(
        ...queryDifferences(name, endpoint.query === undefined ? anything : ofType(endpoint.query), operation, judge)
      )
      const payload = [...endpoint.payload.values()][0]?.schemas[0]
      if ((payload === undefined) !== (operation.request === undefined)) {
        found.push({ kind: "wrong", at: name, message: "only one side sends a body" })
      } else if (payload !== undefined && operation.request !== undefined) {
        found.push(
          ...compare("request", operation.request, ofSchema(payload), judge.model(operation.request), judge.name)
        )
      }
      const success = successes.get(operation.success.status)?.[0]
      const { status, type } = operation.success
      if (success === undefined) {
        found.push({ kind: "wrong", at: name, message: `${judge.name} answers ${status}` })
      } else if (type !== undefined) {
        found.push(...compare("response", type, ofSchema(success), judge.model(type), judge.name))
      } else if ([...ofSchema(success).kinds].some((kind) => kind !== "null")) {
        found.push({ kind: "wrong", at: name, message: `${judge.name} answers ${status} without a body` })
      }
    }
  })
  return [...new Map(found.map((difference) => [`${difference.at} ${difference.message}`, difference])).values()]
}
