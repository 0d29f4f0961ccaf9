/**
 * What stands between the client and the network of a program: an exchange
 * that answers batches in an order of its own, and the planted mistakes that a
 * client could make on the wire.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as NodeCrypto from "node:crypto"
import * as Killer from "./Killer.ts"
import type * as Random from "./Random.ts"

type Json = Readonly<Record<string, unknown>>

/** A change of every client's requests and answers. */
export type Layer = (client: HttpClient.HttpClient) => HttpClient.HttpClient

const objectOf = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

const isObject = (value: unknown): value is Json => Predicate.isObject(value) && !Array.isArray(value)

const listOf = (body: Json): ReadonlyArray<Json> | undefined =>
  Array.isArray(body["orders"]) ? body["orders"].filter(isObject) : undefined

const pathOf = (request: HttpClientRequest.HttpClientRequest): string => request.url.split("?", 1)[0] ?? ""

const isBatch = (request: HttpClientRequest.HttpClientRequest): boolean =>
  pathOf(request).endsWith("/events/orders/batched")

const isCreate = (request: HttpClientRequest.HttpClientRequest): boolean =>
  request.method === "POST" && /\/events\/orders(\/batched)?$/.test(pathOf(request))

/** Changes the new orders that a request asks for. */
const orders = (change: (order: Json) => Json): Layer =>
  HttpClient.mapRequest((request) => {
    const body = isCreate(request) ? Option.getOrUndefined(objectOf(Killer.textOf(request))) : undefined
    if (body === undefined) return request
    const list = listOf(body)
    return HttpClientRequest.bodyText(
      request,
      JSON.stringify(list === undefined ? change(body) : { ...body, orders: list.map(change) }),
      "application/json"
    )
  })

/** Changes the answers to some requests, whose bodies have to be in for it. */
const answers = (
  which: (request: HttpClientRequest.HttpClientRequest) => boolean,
  change: (
    answer: { readonly status: number; readonly body: Json },
    request: HttpClientRequest.HttpClientRequest
  ) => { readonly status: number; readonly body: Json }
): Layer =>
  HttpClient.transform((answer, request) =>
    which(request)
      ? Effect.flatMap(answer, (response) =>
          Effect.map(response.text, (text) => {
            const body = Option.getOrUndefined(objectOf(text))
            if (body === undefined) return response
            const changed = change({ status: response.status, body }, request)
            return HttpClientResponse.fromWeb(
              response.request,
              new Response(JSON.stringify(changed.body), {
                status: changed.status,
                headers: { "content-type": "application/json" }
              })
            )
          })
        )
      : answer
  )

/** Answers the items of a batch in another order than they were asked for. */
export const shuffled = (random: Random.Random): Layer =>
  answers(isBatch, ({ body, status }) => {
    const list = listOf(body)
    return { status, body: list === undefined ? body : { ...body, orders: random.shuffle(list) } }
  })

/** New orders go without an id. */
export const withoutIds: Layer = orders((order) =>
  Object.fromEntries(Object.entries(order).filter(([name]) => name !== "client_order_id"))
)

/** Whatever is sent again goes by another id. */
export const withNewIds = (): Layer => {
  const sent = new Map<string, number>()
  return orders((order) => {
    const id = String(order["client_order_id"])
    const times = sent.get(id) ?? 0
    sent.set(id, times + 1)
    return times === 0 ? order : { ...order, client_order_id: `${id}-again${times}` }
  })
}

/** Reads are believed to be of now, and whatever is under way to be there. */
export const withoutLag = (now: () => number): Layer =>
  answers(
    (request) => pathOf(request).endsWith("/exchange/user_data_timestamp"),
    ({ body, status }) => ({
      status,
      body: status === 200 ? { ...body, as_of_time: new Date(now() + 3_600_000).toISOString() } : body
    })
  )

/** A conflict is taken for the order that was asked for. */
export const withoutConflicts = (now: () => number): Layer =>
  answers(
    (request) => isCreate(request) && !isBatch(request),
    ({ body, status }, request) => {
      if (status !== 409) return { status, body }
      const asked = Option.getOrElse(objectOf(Killer.textOf(request)), (): Json => ({}))
      return {
        status: 201,
        body: {
          order_id: NodeCrypto.randomUUID(),
          client_order_id: asked["client_order_id"],
          fill_count: "0.00",
          remaining_count: asked["count"],
          ts_ms: now()
        }
      }
    }
  )

/** The items of a batch are taken to be answered in the order in which they were asked for. */
export const byPosition: Layer = answers(isBatch, ({ body, status }, request) => {
  const asked = Option.flatMap(objectOf(Killer.textOf(request)), (body) => Option.fromUndefinedOr(listOf(body)))
  const list = listOf(body)
  if (list === undefined || Option.isNone(asked)) return { status, body }
  const name = request.method === "POST" ? "client_order_id" : "order_id"
  return {
    status,
    body: { ...body, orders: list.map((item, index) => ({ ...item, [name]: asked.value[index]?.[name] })) }
  }
})
