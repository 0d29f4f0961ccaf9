/**
 * Compares an answer with its declaration, beside decoding: which fields and
 * members of enums it has that were not declared.
 */
import * as SchemaAST from "effect/SchemaAST"

/** Something in an answer that its declaration does not know, and where, as `fills[].book_side`. */
export type Surprise =
  | { readonly kind: "field"; readonly path: string }
  | { readonly kind: "member"; readonly path: string; readonly member: string }

/** Adds what surprises about a value; with `every` it looks at all items of a list, else at the first. */
export type Shape = (value: unknown, path: string, every: boolean, found: Array<Surprise>) => void

const members = SchemaAST.resolveAt<ReadonlyArray<string>>("effect-kalshi/members")

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`)

const ofStruct = (ast: SchemaAST.Objects): Shape => {
  const fields = new Map(ast.propertySignatures.map(({ name, type }) => [String(name), of(type)]))
  return (value, path, every, found) => {
    if (typeof value !== "object" || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      if (!fields.has(name)) found.push({ kind: "field", path: join(path, name) })
      else fields.get(name)?.(inner, join(path, name), every, found)
    }
  }
}

const ofList =
  (item: Shape): Shape =>
  (value, path, every, found) => {
    if (!Array.isArray(value)) return
    for (const inner of every ? value : value.slice(0, 1)) item(inner, `${path}[]`, every, found)
  }

const ofEnum =
  (known: ReadonlyArray<string>): Shape =>
  (value, path, _every, found) => {
    if (typeof value === "string" && !known.includes(value)) found.push({ kind: "member", path, member: value })
  }

/** The shape of a declaration, or nothing where there is nothing to compare. */
const of = (ast: SchemaAST.AST): Shape | undefined => {
  // a leaf such as an amount, whose text is the decoder's business
  if (ast.encoding !== undefined) return undefined
  if (SchemaAST.isObjects(ast)) return ast.indexSignatures.length === 0 ? ofStruct(ast) : undefined
  if (SchemaAST.isArrays(ast)) {
    const [rest] = ast.rest
    const item = rest === undefined ? undefined : of(rest)
    return item === undefined ? undefined : ofList(item)
  }
  if (SchemaAST.isUnion(ast)) {
    const shapes = ast.types.flatMap((type) => of(type) ?? [])
    return shapes.length === 1 ? shapes[0] : undefined
  }
  if (SchemaAST.isString(ast)) {
    const known = members(ast)
    return known === undefined ? undefined : ofEnum(known)
  }
  return undefined
}

/** Compiles the comparison with a declaration; what surprises in a value comes once. */
export const compile = (ast: SchemaAST.AST): ((value: unknown, every: boolean) => ReadonlyArray<Surprise>) => {
  const shape = of(ast)
  if (shape === undefined) return () => []
  return (value, every) => {
    const found: Array<Surprise> = []
    shape(value, "", every, found)
    return found
  }
}
