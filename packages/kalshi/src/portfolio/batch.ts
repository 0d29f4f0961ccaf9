/**
 * Which answer of a batch belongs to which item, and what it comes to.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Contracts from "../Contracts.ts"
import * as classify from "../internal/classify.ts"
import * as KalshiError from "../KalshiError.ts"
import type { CancelledOrder } from "../models/OrderChange.ts"
import type * as check from "../service/check.ts"

/** Fails when an id is given twice: its answers could not be told apart. */
export const distinct = <E>(
  refuses: check.Refuses<E>,
  field: "orderId" | "clientOrderId",
  ids: ReadonlyArray<string>
): Effect.Effect<void, E> =>
  new Set(ids).size === ids.length
    ? Effect.void
    : Effect.fail(refuses.invalid(field, `is ${field === "orderId" ? "named" : "used"} twice in the batch`))

/**
 * Finds the answer of each item by its id, never by its position.
 *
 * Answers may come in any order and without an id of ours. An id that is
 * answered twice says nothing certain, so its item counts as unanswered. Only
 * when a single item and a single answer without an id are left over do they
 * belong together.
 */
export const match = <Item, Answer>(options: {
  readonly items: ReadonlyArray<Item>
  readonly answers: ReadonlyArray<Answer>
  readonly idOfItem: (item: Item) => string
  readonly idOfAnswer: (answer: Answer) => string | undefined
}): ReadonlyArray<Answer | undefined> => {
  const byId = new Map<string, Answer | undefined>()
  const nameless: Array<Answer> = []
  for (const answer of options.answers) {
    const id = options.idOfAnswer(answer)
    if (id === undefined) nameless.push(answer)
    else byId.set(id, byId.has(id) ? undefined : answer)
  }
  const matched = options.items.map((item) => byId.get(options.idOfItem(item)))
  const open = options.items.flatMap((item, index) => (byId.has(options.idOfItem(item)) ? [] : [index]))
  const [index] = open
  const [answer] = nameless
  if (open.length === 1 && nameless.length === 1 && index !== undefined) matched[index] = answer
  return matched
}

/**
 * Finds the answer of each item where errors name nothing: by its place, as
 * the wire of 2.0.0 promises, if there are as many answers as items and each
 * that has an id is at the place of its item; else by its id alone.
 */
export const matchInPlace = <Item, Answer>(options: {
  readonly items: ReadonlyArray<Item>
  readonly answers: ReadonlyArray<Answer>
  readonly idOfItem: (item: Item) => string
  readonly idOfAnswer: (answer: Answer) => string | undefined
}): ReadonlyArray<Answer | undefined> => {
  const { answers, idOfAnswer, idOfItem, items } = options
  const inPlace = items.every((item, index) => {
    const answer = answers[index]
    const id = answer === undefined ? undefined : idOfAnswer(answer)
    return id === undefined || id === idOfItem(item)
  })
  return inPlace && answers.length === items.length ? answers : match(options)
}

/** What one cancel of a batch comes to. */
export const readCancelled = <E>(
  answer:
    | {
        readonly reduced_by?: Contracts.Contracts | null | undefined
        readonly error?: classify.ItemError | null | undefined
      }
    | undefined,
  read: {
    readonly fail: (reason: KalshiError.Reason) => E
    readonly cancelled: (reducedBy: Contracts.Contracts) => CancelledOrder
  }
): Result.Result<CancelledOrder, E> => {
  const fail = (reason: KalshiError.Reason) => Result.fail(read.fail(reason))
  if (answer === undefined) return fail(new KalshiError.Unanswered())
  if (classify.isItemError(answer.error)) return fail(classify.itemReason(answer.error))
  // an error without words, and nothing taken off: whether it was cancelled is not said
  if (answer.reduced_by == null || (answer.error != null && answer.reduced_by === 0)) {
    return fail(
      new KalshiError.UnreadableAnswer({ status: 200, description: "an item has neither a size nor an error" })
    )
  }
  return Result.succeed(read.cancelled(answer.reduced_by))
}
