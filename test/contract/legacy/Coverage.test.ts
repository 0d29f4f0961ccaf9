import { assert, it } from "@effect/vitest"
import type * as Recorder from "../Recorder.ts"
import * as Bodies from "./Bodies.ts"
import * as Coverage from "./Coverage.ts"

const recorded = (draft: Bodies.Draft, changes: Partial<Recorder.Recorded> = {}): Recorder.Recorded => ({
  ...Bodies.exchange(draft),
  whole: true,
  fault: undefined,
  ...changes
})

it("of nothing is nothing", () => {
  const { missing, seen, unseen } = Coverage.of([])
  assert.strictEqual(seen.size, 0)
  assert.deepStrictEqual(unseen.toSorted(), Object.keys(Bodies.right).toSorted())
  assert.deepStrictEqual(missing, Coverage.declared)
  // A success and four failures each, and 503 where a session or an order is at stake.
  assert.strictEqual(missing.length, 15 * 5 + 8)
})

it("of one success each is every operation, and no failure", () => {
  const { missing, unseen } = Coverage.of(Object.values(Bodies.right).map((draft) => recorded(draft)))
  assert.deepStrictEqual(unseen, [])
  assert.isTrue(missing.every(({ status }) => status >= 400))
  assert.strictEqual(missing.length, Coverage.declared.length - 15)
})

it("counts what the contract declares, and nothing that was cut, broken or of another wire", () => {
  const { GetBalance, GetOrder } = Bodies.right
  const { missing, seen } = Coverage.of([
    recorded(GetOrder, { url: `http://127.0.0.1:1${GetOrder.url}` }),
    recorded(Bodies.failed(GetOrder, 400)),
    recorded(Bodies.failed(GetOrder, 429)),
    recorded(Bodies.failed(GetOrder, 500), { whole: false }),
    recorded(Bodies.failed(GetOrder, 401), { fault: "Status" }),
    recorded(Bodies.failed(GetOrder, 403), { fault: "Latency" }),
    recorded(Bodies.failed(GetBalance, 429)),
    recorded({ ...Bodies.right.GetFills, url: "/trade-api/v2/portfolio/fills" })
  ])
  assert.deepStrictEqual(
    [...seen].map(([name, statuses]) => [name, [...statuses]]),
    [
      ["GetOrder", [200, 400, 403]],
      ["GetBalance", []]
    ]
  )
  assert.strictEqual(
    Coverage.format(missing.filter(({ operation }) => /^Get(Order|Balance)$/.test(operation))),
    "GetBalance 200, 400, 401, 403, 500\nGetOrder 401, 500"
  )
})
