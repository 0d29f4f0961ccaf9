/**
 * What makes records of the bytes of a file.
 */
import type { Kind } from "../Kind.ts"

/** What is wrong with a file, and the line that it is on, from 1. */
export interface Problem {
  readonly line: number
  readonly description: string
  /** Whether it breaks off there. */
  readonly isCut?: boolean
}

/** Records up to what is wrong, if anything is. */
export interface Read<A> {
  readonly records: ReadonlyArray<A>
  readonly problem?: Problem | undefined
}

/** Makes records of the bytes of one file; it is not asked again after a problem. */
export interface Decoder<A> {
  /** The records that are whole by now. */
  readonly add: (bytes: Uint8Array) => Read<A>
  /** The rest. */
  readonly end: () => Read<A>
}

/** How a format is read. */
export type Decode = <A>(kind: Kind<A>) => Decoder<A>
