/**
 * A log without what is over: the entries that have ended, and their writers.
 *
 * A smaller copy takes the place of the file, while others may have it open:
 * a process that writes nothing holds no lease. Whoever writes to the old file
 * notices afterwards that it has been replaced and writes again; what was
 * written just before is carried over once the copy is in its place.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type { Path } from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Timestamp from "../Timestamp.ts"
import * as lines from "./lines.ts"
import * as Log from "./log.ts"
import type { Fault } from "./make.ts"
import type * as records from "./records.ts"

/** What a log still needs, line by line, and where the reading of it ended. */
const needed = Effect.fnUntraced(function* ({ file, offset, state }: Log.Reading) {
  const kept: Array<Uint8Array> = []
  // of these the last one counts
  const leases = new Map<string, Uint8Array>()
  const kills = new Map<string, Uint8Array>()
  const writers = new Set([...state.entries.values()].map(({ entry }) => entry.writer))

  const visit = (line: Uint8Array, record: records.Record): void => {
    switch (record._tag) {
      case "entry":
        if (state.entries.has(record.entry.id)) kept.push(line)
        return
      case "attempt":
        if (state.entries.has(record.id)) kept.push(line)
        return
      case "lease":
        if (writers.has(record.writer)) leases.set(record.writer, line)
        return
      case "kill":
        if (record.kill === undefined) kills.delete(record.scope)
        else kills.set(record.scope, line)
    }
  }

  const upTo = yield* Log.eachLine(file, 0, offset, (line) => {
    const record = lines.decode(line)
    // a copy: it is a part of what was read at once
    if (Option.isSome(record)) visit(lines.join([line, lines.FRESH]), record.value)
  })
  return { upTo, bytes: lines.join([...kept, ...leases.values(), ...kills.values()]) }
})

const isQuiet = ({ state }: Log.Reading, now: Timestamp.Timestamp): boolean =>
  [...state.leases.values()].every(({ until }) => until <= now)

/** What was added to the old file after it was copied, by somebody who could not know. */
const carryOver = Effect.fnUntraced(
  function* (path: string, { file }: Log.Reading, from: number) {
    const size = Number((yield* file.stat).size)
    if (size <= from) return
    const late = yield* file.readAlloc(size - from, { position: BigInt(from) })
    if (Option.isNone(late)) return
    const fs = yield* FileSystem.FileSystem
    const copy = yield* fs.open(path, { flag: "a" })
    yield* copy.write(lines.join([lines.FRESH, late.value]))
    yield* copy.sync
  },
  (effect) => Effect.scoped(effect)
)

/** Writes the copy in a file that must not exist: it is also what keeps a second one away. */
const replace = Effect.fnUntraced(function* (
  path: string,
  log: Log.Log
): Effect.fn.Return<void, Fault | PlatformError, FileSystem.FileSystem | Path> {
  const fs = yield* FileSystem.FileSystem
  const aside = `${path}.compact`
  yield* Effect.scoped(
    Effect.gen(function* () {
      const copy = yield* fs.open(aside, { flag: "wx", mode: 0o600 })
      const replaced = yield* Effect.gen(function* () {
        const reading = yield* log.refresh
        const { bytes, upTo } = yield* needed(reading)
        if (!isQuiet(reading, yield* Timestamp.now) || bytes.length * 2 > upTo) return false
        yield* copy.writeAll(lines.join([log.header, bytes]))
        yield* copy.sync
        if (!Log.sameFile(yield* fs.stat(path), reading.info)) return false
        yield* fs.rename(aside, path)
        yield* carryOver(path, reading, upTo)
        yield* Log.syncFolder(path)
        return true
      }).pipe(Effect.onError(() => Effect.ignore(fs.remove(aside))))
      if (!replaced) yield* fs.remove(aside)
    })
  )
})

/**
 * Puts a smaller copy in the place of a log that is larger than `above`, where
 * more than half of it is over and no writer is alive. Where that fails the log
 * stays as it is.
 */
export const compact = Effect.fnUntraced(function* (path: string, log: Log.Log, above: number) {
  const reading = yield* log.refresh
  if (reading.offset <= above || !isQuiet(reading, yield* Timestamp.now)) return
  yield* replace(path, log).pipe(
    Effect.uninterruptible,
    Effect.catch((error) => Effect.logWarning(`the order journal ${path} could not be made smaller`, error))
  )
  // the file of the name, whichever it is by now
  yield* log.refresh
})
