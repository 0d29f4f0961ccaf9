/**
 * Records of a file that has them in lines.
 */
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Pull from "effect/Pull"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Decoder, Problem, Read } from "../format/Decoder.ts"
import * as gzip from "../format/gzip.ts"
import { CutOff, FileError, Foreign, Unreadable } from "./error.ts"

const CHUNK = 256 * 1024

type Bytes = Pull.Pull<Uint8Array, FileError, void>

/** The bytes of a file, a chunk at a time. */
const bytesOf = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Bytes, FileError, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const refuse = Effect.mapError(
    (error: { readonly message: string }) =>
      new FileError({ path, reason: new Unreadable({ description: error.message }), cause: error })
  )
  const file = yield* refuse(fs.open(path, { flag: "r" }))
  return Effect.flatMap(refuse(file.readAlloc(CHUNK)), (bytes) =>
    bytes._tag === "None" ? Cause.done() : Effect.succeed(bytes.value)
  )
})

// what the library of Node calls a file that ends too early
const BREAKS_OFF = "unexpected end of file"

/** The same, taken apart. */
const unpacked = Effect.fnUntraced(function* (
  path: string,
  bytes: Bytes
): Effect.fn.Return<Pull.Pull<ReadonlyArray<Uint8Array>, FileError, void>, never, Scope.Scope> {
  const pipe = yield* gzip.decompress
  let isEnded = false
  const wrong = Effect.mapError((cause: Error) => {
    const reason =
      cause.message === BREAKS_OFF
        ? new CutOff({})
        : new Foreign({ description: `it is not gzip, or is damaged (${cause.message})` })
    return new FileError({ path, reason, cause })
  })
  const pull: Pull.Pull<ReadonlyArray<Uint8Array>, FileError, void> = Pull.matchEffect(bytes, {
    onSuccess: (bytes) => wrong(pipe.add(bytes)),
    onFailure: Effect.failCause,
    onDone: () => {
      isEnded = true
      return wrong(pipe.end)
    }
  })
  return Effect.suspend(() => (isEnded ? Cause.done() : pull))
})

const failed = (path: string, { description, isCut, line }: Problem): FileError =>
  new FileError({ path, reason: isCut === true ? new CutOff({ line }) : new Foreign({ line, description }) })

/** Reads a file with what makes records of its bytes. */
export const read = <A>(
  path: string,
  decoder: () => Decoder<A>,
  isCompressed: boolean
): Stream.Stream<A, FileError, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const bytes = yield* bytesOf(path)
      const chunks = isCompressed ? yield* unpacked(path, bytes) : Effect.map(bytes, (bytes) => [bytes])
      const { add, end } = decoder()
      let problem: Problem | undefined
      let isEnded = false

      const hand = (records: ReadonlyArray<A>): typeof pull =>
        Arr.isReadonlyArrayNonEmpty(records) ? Effect.succeed(records) : pull

      // what is before the problem is handed on first
      const take = (read: Read<A>): ReadonlyArray<A> => {
        problem = read.problem
        return read.records
      }

      const pull: Pull.Pull<NonEmptyReadonlyArray<A>, FileError, void> = Effect.suspend(() => {
        if (problem !== undefined) return Effect.fail(failed(path, problem))
        if (isEnded) return Cause.done()
        return Pull.matchEffect(chunks, {
          onSuccess: (chunks) => {
            const records: Array<A> = []
            for (const chunk of chunks) {
              if (problem === undefined) records.push(...take(add(chunk)))
            }
            return hand(records)
          },
          onFailure: Effect.failCause,
          onDone: () => {
            isEnded = true
            return hand(take(end()))
          }
        })
      })
      return Stream.fromPull(Effect.succeed(pull))
    })
  )
