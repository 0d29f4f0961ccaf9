/**
 * Ends the process with a SIGKILL in the middle of three writes: one is
 * recorded and not handed to the network yet, one has left and its answer is
 * not read, and of one the answer is in and nobody has heard of it.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Diary from "./Diary.ts"
import * as Plan from "./Plan.ts"

const keyed = Schema.Struct({ client_order_id: Schema.optionalKey(Schema.String) })
const bodyOf = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ ...keyed.fields, orders: Schema.optionalKey(Schema.Array(keyed)) }))
)

/** The text of a request's body; empty where it has none. */
export const textOf = (request: HttpClientRequest.HttpClientRequest): string =>
  request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""

/** What is recorded before it leaves, by method and path. */
const recorded: ReadonlyArray<readonly [operation: string, method: string, path: RegExp]> = [
  ["createOrder", "POST", /\/portfolio\/events\/orders$/],
  ["batchCreateOrders", "POST", /\/portfolio\/events\/orders\/batched$/],
  ["amendOrder", "POST", /\/portfolio\/events\/orders\/([^/]+)\/amend$/],
  ["decreaseOrder", "POST", /\/portfolio\/events\/orders\/([^/]+)\/decrease$/]
]

/** A write that is recorded before it leaves. */
export interface Written {
  readonly operation: string
  readonly clientOrderIds: ReadonlyArray<string>
  readonly orderIds: ReadonlyArray<string>
}

/** Which recorded write a request is; absent for all else. */
export const writtenBy = (request: HttpClientRequest.HttpClientRequest): Written | undefined => {
  const path = request.url.split("?", 1)[0] ?? ""
  for (const [operation, method, pattern] of recorded) {
    const match = request.method === method ? pattern.exec(path) : null
    if (match === null) continue
    const [, orderId] = match
    const clientOrderIds =
      orderId === undefined
        ? Option.match(bodyOf(textOf(request)), {
            onNone: () => [],
            onSome: (one) =>
              [one, ...(one.orders ?? [])].flatMap(({ client_order_id: id }) => (id === undefined ? [] : [id]))
          })
        : []
    return { operation, clientOrderIds, orderIds: orderId === undefined ? [] : [orderId] }
  }
  return undefined
}

// an answer that does not come is none to be read: it has surely left by then
const LEFT_MILLIS = 300

/**
 * Makes a client that kills once it is due, as soon as three writes at once
 * are each at another of the three instants.
 */
export const make = (options: {
  /** Whether it is time. */
  readonly isDue: () => boolean
  readonly write: Diary.Write
  readonly now: () => number
}) => {
  const taken = new Set<Plan.Instant>()
  const caught = new Map<Plan.Instant, Written>()

  /** Stays where it is; the last of the three kills. */
  const stay = (instant: Plan.Instant, written: Written): Effect.Effect<never> =>
    Effect.suspend(() => {
      caught.set(instant, written)
      if (caught.size < Plan.instants.length) return Effect.never
      for (const [instant, written] of caught) {
        options.write({ _tag: "Killed", at: options.now(), instant, ...written })
      }
      process.kill(process.pid, "SIGKILL")
      return Effect.never
    })

  const letGo = (instant: Plan.Instant) =>
    Effect.sync(() => {
      taken.delete(instant)
      caught.delete(instant)
    })

  type Answer = Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

  const at = (instant: Plan.Instant, written: Written, answer: Answer): Answer => {
    switch (instant) {
      case "recorded-not-sent":
        return stay(instant, written)
      case "sent-not-answered":
        return Effect.raceFirst(Effect.exit(answer), Effect.sleep(LEFT_MILLIS)).pipe(
          Effect.andThen(stay(instant, written))
        )
      case "answered-not-closed":
        // one that is refused is not the one
        return Effect.tap(answer, (response) =>
          response.status >= 300 ? letGo(instant) : Effect.flatMap(response.arrayBuffer, () => stay(instant, written))
        )
    }
  }

  return (client: HttpClient.HttpClient): HttpClient.HttpClient =>
    HttpClient.transform(client, (answer, request) => {
      if (!options.isDue()) return answer
      const instant = Plan.instants.find((one) => !taken.has(one))
      const written = instant === undefined ? undefined : writtenBy(request)
      if (instant === undefined || written === undefined) return answer
      taken.add(instant)
      // whoever does not wait for it takes it away
      return Effect.onExit(at(instant, written, answer), () => letGo(instant))
    })
}
