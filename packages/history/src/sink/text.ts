/**
 * Text into a file.
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import * as Pull from "effect/Pull"
import * as Sink from "effect/Sink"
import { open } from "./aside.ts"
import type { SinkError } from "./error.ts"

/**
 * Writes pieces of text to a file as UTF-8, which is there when all are in it,
 * or not at all, as {@link file} does; it tells how many bytes they are.
 *
 * Fails with a `SinkError`: `Unwritable`, `DiskFull`, `NotAFile` or `Contended`.
 *
 * @since 0.1.0
 * @category sinks
 */
export const text = (path: string): Sink.Sink<number, string, never, SinkError, FileSystem.FileSystem | Path.Path> =>
  Sink.fromTransform((upstream: Pull.Pull<ReadonlyArray<string>, never, void>) =>
    Effect.gen(function* () {
      const aside = yield* open(path)
      const encoder = new TextEncoder()
      let written = 0
      yield* upstream.pipe(
        Effect.flatMap((pieces) => {
          const bytes = encoder.encode(pieces.join(""))
          written += bytes.length
          return aside.write(bytes)
        }),
        Effect.forever({ disableYield: true }),
        Pull.catchDone(() => Effect.void)
      )
      yield* aside.commit
      return [written] as const
    }).pipe(Effect.scoped)
  )
