import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Child from "node:child_process"
import * as Fs from "node:fs"
import * as Contract from "./Contract.ts"
import * as Bodies from "./legacy/Bodies.ts"
import * as Legacy from "./legacy/Contract.ts"
import * as Coverage from "./legacy/Coverage.ts"
import * as Children from "./Children.ts"
import * as Listen from "./Listen.mjs"
import * as Recorder from "./Recorder.ts"

/** A program that answers one request to itself, and then starts the next one in a process of its own. */
const program = `
  const [one, ...more] = JSON.parse(process.argv[1])
  const server = require("node:http").createServer((_, response) => {
    response.writeHead(one.status, { "content-type": "application/json" })
    response.end(one.body)
  })
  server.listen(0, "127.0.0.1", async () => {
    const answer = await fetch("http://127.0.0.1:" + server.address().port + one.url, { headers: one.headers })
    if (await answer.text() !== one.body) process.exit(3)
    if (more.length > 0) {
      const { status } = require("node:child_process").spawnSync(process.execPath, [
        "-e", process.env.PROGRAM, JSON.stringify(more)
      ])
      if (status !== 0) process.exit(4)
    }
    process.exit(0)
  })
`

it("what is listened in on is where the wires are", () => {
  assert.deepStrictEqual(Listen.bases, [Contract.base, Legacy.base])
})

it.live("what the servers of other processes answer is judged with the test that started them", () =>
  Effect.gen(function* () {
    const { responseBody, status, url } = Bodies.exchange(Bodies.right.GetBalance)
    const headers = { authorization: "Bearer a-token" }
    const steps = [
      { url, headers, status, body: responseBody },
      { url, headers, status, body: '{"balance":"12"}' },
      { url: "/elsewhere", headers, status, body: "{}" }
    ]
    Recorder.take()
    let directory = ""
    yield* Effect.scoped(
      Effect.gen(function* () {
        const judged = yield* Children.judged
        directory = judged["CONTRACT_HEARD"] ?? ""
        const env = { PATH: process.env["PATH"], PROGRAM: program, ...judged }
        const ended = Child.spawnSync(process.execPath, ["-e", program, JSON.stringify(steps)], { env })
        assert.strictEqual(ended.stderr.toString("utf8"), "")
        assert.strictEqual(ended.status, 0)
        // each of the two that answered on a wire has its own
        assert.lengthOf(Fs.readdirSync(directory), 2)
        assert.lengthOf(Recorder.peek().exchanges, 0)
      })
    )
    const { exchanges, violations } = Recorder.take()
    assert.lengthOf(exchanges, 2)
    assert.deepStrictEqual(
      violations.map(({ of, operation }) => [of, operation]),
      [["response", "GET /portfolio/balance"]]
    )
    assert.isTrue(Coverage.of(exchanges).seen.get("GetBalance")?.has(200))
    assert.isFalse(Fs.existsSync(directory))
  })
)
