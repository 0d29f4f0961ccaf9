/**
 * A file that records are only ever added to, by any number of processes.
 *
 * Each group of records is one write to a file that is open for appending, and
 * begins on a line of its own. Another process may put a smaller copy in the
 * place of the file (see `compact.ts`), so after each write it is made sure
 * that what was written to is still the file of that name.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Scope from "effect/Scope"
import * as lines from "./lines.ts"
import type { Fault } from "./make.ts"
import * as records from "./records.ts"

const CHUNK = 256 * 1024
// each time another process has replaced the file in between
const REPLACED = 3

export interface Options {
  readonly path: string
  readonly sync: boolean
}

/** The file as it is open now, and what was read of it. */
export interface Reading {
  readonly file: FileSystem.File
  readonly info: FileSystem.File.Info
  readonly scope: Scope.Closeable
  readonly state: records.State
  /** Behind the last line that was read. */
  offset: number
  /** How many records were read, or written to an empty file. */
  good: number
  damaged: number
}

export const fault =
  (description: string) =>
  (cause: unknown): Fault => ({ description, cause })

export const sameFile = (a: FileSystem.File.Info, b: FileSystem.File.Info): boolean =>
  // where the platform does not number its files, none is replaced
  Option.isNone(a.ino) || Option.isNone(b.ino) || (a.ino.value === b.ino.value && a.dev === b.dev)

/** Hands on the whole lines of a file from a place on, and says where they end. */
export const eachLine = Effect.fnUntraced(function* (
  file: FileSystem.File,
  from: number,
  to: number,
  visit: (line: Uint8Array) => void
): Effect.fn.Return<number, PlatformError> {
  const split = lines.splitter()
  let at = from
  let end = from
  while (at < to) {
    const bytes = yield* file.readAlloc(Math.min(CHUNK, to - at), { position: BigInt(at) })
    if (Option.isNone(bytes)) break
    at += bytes.value.length
    for (const line of split(bytes.value)) {
      end += line.length + 1
      if (line.length > 0) visit(line)
    }
  }
  return end
})

/** Makes the names in the folder of a file durable, where the platform can. */
export const syncFolder = Effect.fnUntraced(
  function* (path: string) {
    const fs = yield* FileSystem.FileSystem
    const { dirname } = yield* Path.Path
    const folder = yield* fs.open(dirname(path), { flag: "r" })
    yield* folder.sync
  },
  (effect) => Effect.ignore(Effect.scoped(effect))
)

/** A log that is open. None of its effects may run beside another. */
export interface Log {
  /** Reads what was added since, by anybody. */
  readonly refresh: Effect.Effect<Reading, Fault>
  /** Adds lines; they are durable when it ends. */
  readonly add: (group: ReadonlyArray<Uint8Array>) => Effect.Effect<void, Fault>
  /** Opens the file of the name anew, and reads it. */
  readonly reopen: Effect.Effect<Reading, Fault>
  /** Closes the file, for good. */
  readonly end: Effect.Effect<void>
  readonly header: Uint8Array
}

export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Log, Fault, FileSystem.FileSystem | Path.Path> {
  const { path, sync } = options
  const fs = yield* FileSystem.FileSystem
  const services = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const header = yield* lines
    .encode({ _tag: "journal", version: records.VERSION })
    .pipe(Effect.mapError(fault("its header cannot be written")))

  let reading: Reading | undefined
  let isEnded = false
  let hasWarned = false

  const visit = (into: Reading, line: Uint8Array): Fault | undefined => {
    const record = lines.decode(line)
    if (Option.isNone(record)) {
      into.damaged++
      return undefined
    }
    into.good++
    records.apply(into.state, record.value)
    return record.value._tag === "journal" && record.value.version > records.VERSION
      ? { description: `it is of version ${record.value.version}, which is later than this program's` }
      : undefined
  }

  // what is there before its first record is whole: nothing, or a beginning of this
  const isOurs = Effect.fnUntraced(function* (file: FileSystem.File, size: number) {
    const expected = lines.join([lines.FRESH, header])
    const start = yield* file.readAlloc(expected.length, { position: 0n })
    return size === 0 || (Option.isSome(start) && start.value.every((byte, index) => byte === expected[index]))
  })

  const read = Effect.fnUntraced(
    function* (into: Reading) {
      const size = Number((yield* into.file.stat).size)
      let problem: Fault | undefined
      into.offset = yield* eachLine(into.file, into.offset, size, (line) => {
        problem = visit(into, line) ?? problem
      })
      if (problem !== undefined) return yield* Effect.fail(problem)
      if (into.good === 0 && !(yield* isOurs(into.file, size))) {
        return yield* Effect.fail<Fault>({ description: "it is no journal of orders, or nothing of it is whole" })
      }
      if (into.damaged > 0 && !hasWarned) {
        hasWarned = true
        yield* Effect.logWarning(`the order journal ${path} has ${into.damaged} damaged lines, which are left out`)
      }
    },
    Effect.catchTag("PlatformError", (error) => Effect.fail(fault("it cannot be read")(error)))
  )

  const shut = Effect.suspend(() => {
    const { scope } = reading ?? {}
    reading = undefined
    return scope === undefined ? Effect.void : Scope.close(scope, Exit.void)
  })

  const openIn = Effect.fnUntraced(function* (scope: Scope.Closeable) {
    const opened = yield* Effect.gen(function* () {
      const file = yield* fs.open(path, { flag: "a+", mode: 0o600 })
      return { file, info: yield* file.stat }
    }).pipe(Scope.provide(scope), Effect.mapError(fault("it cannot be opened")))
    const next: Reading = { ...opened, scope, state: records.empty(), offset: 0, good: 0, damaged: 0 }
    yield* read(next)
    if (sync && next.offset === 0) yield* Effect.provideContext(syncFolder(path), services)
    return next
  })

  const reopen = Effect.gen(function* () {
    if (isEnded) return yield* Effect.fail<Fault>({ description: "it is closed" })
    yield* shut
    const scope = yield* Scope.make()
    reading = yield* openIn(scope).pipe(Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))))
    return reading
  })

  /** The file of the name, opened anew where it is another one by now. */
  const current = Effect.suspend(() => {
    const known = reading
    if (known === undefined) return reopen
    return fs.stat(path).pipe(
      Effect.orElseSucceed(() => undefined),
      Effect.flatMap((info) =>
        info !== undefined && sameFile(info, known.info) && Number(info.size) >= known.offset
          ? Effect.succeed(known)
          : reopen
      )
    )
  })

  const append = Effect.fnUntraced(
    function* (into: Reading, group: ReadonlyArray<Uint8Array>) {
      const bytes = lines.join([lines.FRESH, ...(into.good === 0 ? [header] : []), ...group])
      const written = yield* into.file.write(bytes)
      // the rest must not follow: by now another process may have begun a line
      if (written < bytes.length) {
        return yield* Effect.fail<Fault>({ description: "only a part of it could be written" })
      }
      if (sync) yield* into.file.sync
      into.good++
    },
    Effect.catchTag("PlatformError", (error) => Effect.fail(fault("it cannot be written")(error)))
  )

  const add = Effect.fnUntraced(function* (group: ReadonlyArray<Uint8Array>) {
    let into = reading ?? (yield* reopen)
    for (let tries = 0; tries <= REPLACED; tries++) {
      yield* append(into, group)
      const now = yield* current
      if (now === into) return
      into = now
    }
    return yield* Effect.fail<Fault>({ description: "the file is replaced again and again" })
  })

  yield* Effect.flatMap(Path.Path, ({ dirname }) => fs.makeDirectory(dirname(path), { recursive: true })).pipe(
    Effect.mapError(fault("its folder cannot be made"))
  )
  yield* reopen

  return {
    header,
    reopen,
    add,
    end: Effect.suspend(() => {
      isEnded = true
      return shut
    }),
    refresh: Effect.tap(current, (known) => read(known))
  }
})
