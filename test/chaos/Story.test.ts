import { assert, it } from "@effect/vitest"
import * as Story from "./src/Story.ts"

const place = (program: number, worker: number, story: number): Story.Place => ({ seed: 5, program, worker, story })

it("tells the same story at the same place, and another elsewhere", () => {
  assert.deepStrictEqual(Story.tell(place(1, 2, 3)), Story.tell(place(1, 2, 3)))
  assert.notDeepEqual(Story.tell(place(1, 2, 3)), Story.tell({ ...place(1, 2, 3), seed: 6 }))
})

it("gives every order of a program a name and a fingerprint of its own", () => {
  const names = new Set<string>()
  const fingerprints = new Set<string>()
  let orders = 0
  for (let worker = 0; worker < 20; worker++) {
    for (let story = 0; story < 300; story++) {
      for (const wanted of Story.tell(place(0, worker, story)).orders) {
        orders++
        names.add(wanted.clientOrderId)
        fingerprints.add(Story.fingerprint(wanted))
        assert.match(wanted.clientOrderId, /^[A-Za-z0-9_-]{1,64}$/)
      }
    }
  }
  assert.strictEqual(names.size, orders)
  assert.strictEqual(fingerprints.size, orders)
})

it("lets no bid of a worker meet an ask of it, but for those that take from the maker", () => {
  const rests: Array<number> = []
  for (let story = 0; story < 2000; story++) {
    for (const { price, side } of Story.tell(place(0, 0, story)).orders) {
      const bid = side === "bid" ? price : 1_000_000 - price
      if (bid < (Story.maker.ask - 1) * 10_000) rests.push(bid)
    }
  }
  assert.isAbove(rests.length, 1000)
  assert.isAtMost(Math.max(...rests), 500_000)
})
