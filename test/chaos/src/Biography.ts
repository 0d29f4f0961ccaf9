/**
 * A diary read as the lives of orders: what was wanted of each, in which acts,
 * and what was told of every act.
 */
import type * as Diary from "./Diary.ts"

type Decided = Extract<Diary.Line, { readonly _tag: "Decided" }>
type Told = Extract<Diary.Line, { readonly _tag: "Told" }>
type Final = Extract<Diary.Line, { readonly _tag: "Final" }>

/** What was wanted of one order at one time. */
export type Wish =
  | { readonly _tag: "create" }
  | { readonly _tag: "amend"; readonly price: number; readonly total: number }
  | { readonly _tag: "decrease"; readonly by: number }
  | { readonly _tag: "cancel" }

/** A wish, when it was decided (again), and what was told of it, in the order of time. */
export interface Act {
  readonly op: string
  readonly what: Decided["what"]["_tag"]
  readonly wish: Wish
  readonly decidedAt: ReadonlyArray<number>
  readonly told: ReadonlyArray<Told>
}

/** The life of an order as its program knows it. */
export interface Biography {
  readonly wanted: typeof Diary.Wanted.Type
  /** The first creates it. */
  readonly acts: readonly [Act, ...ReadonlyArray<Act>]
}

/** A diary, sorted. */
export interface Program {
  readonly lines: ReadonlyArray<Diary.Line>
  readonly orders: ReadonlyMap<string, Biography>
  /** By order id: what the lists showed at the end. */
  readonly finals: ReadonlyMap<string, Final>
  readonly hasEnded: boolean
}

interface OpenAct extends Act {
  readonly decidedAt: Array<number>
  readonly told: Array<Told>
}

interface OpenBiography {
  readonly wanted: typeof Diary.Wanted.Type
  readonly acts: [OpenAct, ...Array<OpenAct>]
}

const key = (op: string, item: number): string => `${op}#${item}`

// the orders that a decision is about, and what it wants of each
const wishes = (what: Decided["what"]): ReadonlyArray<{ readonly clientOrderId: string; readonly wish: Wish }> => {
  switch (what._tag) {
    case "create":
    case "batch":
      return what.orders.map(({ clientOrderId }) => ({ clientOrderId, wish: { _tag: "create" } }))
    case "amend":
      return [{ clientOrderId: what.clientOrderId, wish: { _tag: "amend", price: what.price, total: what.total } }]
    case "decrease":
      return [{ clientOrderId: what.clientOrderId, wish: { _tag: "decrease", by: what.by } }]
    case "cancel":
      return [{ clientOrderId: what.clientOrderId, wish: { _tag: "cancel" } }]
    case "batchCancel":
      return what.orders.map(({ clientOrderId }) => ({ clientOrderId, wish: { _tag: "cancel" } }))
  }
}

const wantedOf = (what: Decided["what"], item: number): typeof Diary.Wanted.Type | undefined =>
  what._tag === "create" || what._tag === "batch" ? what.orders[item] : undefined

/** Sorts a diary. */
export const read = (lines: ReadonlyArray<Diary.Line>): Program => {
  const orders = new Map<string, OpenBiography>()
  const acts = new Map<string, OpenAct>()
  const finals = new Map<string, Final>()
  let hasEnded = false
  for (const line of lines) {
    switch (line._tag) {
      case "Decided":
        for (const [item, { clientOrderId, wish }] of wishes(line.what).entries()) {
          const known = acts.get(key(line.op, item))
          if (known !== undefined) {
            known.decidedAt.push(line.at)
            continue
          }
          const act: OpenAct = { op: line.op, what: line.what._tag, wish, decidedAt: [line.at], told: [] }
          acts.set(key(line.op, item), act)
          const wanted = wantedOf(line.what, item)
          if (wanted === undefined) orders.get(clientOrderId)?.acts.push(act)
          else orders.set(clientOrderId, { wanted, acts: [act] })
        }
        break
      case "Told":
        acts.get(key(line.op, line.item))?.told.push(line)
        break
      case "Final":
        finals.set(line.orderId, line)
        break
      case "Ended":
        hasEnded = true
        break
      default:
    }
  }
  return { lines, orders, finals, hasEnded }
}

/** The endpoint of each thing that can be wanted. */
export const endpoints: Readonly<Record<Act["what"], string>> = {
  create: "createOrder",
  batch: "batchCreateOrders",
  amend: "amendOrder",
  decrease: "decreaseOrder",
  cancel: "cancelOrder",
  batchCancel: "batchCancelOrders"
}

/** Whether a word leaves nothing open. */
export const isFinal = (word: Diary.Word | undefined): boolean => word !== undefined && word.outcome !== "unknown"
