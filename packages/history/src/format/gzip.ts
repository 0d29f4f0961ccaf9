/**
 * Gzip, by the library that is part of Node: all that is particular to Node
 * here.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Zlib from "node:zlib"

/** Makes other bytes of bytes. */
export interface Pipe {
  /** What has come of the bytes by now. */
  readonly add: (bytes: Uint8Array) => Effect.Effect<ReadonlyArray<Uint8Array>, Error>
  /** The rest. */
  readonly end: Effect.Effect<ReadonlyArray<Uint8Array>, Error>
}

const pipe = (make: () => Zlib.Gzip | Zlib.Gunzip): Effect.Effect<Pipe, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.sync(make), (stream) => Effect.sync(() => stream.destroy())).pipe(
    Effect.map((stream): Pipe => {
      let made: Array<Uint8Array> = []
      let failure: Error | undefined
      let waiting: ((error: Error) => void) | undefined
      stream.on("data", (bytes: Uint8Array) => made.push(bytes))
      // a write that it fails in is not answered
      stream.on("error", (error) => {
        failure = error
        waiting?.(error)
      })

      const step = (begin: (done: () => void) => void): Effect.Effect<ReadonlyArray<Uint8Array>, Error> =>
        Effect.callback((resume) => {
          if (failure !== undefined) return resume(Effect.fail(failure))
          waiting = (error) => resume(Effect.fail(error))
          begin(() => {
            if (failure !== undefined) return
            const taken = made
            made = []
            resume(Effect.succeed(taken))
          })
        })

      return {
        add: (bytes) => step((done) => stream.write(bytes, done)),
        end: step((done) => {
          stream.once("end", done)
          stream.end()
        })
      }
    })
  )

/** Compresses; the header has no time, so that the same blocks give the same bytes. */
export const compress: Effect.Effect<Pipe, never, Scope.Scope> = pipe(() => Zlib.createGzip())

/** Takes apart what was compressed; fails where it breaks off, or was not. */
export const decompress: Effect.Effect<Pipe, never, Scope.Scope> = pipe(() => Zlib.createGunzip())

/** Compresses bytes at once. */
export const compressAll = (bytes: Uint8Array): Uint8Array => Zlib.gzipSync(bytes)

/** Takes apart bytes that were compressed at once. */
export const decompressAll = (bytes: Uint8Array): Uint8Array => Zlib.gunzipSync(bytes)
