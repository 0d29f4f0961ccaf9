import { assert, describe, it } from "@effect/vitest"
import { Api } from "effect-kalshi/api/Api"
import * as HttpApi from "effect/http-api/HttpApi"
import * as Contract from "./Contract.ts"
import * as Declarations from "./Declarations.ts"
import * as Sdk from "./Sdk.ts"

const namesOf = (differences: ReadonlyArray<Declarations.Difference>): ReadonlyArray<string> =>
  differences.map((difference) => `${difference.at} ${difference.message}`)

describe("the declarations of the wire", () => {
  it("are those of the SDK, endpoint by endpoint", () => {
    const names: Array<string> = []
    HttpApi.reflect(Api, {
      onGroup: () => {},
      onEndpoint: ({ endpoint }) => {
        names.push(endpoint.identifier)
        const operation = Contract.find(endpoint.method, endpoint.path.replace(/:(\w+)/g, "$1"))
        const expected: Readonly<Record<string, string>> = Contract.ours
        assert.strictEqual(operation?.name, expected[endpoint.identifier], endpoint.identifier)
      }
    })
    assert.deepStrictEqual([...names].toSorted(), Object.keys(Contract.ours).toSorted())
  })

  it("read everything that the SDK says is valid, and send nothing else", () => {
    const wrong = Declarations.differences(Api).filter((difference) => difference.kind === "wrong")
    assert.deepStrictEqual(namesOf(wrong), [])
  })

  it("know every field of the requests that they send", () => {
    const requests = new Set(Object.values(Contract.ours).map((name) => Sdk.operations[name]?.request))
    const missing = Declarations.differences(Api).filter(
      (difference) => difference.kind === "missing" && requests.has(difference.at.split(/[.[]/)[0])
    )
    assert.deepStrictEqual(namesOf(missing), [])
  })
})

describe("the comparison", () => {
  const theirs = Declarations.ofModel("CreateOrderV2Response")
  const field = (name: string) => theirs.fields.get(name)!
  const changed = (
    changes: ReadonlyArray<
      readonly [string, typeof theirs.fields extends ReadonlyMap<string, infer F> ? F | undefined : never]
    >
  ) => {
    const fields = new Map(theirs.fields)
    for (const [name, value] of changes) {
      if (value === undefined) fields.delete(name)
      else fields.set(name, value)
    }
    return namesOf(
      Declarations.compare("response", "at", { ...theirs, fields }, theirs).filter(({ kind }) => kind === "wrong")
    )
  }

  it("finds nothing between a shape and itself", () => {
    assert.deepStrictEqual(changed([]), [])
  })

  it("finds a field that is only ours, one that we wrongly require, and one of another type", () => {
    assert.deepStrictEqual(changed([["status", field("order_id")]]), ["CreateOrderV2Response.status is only ours"])
    assert.deepStrictEqual(changed([["average_fee_paid", field("order_id")]]), [
      "CreateOrderV2Response.average_fee_paid is required by us, optional in the SDK"
    ])
    assert.deepStrictEqual(changed([["fill_count", field("ts_ms")]]), [
      "CreateOrderV2Response.fill_count the SDK has string, ours does not",
      "CreateOrderV2Response.fill_count ours has number, the SDK does not"
    ])
  })
})
