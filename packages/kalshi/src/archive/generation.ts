/**
 * Which generation of the wire a record is of, told by the fields that it has.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

/**
 * Schema of the generations of the wire, each named after what is known of it:
 *
 * - `2024`: API 2.0.0 of August 2024, until 30 August 2025: integers of cents
 *   and of whole contracts alone.
 * - `2026-01`: recorded in January 2026, from 31 August 2025 until 11 March
 *   2026: the same integers with exact strings beside some of them.
 * - `today`: since 12 March 2026: exact strings, without those integers.
 *
 * A record is told by its form, not by its date.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Generation = Schema.Literals(["2024", "2026-01", "today"])

/**
 * A generation of the wire.
 *
 * @since 0.1.0
 * @category models
 */
export type Generation = typeof Generation.Type

/**
 * What a rule has to know of a declaration: its fields.
 *
 * @since 0.1.0
 * @category models
 */
export interface Declaration {
  readonly fields: Readonly<Record<string, Schema.Top>>
}

/**
 * A record of the wire before it is decoded.
 *
 * @since 0.1.0
 * @category models
 */
export type Raw = Readonly<Record<PropertyKey, unknown>>

const required = ({ fields }: Declaration): ReadonlyArray<string> =>
  Object.entries(fields).flatMap(([name, field]) => (SchemaAST.isOptional(field.ast) ? [] : [name]))

const isExact = (name: string): boolean => /_(?:dollars|fixed|fp)$/.test(name)

/**
 * Compiles the rule for one kind of record from its three declarations, so
 * that what a declaration can read is read, by the most exact one:
 *
 * 1. All fields that January 2026 requires, its integers among them: it is
 *    `2026-01`, which reads the strings beside them; or `2024`, if it has all
 *    that 2.0.0 requires and no field that came later.
 * 2. Else, all that today's wire requires: it is `today`.
 * 3. Else, all that 2.0.0 requires, and no field that came later; or, beside a
 *    field that only 2.0.0 had, none that holds an amount, an exact string or
 *    one that January 2026 requires, not even as null: it is `2024`.
 * 4. Else nothing can read it, and its fields say what it comes closest to.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = (wires: Readonly<Record<Generation, Declaration>>): ((record: Raw) => Generation) => {
  const of2024 = required(wires["2024"])
  const ofJanuary = required(wires["2026-01"])
  const ofToday = required(wires.today)
  const later = Object.keys({ ...wires["2026-01"].fields, ...wires.today.fields }).filter(
    (name) => !Object.hasOwn(wires["2024"].fields, name)
  )
  const own = Object.keys(wires["2024"].fields).filter((name) => !Object.hasOwn(wires["2026-01"].fields, name))
  const amounts = later.filter((name) => isExact(name) || ofJanuary.includes(name))
  const gone = [...of2024, ...ofJanuary].filter((name) => !Object.hasOwn(wires.today.fields, name))

  return (record) => {
    // a null says nothing, but that there is such a field says something
    const tells = (name: string): boolean => record[name] != null
    const has = (name: string): boolean => Object.hasOwn(record, name)
    if (ofJanuary.every(tells)) return of2024.every(tells) && !later.some(has) ? "2024" : "2026-01"
    if (ofToday.every(tells)) return "today"
    if (of2024.every(tells) && (!later.some(has) || (own.some(tells) && !amounts.some(has)))) return "2024"
    if (!gone.some((name) => typeof record[name] === "number")) return "today"
    return later.some(has) ? "2026-01" : "2024"
  }
}
