/**
 * What makes the bytes of a file of records.
 */
import type * as Result from "effect/Result"
import type { Kind } from "../Kind.ts"

/** Why a record cannot be written, and its key. */
export interface Unsayable {
  readonly key: string
  readonly description: string
}

/** Makes bytes of the records of one file, in their order. */
export interface Encoder<A> {
  /** The bytes that are made by now, none perhaps. */
  readonly add: (records: ReadonlyArray<A>) => Result.Result<Uint8Array, Unsayable>
  /** The rest, for a file without records too. */
  readonly end: () => Uint8Array
}

/** How a format is written. */
export type Encode = <A>(kind: Kind<A>) => Encoder<A>
