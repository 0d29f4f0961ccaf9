/**
 * A Redis of one's own, which can be stopped and started again, and held.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as ChildProcess from "node:child_process"
import * as NodeNet from "node:net"

/** There is no Redis to run. */
export class Missing extends Data.TaggedError("Missing")<{ readonly cause: string }> {
  override get message(): string {
    return `redis-server could not be started (${this.cause}): install Redis, and see that it is on the PATH`
  }
}

/** Where a Redis is, whoever runs it. */
export interface Where {
  readonly url: string
}

export interface Server extends Where {
  /** Ends it at once; what it kept is gone. */
  readonly stop: Effect.Effect<void>
  readonly start: Effect.Effect<void, Missing>
  /** Lets it do nothing, with its connections open, until it may go on. */
  readonly hold: Effect.Effect<void>
  readonly release: Effect.Effect<void>
}

const freePort: Effect.Effect<number> = Effect.callback((resume) => {
  const server = NodeNet.createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

const answers = (port: number): Effect.Effect<void, Missing> =>
  Effect.callback((resume) => {
    const socket = NodeNet.connect({ port, host: "127.0.0.1" })
    socket.once("connect", () => {
      socket.destroy()
      resume(Effect.void)
    })
    socket.once("error", ({ message }) => resume(Effect.fail(new Missing({ cause: message }))))
  })

export const make: Effect.Effect<Server, Missing, Scope.Scope> = Effect.gen(function* () {
  const port = yield* freePort
  let child: ChildProcess.ChildProcess | undefined
  let problem = "it does not answer"

  const start = Effect.suspend(() => {
    child = ChildProcess.spawn(
      "redis-server",
      ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
      { stdio: "ignore" }
    )
    child.on("error", ({ message }) => {
      problem = message
    })
    return answers(port).pipe(
      Effect.retry(Schedule.spaced("50 millis").pipe(Schedule.upTo({ times: 100 }))),
      Effect.mapError(() => new Missing({ cause: problem }))
    )
  })
  const signal = (name: NodeJS.Signals) =>
    Effect.sync(() => {
      child?.kill(name)
    })

  yield* Effect.addFinalizer(() => signal("SIGKILL"))
  yield* start
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: signal("SIGKILL"),
    start,
    hold: signal("SIGSTOP"),
    release: signal("SIGCONT")
  }
})
