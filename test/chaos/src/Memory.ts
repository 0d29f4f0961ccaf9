/**
 * What a program knows of its orders, from what it was told: enough to decide
 * what to do next with one that rests.
 */
import type * as Desk from "./Desk.ts"
import type * as Diary from "./Diary.ts"
import type * as Story from "./Story.ts"

/** An order that was placed, as far as it is known. */
export interface Known {
  readonly orderId: string
  readonly price: number
  readonly filled: number
  /** 0 once it has ended. */
  readonly remaining: number
}

/** What is known of an order after a word about it. */
export const learn = (
  known: Known | undefined,
  wanted: typeof Diary.Wanted.Type,
  what: Desk.What,
  word: Diary.Word
): Known | undefined => {
  const orderId = word.orderId ?? known?.orderId
  if (word.outcome === "not-applied" || word.outcome === "never-sent") return known
  if (orderId === undefined) return undefined
  const { seen } = word
  const ended = seen?.status === "canceled" || seen?.status === "executed" || word.outcome === "ended"
  const isChanged = word.outcome === "applied" && what._tag === "amend"
  return {
    orderId,
    price: seen?.price ?? (isChanged ? what.price : (known?.price ?? wanted.price)),
    filled: seen?.filled ?? known?.filled ?? 0,
    remaining: ended ? 0 : (seen?.remaining ?? known?.remaining ?? 0)
  }
}

/** What a step of a story asks for, if there is still something to ask it for. */
export const next = (
  step: Story.Step,
  orders: ReadonlyArray<typeof Diary.Wanted.Type>,
  known: (clientOrderId: string) => Known | undefined
): Desk.What | undefined => {
  if (step._tag === "batchCancel") {
    const resting = orders.flatMap(({ clientOrderId }) => {
      const order = known(clientOrderId)
      return order === undefined || order.remaining === 0 ? [] : [{ clientOrderId, orderId: order.orderId }]
    })
    return resting.length === 0 ? undefined : { _tag: "batchCancel", orders: resting }
  }
  const clientOrderId = orders[step.item]?.clientOrderId ?? ""
  const order = known(clientOrderId)
  if (order === undefined || order.remaining === 0) return undefined
  const { filled, orderId, remaining } = order
  const part = (percent: number): number => Math.max(1, Math.floor((remaining * percent) / 100))
  switch (step._tag) {
    case "amend":
      return { _tag: "amend", clientOrderId, orderId, price: step.price, total: filled + part(step.percent) }
    case "decrease":
      return { _tag: "decrease", clientOrderId, orderId, by: part(step.percent) }
    case "cancel":
      return { _tag: "cancel", clientOrderId, orderId }
  }
}
