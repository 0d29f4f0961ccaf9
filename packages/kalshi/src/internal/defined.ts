/**
 * Leaves out what is undefined: on the wire an absent field and a null one are
 * two things.
 */

/** The same record, where a key that may be undefined may be absent instead. */
export type Defined<A> = { readonly [K in keyof A as undefined extends A[K] ? never : K]: A[K] } & {
  readonly [K in keyof A as undefined extends A[K] ? K : never]?: Exclude<A[K], undefined>
}

/** Copies a record without its undefined values. */
export const defined = <A extends object>(record: A): Defined<A> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<A>
