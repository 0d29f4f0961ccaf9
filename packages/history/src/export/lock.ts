/**
 * One process at an export at a time.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Scope from "effect/Scope"
import * as NodeProcess from "node:process"
import { refused, type SinkError } from "../sink/error.ts"
import { because, type ExportError, InUse } from "./error.ts"

const isAlive = (id: number): boolean => {
  try {
    return NodeProcess.kill(id, 0)
  } catch (error) {
    // of another user
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

/** Holds the lock until the end of the scope; one that a killed process left behind is taken over. */
export const hold = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<void, ExportError | SinkError, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const refuse = Effect.mapError(refused(path))
  const take = fs.writeFileString(path, String(NodeProcess.pid), { flag: "wx" })
  const look = Effect.gen(function* () {
    const text = yield* fs.readFileString(path)
    const id = Number(text)
    // a torn one is of a process that was killed as it wrote it
    if (!Number.isInteger(id) || id <= 0 || !isAlive(id)) return yield* fs.remove(path, { force: true })
    return yield* because(new InUse({ path, process: id }))
  }).pipe(Effect.catchTag("PlatformError", (error) => Effect.fail(refused(path)(error))))

  yield* Effect.acquireRelease(
    take.pipe(
      Effect.catchReason("PlatformError", "AlreadyExists", () => Effect.andThen(look, take)),
      Effect.catchTag("PlatformError", (error) => Effect.fail(refused(path)(error)))
    ),
    () => Effect.ignore(fs.remove(path, { force: true }))
  )
  yield* refuse(Effect.void)
})
