/** Keys of one's own in a Redis server, where one answers, and a way there that can be cut. */
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Net from "node:net"
import { inject } from "vitest"

/** Where it answers, if it does. */
export const url = inject("redis")

let accounts = 0

/** An account that nobody has spent from. */
export const account = (): string => `test-${process.pid}-${Date.now()}-${++accounts}`

export const layer = Layer.orDie(NodeRedis.layer({ url: url ?? "" }))

export interface Way {
  readonly layer: typeof layer
  readonly cut: Effect.Effect<void>
  readonly mend: Effect.Effect<void>
  /** Nothing gets through, and no connection is closed. */
  readonly hold: Effect.Effect<void>
}

/** A way to the server through a port of its own. */
export const way = Effect.gen(function* () {
  const to = new URL(url ?? "")
  const open = new Set<Net.Socket>()
  const server = Net.createServer((from) => {
    const there = Net.connect(Number(to.port || 6379), to.hostname)
    for (const socket of [from, there]) {
      open.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => open.delete(socket))
    }
    from.pipe(there)
    there.pipe(from)
    from.on("close", () => there.destroy())
    there.on("close", () => from.destroy())
  })
  let port = 0
  const mend = Effect.callback<void>((resume) => {
    server.listen(port, "127.0.0.1", () => {
      const address = server.address()
      port = typeof address === "object" && address !== null ? address.port : 0
      resume(Effect.void)
    })
  })
  const cut = Effect.callback<void>((resume) => {
    for (const socket of open) socket.destroy()
    server.close(() => resume(Effect.void))
  })
  const hold = Effect.sync(() => {
    for (const socket of open) {
      socket.unpipe()
      socket.pause()
    }
  })
  yield* Effect.acquireRelease(mend, () => cut)
  const address = new URL(url ?? "")
  address.hostname = "127.0.0.1"
  address.port = String(port)
  return {
    layer: Layer.orDie(
      NodeRedis.layer({ url: address.href, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } })
    ),
    cut,
    mend,
    hold
  } satisfies Way
})
