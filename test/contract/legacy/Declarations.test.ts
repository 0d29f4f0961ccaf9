import { assert, describe, it } from "@effect/vitest"
import { LegacyApi } from "effect-kalshi/api/legacy/Api"
import * as Wire from "effect-kalshi/api/Wire"
import * as Context from "effect/Context"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import * as Declarations from "../Declarations.ts"
import * as Contract from "./Contract.ts"
import * as Description from "./Description.ts"

const model = (name: string): Declarations.Shape => ({
  ...Declarations.fromJsonSchema(Description.schemas[name], model),
  model: name
})

const contract: Declarations.Judge = { name: "the contract", find: Contract.find, model }

const namesOf = (differences: ReadonlyArray<Declarations.Difference>): ReadonlyArray<string> =>
  differences.map((difference) => `${difference.at} ${difference.message}`)

describe("the declarations of the wire of 2.0.0", () => {
  const differences = Declarations.differences(LegacyApi, contract)
  const of = (kind: Declarations.Difference["kind"]) =>
    namesOf(differences.filter((difference) => difference.kind === kind))

  it("are those of the contract, endpoint by endpoint", () => {
    const found: Array<string> = []
    HttpApi.reflect(LegacyApi, {
      onGroup: () => {},
      onEndpoint: ({ endpoint }) => {
        const path = endpoint.path.replace(/:(\w+)/g, "{$1}")
        const operation = contract.find(endpoint.method, path)
        const name = endpoint.identifier
        found.push(`${endpoint.method} ${path}`)
        assert.strictEqual(operation?.name.toLowerCase(), name.toLowerCase())
        assert.strictEqual(Context.get(endpoint.annotations, Wire.SuccessStatus), operation?.success.status, name)
        assert.strictEqual(
          Context.get(endpoint.annotations, Wire.Access),
          Description.operations[operation!.name]?.secured === true ? "private" : "public",
          name
        )
      }
    })
    const theirs = Object.values(Description.operations).map(({ method, path }) => `${method} ${path}`)
    assert.deepStrictEqual(found.toSorted(), theirs.toSorted())
  })

  it("read everything that the contract says is valid, and send nothing else", () => {
    assert.deepStrictEqual(of("wrong"), [])
  })

  it("know every field, every member and every query", () => {
    assert.deepStrictEqual(of("missing"), [])
  })

  it("are more lenient than the contract in what they read alone", () => {
    const requests = new Set(Object.values(Description.operations).map(({ request }) => request))
    const lenient = differences.filter(({ at, kind }) => kind === "lenient" && requests.has(at.split(/[.[]/)[0]))
    assert.deepStrictEqual(namesOf(lenient), [])
  })
})

describe("the comparison", () => {
  const differing = (endpoint: HttpApiEndpoint.Constraint) =>
    namesOf(Declarations.differences(HttpApi.make("other").add(HttpApiGroup.make("other").add(endpoint)), contract))

  it("finds what is not in the contract, and what is only there", () => {
    assert.deepStrictEqual(
      differing(
        HttpApiEndpoint.get("getBalance", "/portfolio/balance", {
          query: { subaccount: Schema.optional(Schema.Int) },
          success: Schema.Struct({ balance: Schema.String, cash: Schema.Int })
        })
      ),
      [
        "getBalance?subaccount is only ours",
        "GetBalanceResponse.balance the contract has number, ours does not",
        "GetBalanceResponse.balance ours has string, the contract does not",
        "GetBalanceResponse.payout is only in the contract",
        "GetBalanceResponse.cash is only ours"
      ]
    )
  })

  it("finds another status, another path, and a body where there is none", () => {
    assert.deepStrictEqual(
      differing(HttpApiEndpoint.post("logout", "/logout", { success: Schema.Struct({ token: Schema.String }) })),
      ["logout the contract answers 204"]
    )
    assert.deepStrictEqual(
      differing(
        HttpApiEndpoint.get("getOrder", "/portfolio/orders/:id", {
          params: { id: Schema.String },
          success: Schema.Struct({ order: Schema.Unknown })
        })
      ),
      ["getOrder the contract has the path /portfolio/orders/{order_id}"]
    )
    assert.deepStrictEqual(differing(HttpApiEndpoint.get("getMarkets", "/markets", { success: Schema.Struct({}) })), [
      "getMarkets the contract has no GET /markets"
    ])
  })
})
