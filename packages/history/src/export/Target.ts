/**
 * Where an export keeps what it reads, and what it makes of it in the end.
 */
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { FileError } from "../file/error.ts"
import type { SinkError } from "../sink/error.ts"
import type { Checkpoint } from "./Checkpoint.ts"
import type { ExportError } from "./error.ts"

type Keeping<A> = Effect.Effect<A, ExportError | FileError | SinkError>

/** What has been kept: how many records, and in how many bytes where it is a file. */
export interface Kept {
  readonly records: number
  readonly bytes: number
}

export interface Target<A> {
  /** The output and the checkpoint, in words. */
  readonly output: string
  readonly beside: string
  /** What the records become. */
  readonly into: string
  readonly load: Keeping<Checkpoint | undefined>
  readonly save: (checkpoint: Checkpoint) => Keeping<void>
  readonly isThere: Keeping<boolean>
  /** Holds off other processes until the end of the scope. */
  readonly hold: Effect.Effect<void, ExportError | SinkError, Scope.Scope>
  /** Goes on after what is kept, and drops whatever follows; gives how records are added, for good when it is done. */
  readonly open: (
    kept: Kept
  ) => Effect.Effect<(records: ReadonlyArray<A>) => Keeping<Kept>, ExportError | SinkError, Scope.Scope>
  /**
   * The records of the output of before that are older than an instant, to be kept
   * again; fails where it is not the one that was made last.
   */
  readonly carry: (
    last: Kept,
    before: Timestamp.Timestamp,
    add: (records: ReadonlyArray<A>) => Keeping<Kept>
  ) => Keeping<void>
  /** Makes the output of what is kept, and gives how many records it has. */
  readonly finish: (kept: Kept, tell: (records: number) => Effect.Effect<void>) => Keeping<number>
  /** Takes away what is no longer needed. */
  readonly forget: Effect.Effect<void>
}
