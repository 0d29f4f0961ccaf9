import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Crypto from "node:crypto"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import * as Contract from "../contract/Contract.ts"
import * as Recorder from "../contract/Recorder.ts"
import * as Tap from "../contract/Tap.ts"
import * as Client from "./Client.ts"
import * as Operations from "./Operations.ts"

Tap.install()

const pair = Crypto.generateKeyPairSync("rsa", { modulusLength: 2048 })
const refusal = JSON.stringify({ error: { code: "not_found", message: "not found" } })

const isSigned = (request: Http.IncomingMessage): boolean => {
  const path = new URL(request.url ?? "", "http://localhost").pathname
  return Crypto.verify(
    "RSA-SHA256",
    Buffer.from(`${String(request.headers["kalshi-access-timestamp"])}${request.method}${path}`),
    {
      key: pair.publicKey,
      padding: Crypto.constants.RSA_PKCS1_PSS_PADDING,
      saltLength: Crypto.constants.RSA_PSS_SALTLEN_DIGEST
    },
    Buffer.from(String(request.headers["kalshi-access-signature"]), "base64")
  )
}

/** A server that refuses everything, 401 where the signature is wrong. */
const server = Effect.acquireRelease(
  Effect.callback<Http.Server>((resume) => {
    const made = Http.createServer((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(isSigned(request) ? 404 : 401, { "content-type": "application/json" }).end(refusal)
      })
    })
    made.listen(0, "127.0.0.1", () => resume(Effect.succeed(made)))
  }),
  (made) =>
    Effect.callback<void>((resume) => {
      made.close(() => resume(Effect.void))
      made.closeAllConnections()
    })
)

it.live("the SDK's own requests are what the judge says they are", () =>
  Effect.gen(function* () {
    const { port } = (yield* server).address() as AddressInfo
    const client = Client.make({
      url: `http://127.0.0.1:${port}${Contract.base}`,
      keyId: "key",
      privateKey: Redacted.make(pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString())
    })
    const names = {
      ticker: "T",
      event: "E",
      series: "S",
      archived: { ticker: "A", event: "E" },
      orderId: "0c3f",
      label: "l"
    }
    for (const [name, call] of Object.entries(Operations.calls)) {
      const error = yield* Effect.flip(Client.call(() => call(client, names)))
      assert.strictEqual(error.status, 404, name)
      const { exchanges, violations } = Recorder.take()
      assert.strictEqual(Contract.format(violations), "")
      assert.strictEqual(exchanges.length, 1)
      const { pathname } = new URL(exchanges[0]!.url, "http://localhost")
      assert.strictEqual(Contract.find(exchanges[0]!.method, pathname.slice(Contract.base.length))?.name, name)
    }
  })
)
