/**
 * What the exchange's OpenAPI description 2.0.0 (August 2024) says, read from
 * the extract beside this file: its schemas, and of every operation the
 * method, path, parameters, body and answers. Read strictly: a word of the
 * extract that is not understood here is an error.
 */
import * as Schema from "effect/Schema"
import * as Fs from "node:fs"
import * as Path from "node:path"
import type * as Sdk from "../Sdk.ts"

/** An answer that an operation declares. */
export interface Answer {
  /** The name of the schema of its body, if it has one. */
  readonly model: string | undefined
  /** The headers that it may carry. */
  readonly headers: ReadonlyArray<string>
}

/** An operation of the contract, as the SDK's operations are, and with what only a contract says. */
export interface Operation extends Sdk.Operation {
  /** The schemas of the query and of what varies in the path. */
  readonly schemas: {
    readonly query: Readonly<Record<string, Sdk.JsonSchema>>
    readonly path: Readonly<Record<string, Sdk.JsonSchema>>
  }
  /** Whether it takes a bearer token. */
  readonly secured: boolean
  /** Every declared answer by its status. */
  readonly answers: ReadonlyMap<number, Answer>
}

const record = <S extends Schema.Top>(schema: S) => Schema.Record(Schema.String, schema)
const JsonSchema = record(Schema.Unknown)
const Reference = Schema.Struct({ $ref: Schema.String })
const Content = Schema.Struct({ "application/json": Schema.Struct({ schema: Reference }) })

const Extract = Schema.Struct({
  openapi: Schema.String,
  info: Schema.Struct({ title: Schema.String, version: Schema.String }),
  servers: Schema.Array(Schema.Struct({ url: Schema.String })),
  paths: record(
    record(
      Schema.Struct({
        operationId: Schema.String,
        security: Schema.optionalKey(Schema.Array(Schema.Struct({ bearer_token: Schema.Array(Schema.String) }))),
        parameters: Schema.optionalKey(
          Schema.Array(
            Schema.Struct({
              name: Schema.String,
              in: Schema.Literals(["query", "path"]),
              required: Schema.optionalKey(Schema.Boolean),
              schema: JsonSchema
            })
          )
        ),
        requestBody: Schema.optionalKey(Schema.Struct({ content: Content, required: Schema.Literal(true) })),
        responses: record(Reference)
      })
    )
  ),
  components: Schema.Struct({
    securitySchemes: Schema.Struct({
      bearer_token: Schema.Struct({
        type: Schema.Literal("apiKey"),
        name: Schema.Literal("Authorization"),
        in: Schema.Literal("header")
      })
    }),
    responses: record(
      Schema.Struct({
        headers: Schema.optionalKey(
          record(Schema.Struct({ schema: Schema.Struct({ type: Schema.Literal("string") }) }))
        ),
        content: Schema.optionalKey(Content)
      })
    ),
    schemas: record(JsonSchema)
  })
})

const file = Path.join(import.meta.dirname, "kalshi-trade-api-2.0.0.json")

/** The extract as it is on disk. */
export const text = Fs.readFileSync(file, "utf8")

const extract = Schema.decodeUnknownSync(Schema.fromJsonString(Extract), { onExcessProperty: "error" })(text)

/** The version of the contract that judges. */
export const version = extract.info.version

/** The JSON Schema of every model by name, open as the contract has them. */
export const schemas: Readonly<Record<string, Sdk.JsonSchema>> = extract.components.schemas

/** The name that a reference ends in. */
export const named = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1)

const answerOf = (reference: string): Answer => {
  const name = named(reference)
  const response = extract.components.responses[name]
  if (response === undefined) throw new Error(`the contract has no answer ${name}`)
  const content = response.content?.["application/json"].schema.$ref
  return {
    // The answer of an error has headers alone; its body is the schema of the same name.
    model: content === undefined ? (name in schemas ? name : undefined) : named(content),
    headers: Object.keys(response.headers ?? {})
  }
}

const queryParameter = (required: boolean, schema: Sdk.JsonSchema): Sdk.QueryParameter => {
  const { type } = schema
  if (type !== "string" && type !== "integer") throw new Error(`a parameter of type ${String(type)} is not understood`)
  return {
    type: type === "integer" ? "number" : type,
    many: false,
    required,
    members: Array.isArray(schema["enum"]) ? schema["enum"].map(String) : undefined
  }
}

const operationOf = (method: string, path: string, declared: (typeof extract)["paths"][string][string]): Operation => {
  const parameters = declared.parameters ?? []
  const schemasOf = (place: "query" | "path") =>
    Object.fromEntries(parameters.filter((one) => one.in === place).map((one) => [one.name, one.schema]))
  const answers = new Map(
    Object.entries(declared.responses).map(([status, { $ref }]) => [Number(status), answerOf($ref)])
  )
  const [success, ...others] = [...answers].filter(([status]) => status < 300)
  if (success === undefined || others.length > 0) throw new Error(`${declared.operationId} has not one success`)
  return {
    name: declared.operationId,
    method: method.toUpperCase(),
    path,
    query: Object.fromEntries(
      parameters
        .filter((one) => one.in === "query")
        .map((one) => [one.name, queryParameter(one.required === true, one.schema)])
    ),
    request: declared.requestBody && named(declared.requestBody.content["application/json"].schema.$ref),
    success: { status: success[0], type: success[1].model },
    schemas: { query: schemasOf("query"), path: schemasOf("path") },
    secured: declared.security !== undefined,
    answers
  }
}

/** Every operation of the contract by its name. */
export const operations: Readonly<Record<string, Operation>> = Object.fromEntries(
  Object.entries(extract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, declared]) => [declared.operationId, operationOf(method, path, declared)])
  )
)
