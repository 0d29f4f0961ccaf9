/**
 * Compares what programs were told with what is true. It knows nothing of the
 * client: a diary, the orders of the exchange and the requests that reached it
 * are all that it sees.
 *
 * What an order has filled is compared as of the time of the telling: others
 * trade with what rests, and nobody is told the future.
 */
import * as Biography from "./Biography.ts"
import type * as Diary from "./Diary.ts"
import * as Story from "./Story.ts"
import type * as Truth from "./Truth.ts"

/** The ways in which "placed once" can break. */
export const kinds = ["lost", "duplicated", "misreported", "unresolved", "staleResends", "unrecorded"] as const

/** A way in which "placed once" can break. */
export type Kind = (typeof kinds)[number]

/** Something that broke, with all that is known about it. */
export interface Finding {
  readonly kind: Kind
  readonly program: number
  /** The client order id, or what else the finding is about. */
  readonly about: string
  readonly says: string
  readonly acts: ReadonlyArray<Biography.Act>
  readonly truth: ReadonlyArray<Truth.Order>
}

/** What is compared. */
export interface Evidence {
  readonly program: number
  readonly diary: Biography.Program
  readonly orders: ReadonlyArray<Truth.Order>
  readonly requests: ReadonlyArray<Truth.Request>
  /** Each kill, and what the journal had open when the program was dead. */
  readonly kills: ReadonlyArray<{
    readonly killed: ReadonlyArray<Extract<Diary.Line, { readonly _tag: "Killed" }>>
    readonly open: ReadonlyArray<{
      readonly operation: string
      readonly clientOrderIds: ReadonlyArray<string>
      readonly orderIds: ReadonlyArray<string>
    }>
  }>
  /** How old a new order may be when it is sent, in milliseconds. */
  readonly maxAge: number
  /** What a busy machine may add until it is handed to the network, and until it is at the exchange. */
  readonly tolerance: { readonly sent: number; readonly there: number }
}

type Told = Biography.Act["told"][number]

// instants are told in milliseconds
const SLOP_MILLIS = 2

/** What may have been filled of an order at some time between two instants. */
const filledBetween = (order: Truth.Order, from: number, until: number): ReadonlyArray<number> => {
  const first = (from - SLOP_MILLIS) * 1000
  const last = (until + SLOP_MILLIS) * 1000
  let filled = 0
  const seen: Array<number> = []
  for (const fill of order.fills) {
    if (fill.at > last) break
    if (fill.at >= first) seen.push(filled)
    filled += fill.count
  }
  seen.push(filled)
  return seen
}

const average = (total: bigint, count: number): number => Number((total * 2n + BigInt(count)) / (2n * BigInt(count)))

/** What the answer to a create has to say of what it traded at once. */
const averages = (order: Truth.Order): { readonly price: number; readonly fee: number } | undefined => {
  const atOnce = order.fills.filter((fill) => fill.at === order.createdAt)
  const count = atOnce.reduce((sum, fill) => sum + fill.count, 0)
  if (count === 0) return undefined
  const cost = atOnce.reduce((sum, fill) => sum + BigInt(fill.price) * BigInt(fill.count), 0n)
  const fees = atOnce.reduce((sum, fill) => sum + BigInt(fill.fee) * 100n, 0n)
  return { price: average(cost, count), fee: average(fees, count) }
}

/** What is known of an order after its acts so far, if the telling is true. */
interface Belief {
  readonly prices: ReadonlyArray<number>
  readonly sizes: ReadonlyArray<number>
}

/** What is wrong with what was said of an order, by whoever knows which sizes it can have. */
const wrongIn = (told: Told, act: Biography.Act, belief: Belief, order: Truth.Order): ReadonlyArray<string> => {
  const { seen } = told.word
  if (seen === undefined) return []
  const wrong: Array<string> = []
  const fills = filledBetween(order, act.decidedAt[0] ?? 0, told.at)
  if (seen.filled !== undefined && !fills.includes(seen.filled)) {
    wrong.push(`told ${seen.filled} filled, where it was ${fills.join(" or ")}`)
  }
  const couldRest = belief.sizes.flatMap((size) => fills.map((filled) => size - filled))
  const { reducedBy, remaining } = seen
  if (remaining !== undefined && remaining > 0 && !couldRest.includes(remaining)) {
    wrong.push(`told that ${remaining} rests, where it was ${couldRest.join(" or ")}`)
  }
  if (reducedBy !== undefined && reducedBy > 0 && !couldRest.includes(reducedBy)) {
    wrong.push(`told that ${reducedBy} was taken off the book, where ${couldRest.join(" or ")} rested`)
  }
  if (seen.price !== undefined && !belief.prices.includes(seen.price)) {
    wrong.push(`told the price ${seen.price}, where it was ${belief.prices.join(" or ")}`)
  }
  const ended = seen.status === "canceled" || seen.status === "executed" || remaining === 0
  if (ended && order.status === "resting") wrong.push("told that it has ended, and it rests")
  if (seen.status !== undefined && ended && order.status !== seen.status) {
    wrong.push(`told ${seen.status}, and it is ${order.status}`)
  }
  if (ended && seen.filled !== undefined && order.filled !== seen.filled) {
    wrong.push(`told that it ended with ${seen.filled} filled, and it is ${order.filled}`)
  }
  const traded = averages(order)
  if (seen.averagePrice !== undefined && seen.averagePrice !== traded?.price) {
    wrong.push(`told the average price ${seen.averagePrice}, where it was ${traded?.price}`)
  }
  if (seen.averageFee !== undefined && seen.averageFee !== traded?.fee) {
    wrong.push(`told the average fee ${seen.averageFee}, where it was ${traded?.fee}`)
  }
  return wrong
}

const after = (wish: Biography.Wish, belief: Belief): Belief => {
  switch (wish._tag) {
    case "amend":
      return { prices: [wish.price], sizes: [wish.total] }
    case "decrease":
      return { ...belief, sizes: belief.sizes.map((size) => size - wish.by) }
    default:
      return belief
  }
}

const either = (one: Belief, other: Belief): Belief => ({
  prices: [...new Set([...one.prices, ...other.prices])],
  sizes: [...new Set([...one.sizes, ...other.sizes])]
})

/** What is believed after a change of which this was told last. */
const believed = (act: Biography.Act, last: Told | undefined, belief: Belief): Belief => {
  const changed = after(act.wish, belief)
  switch (last?.word.outcome) {
    case "applied":
      // what is made as small as what is filled is cancelled at the size that it had
      return last.word.seen?.remaining === 0 ? either(belief, changed) : changed
    case "not-applied":
    case "never-sent":
      return belief
    default:
      return either(belief, changed)
  }
}

type Say = (kind: Kind, says: string) => void

/** The end of an order as the program knows it, against what became of it. */
const judgeEnd = (biography: Biography.Biography, belief: Belief, order: Truth.Order, say: Say): void => {
  const told = biography.acts.flatMap((act) => act.told)
  const decreases = biography.acts.filter((act) => act.wish._tag === "decrease")
  const smaller = Math.min(...belief.sizes)
  if (!belief.sizes.includes(order.size)) {
    const explained = decreases.length > 0 && order.size < smaller
    const denied = decreases.some((act) => act.told.at(-1)?.word.outcome === "not-applied")
    say(
      explained && !denied ? "duplicated" : "misreported",
      `its size is ${order.size}, where ${belief.sizes.join(" or ")} was told`
    )
  }
  if (!belief.prices.includes(order.price)) {
    say("misreported", `its price is ${order.price}, where ${belief.prices.join(" or ")} was told`)
  }
  const maybe = told.some(
    ({ word }) =>
      word.seen?.status === "canceled" ||
      word.seen?.remaining === 0 ||
      word.outcome === "ended" ||
      word.outcome === "seen" ||
      word.outcome === "unknown"
  )
  const cancelled = biography.acts.some(
    (act) => act.wish._tag === "cancel" && (act.told.at(-1)?.word.outcome ?? "applied") === "applied"
  )
  if (order.status === "canceled" && !maybe && !cancelled) say("misreported", "it is cancelled, and nobody was told")
  if (order.status === "resting" && cancelled) {
    const last = biography.acts.at(-1)?.told.at(-1)
    if (last?.word.outcome === "applied") say("lost", "told cancelled, and it rests")
  }
}

const judgeFinal = (diary: Biography.Program, order: Truth.Order, say: Say): void => {
  const final = diary.finals.get(order.orderId)
  if (final === undefined) {
    if (diary.hasEnded) say("misreported", "the lists of orders did not have it at the end")
    return
  }
  const shown = [final.status, final.price, final.filled, final.remaining, final.fees, final.clientOrderId]
  const truth = [order.status, order.price, order.filled, order.remaining, order.fees, order.clientOrderId]
  const names = ["status", "price", "filled", "remaining", "fees", "client order id"]
  for (const [index, name] of names.entries()) {
    if (shown[index] !== truth[index]) {
      say("misreported", `at the end its ${name} was shown as ${shown[index]}, and is ${truth[index]}`)
    }
  }
  const fee = order.fills.reduce((sum, fill) => sum + fill.fee, 0)
  if (final.fills.count !== order.filled || final.fills.fee !== fee) {
    say(
      "misreported",
      `its fills were shown as ${final.fills.count} for ${final.fills.fee}, and are ${order.filled} for ${fee}`
    )
  }
}

const judgeOrder = (
  { diary, program }: Evidence,
  biography: Biography.Biography,
  truth: ReadonlyArray<Truth.Order>
): ReadonlyArray<Finding> => {
  const found: Array<Finding> = []
  const { acts, wanted } = biography
  const say: Say = (kind, says) => {
    found.push({ kind, program, about: wanted.clientOrderId, says, acts, truth })
  }
  const [creation, ...changes] = acts
  const [order] = truth
  if (truth.length > 1) say("duplicated", `${truth.length} orders were placed for one decision`)
  for (const act of acts) {
    if (!Biography.isFinal(act.told.at(-1)?.word)) say("unresolved", `nobody knows what became of ${act.op}`)
  }
  for (const { word } of creation.told) {
    if ((word.outcome === "not-applied" || word.outcome === "never-sent") && order !== undefined) {
      say("misreported", `told ${word.outcome} (${word.why ?? ""}), and it is there`)
    }
    if (word.outcome === "applied" && order === undefined) say("lost", "told that it was placed, and it is not there")
    if (word.orderId !== undefined && order !== undefined && truth.every((one) => one.orderId !== word.orderId)) {
      say("misreported", `told that it is order ${word.orderId}, which it is not`)
    }
  }
  if (order === undefined || truth.length > 1) return found

  if (order.clientOrderId !== wanted.clientOrderId) say("misreported", `it goes by the id ${order.clientOrderId}`)
  let belief: Belief = { prices: [wanted.price], sizes: [wanted.count] }
  for (const told of creation.told) {
    for (const wrong of wrongIn(told, creation, belief, order)) say("misreported", wrong)
  }
  for (const act of changes) {
    const before = belief
    belief = believed(act, act.told.at(-1), before)
    for (const told of act.told) {
      for (const wrong of wrongIn(told, act, belief, order)) say("misreported", `${act.op}: ${wrong}`)
    }
  }
  judgeEnd(biography, belief, order, say)
  judgeFinal(diary, order, say)
  return found
}

interface Age {
  readonly id: string
  readonly biography: Biography.Biography
  readonly age: number
  /** Which time it was since it was decided: 1 for the first. */
  readonly time: number
}

/** How old new orders were at some instants, in the order of time. */
const agesOf = (
  diary: Biography.Program,
  sends: ReadonlyArray<{ readonly at: number; readonly clientOrderIds: ReadonlyArray<string> }>
): ReadonlyArray<Age> => {
  const times = new Map<string, number>()
  return sends.flatMap(({ at, clientOrderIds }) =>
    clientOrderIds.flatMap((id): ReadonlyArray<Age> => {
      const biography = diary.orders.get(id)
      const decided = biography?.acts[0].decidedAt.findLast((decidedAt) => decidedAt <= at + SLOP_MILLIS)
      if (biography === undefined || decided === undefined) return []
      const key = `${id} ${decided}`
      const time = (times.get(key) ?? 0) + 1
      times.set(key, time)
      return [{ id, biography, age: Math.round(at - decided), time }]
    })
  )
}

/** How old each new order was when it was handed to the network, each time that it was. */
const agesSent = ({ diary }: Evidence): ReadonlyArray<Age> =>
  agesOf(
    diary,
    diary.lines.flatMap((line) => (line._tag === "Sent" ? [line] : []))
  )

/** How old each was when it was at the socket of the exchange. */
const agesThere = ({ diary, requests }: Evidence): ReadonlyArray<Age> => agesOf(diary, requests)

/** The oldest that a new order was when it was handed to the network, in milliseconds. */
export const oldest = (evidence: Evidence): number =>
  agesSent(evidence).reduce((most, { age }) => Math.max(most, age), 0)

/** New orders that were sent when they were too old. */
const judgeAges = (evidence: Evidence): ReadonlyArray<Finding> => {
  const { maxAge, program, tolerance } = evidence
  const stale = (ages: ReadonlyArray<Age>, most: number, words: string): ReadonlyArray<Finding> =>
    ages
      .filter(({ age }) => age > most)
      .map(({ age, biography, id, time }) => ({
        kind: "staleResends",
        program,
        about: id,
        says: `${words} ${age} ms after it was decided, ${time === 1 ? "for the first time" : `for the ${time}. time`}`,
        acts: biography.acts,
        truth: []
      }))
  return [
    ...stale(agesSent(evidence), maxAge + tolerance.sent, "was sent"),
    ...stale(agesThere(evidence), maxAge + tolerance.there, "was at the exchange")
  ]
}

type Decided = Extract<Diary.Line, { readonly _tag: "Decided" }>

/** Whether what was decided came to the exchange until an instant. */
const cameThere = ({ at, what }: Decided, until: number, requests: Evidence["requests"]): boolean => {
  const isOf = (request: Truth.Request): boolean =>
    what._tag === "create" || what._tag === "batch"
      ? what.orders.some(({ clientOrderId }) => request.clientOrderIds.includes(clientOrderId))
      : "orderId" in what && request.orderId === what.orderId
  return requests.some(
    (request) =>
      request.endpoint === Biography.endpoints[what._tag] && request.at >= at && request.at <= until && isOf(request)
  )
}

/** Writes whose caller left after their first byte did, and of which the client told nobody. */
const judgeLeft = ({ diary, program, requests }: Evidence): ReadonlyArray<Finding> => {
  const decided = new Map<string, Decided>()
  const left = new Set<string>()
  const found: Array<Finding> = []
  for (const line of diary.lines) {
    if (line._tag === "Started") left.clear()
    if (line._tag === "Decided") decided.set(line.op, line)
    if (line._tag === "Left") left.add(line.op)
    if (line._tag !== "Told" || !left.delete(line.op) || line.source !== "look") continue
    const wish = decided.get(line.op)
    if (wish === undefined || !cameThere(wish, line.at, requests)) continue
    const says = "was sent, its caller left, and the client did not tell what became of it"
    found.push({ kind: "unresolved", program, about: line.op, says, acts: [], truth: [] })
  }
  return found
}

type Kill = Evidence["kills"][number]

/** Whether the journal had a write that a kill met: it has to be there before it leaves. */
const isRecorded = ({ clientOrderIds, operation, orderIds }: Kill["killed"][number], open: Kill["open"]): boolean =>
  open.some(
    (entry) =>
      entry.operation === operation &&
      clientOrderIds.every((id) => entry.clientOrderIds.includes(id)) &&
      orderIds.every((id) => entry.orderIds.includes(id))
  )

const judgeKills = ({ kills, program }: Evidence): ReadonlyArray<Finding> =>
  kills.flatMap(({ killed, open }) =>
    killed
      .filter((one) => !isRecorded(one, open))
      .map(({ clientOrderIds, instant, operation, orderIds }) => ({
        kind: "unrecorded",
        program,
        about: [...clientOrderIds, ...orderIds].join(" "),
        says: `was killed in the middle of ${operation} (${instant}), and the journal did not have it open`,
        acts: [],
        truth: []
      }))
  )

/** All that broke in one program. */
export const judge = (evidence: Evidence): ReadonlyArray<Finding> => {
  const { diary, orders, program } = evidence
  const names = new Map<string, string>()
  for (const { wanted } of diary.orders.values()) names.set(Story.fingerprint(wanted), wanted.clientOrderId)
  const byName = new Map<string, Array<Truth.Order>>()
  const found: Array<Finding> = []
  for (const order of orders) {
    const name = names.get(Story.fingerprint({ ticker: order.ticker, count: order.size, expiresAt: order.expiresAt }))
    if (name === undefined) {
      const says = "is on the exchange, and nobody decided it"
      found.push({ kind: "duplicated", program, about: order.orderId, says, acts: [], truth: [order] })
      continue
    }
    const of = byName.get(name)
    if (of === undefined) byName.set(name, [order])
    else of.push(order)
  }
  for (const [name, biography] of diary.orders) {
    found.push(...judgeOrder(evidence, biography, byName.get(name) ?? []))
  }
  if (!diary.hasEnded) {
    found.push({
      kind: "unresolved",
      program,
      about: "the program",
      says: "did not come to its end",
      acts: [],
      truth: []
    })
  }
  return [...found, ...judgeLeft(evidence), ...judgeAges(evidence), ...judgeKills(evidence)]
}
