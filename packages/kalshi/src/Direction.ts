/**
 * Which way an order or a fill goes: the only place that knows.
 *
 * A market has one book, quoted on its YES leg. A `bid` buys YES, an `ask`
 * sells YES; buying NO at q is asking YES at 1 − q. People say "buy no at
 * 0.56", the wire says "ask at 0.44", and recorded fills have a rule of their
 * own. Each conversion is a function here and nowhere else.
 *
 * The exchange documents this under "Order direction" (`outcome_side`,
 * `book_side`); the rule for recorded fills is observed, not documented.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Dollars from "./Dollars.ts"

/**
 * A side of the YES book: `bid` buys YES, `ask` sells YES.
 *
 * @since 0.1.0
 * @category models
 */
export type Direction = "bid" | "ask"

/**
 * Schema of a side of the YES book.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Direction = Schema.Literals(["bid", "ask"])

/**
 * Schema of a recorded direction, which old records do not always tell.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Recorded = Schema.Literals(["bid", "ask", "unknown"])

/**
 * A recorded direction; `unknown` where the record does not tell it and no
 * rule of its generation is known.
 *
 * @since 0.1.0
 * @category models
 */
export type Recorded = typeof Recorded.Type

/**
 * The outcome that a contract pays on.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome = "yes" | "no"

/**
 * A wish in the words of a person: the price is that of the side they name,
 * in dollars per contract.
 *
 * @since 0.1.0
 * @category models
 */
export interface Intent {
  readonly action: "buy" | "sell"
  readonly side: Outcome
  readonly price: Dollars.Dollars
}

/**
 * The words that an order was placed in, which say its direction together.
 *
 * @since 0.1.0
 * @category models
 */
export type Words = Pick<Intent, "action" | "side">

/**
 * A wish in the words of the book: the price is that of YES, in dollars per
 * contract.
 *
 * @since 0.1.0
 * @category models
 */
export interface Quote {
  readonly action?: undefined
  readonly side: Direction
  readonly price: Dollars.Dollars
}

// a bid that also says `buy` stays a bid
const isQuote = (wish: Intent | Quote): wish is Quote => wish.side === "bid" || wish.side === "ask"

/**
 * Translates what a person says into what the book says.
 *
 * A quote stays as it is. Buying NO and selling YES are asks; buying YES and
 * selling NO are bids; a NO price turns into 1 − price.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toQuote = (wish: Intent | Quote): Quote =>
  isQuote(wish)
    ? { side: wish.side, price: wish.price }
    : { side: sideOf(wish), price: wish.side === "yes" ? wish.price : Dollars.complement(wish.price) }

/**
 * The side of the book that the words of a request mean: buying YES and selling
 * NO are bids, the others asks.
 *
 * @since 0.1.0
 * @category conversions
 */
export const sideOf = (words: Words): Direction => ((words.action === "buy") === (words.side === "yes") ? "bid" : "ask")

/**
 * Translates what the book says into what a person says with the given verb.
 *
 * `toIntent(toQuote(intent), intent.action)` is `intent` again.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toIntent = (quote: Quote, action: "buy" | "sell"): Intent => {
  const side = (quote.side === "bid") === (action === "buy") ? "yes" : "no"
  return { action, side, price: side === "yes" ? quote.price : Dollars.complement(quote.price) }
}

/**
 * What a wish says on the wire of 2.0.0, which has `buy` and `sell`, `yes` and
 * `no`: an intent stays as it is, a bid buys YES, an ask buys NO at 1 − price.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toWords = (wish: Intent | Quote): Intent => (isQuote(wish) ? toIntent(wish, "buy") : wish)

/**
 * What a wish says in the words of an order that is there, where they mean the
 * same: a bid for an order that sold NO is `sell` and `no`, at the price of NO.
 * A wish the other way, or for an order of no known words, has words of its
 * own.
 *
 * @since 0.1.0
 * @category conversions
 */
export const inWordsOf = (wish: Intent | Quote, words: Words | undefined): Intent => {
  if (words === undefined) return toWords(wish)
  const intent = toIntent(toQuote(wish), words.action)
  return intent.side === words.side ? intent : toWords(wish)
}

/**
 * The outcome that a side of the book gains from: a bid YES, an ask NO.
 *
 * @since 0.1.0
 * @category conversions
 */
export const outcome = (side: Direction): Outcome => (side === "bid" ? "yes" : "no")

/**
 * The other side of the book.
 *
 * @since 0.1.0
 * @category conversions
 */
export const opposite = (side: Direction): Direction => (side === "bid" ? "ask" : "bid")

/**
 * What a record tells of its direction, in the words of the wire.
 *
 * @since 0.1.0
 * @category models
 */
export interface Told {
  readonly outcome_side?: string | null | undefined
  readonly book_side?: string | null | undefined
  readonly action?: string | null | undefined
  readonly side?: string | null | undefined
}

const fromSides = (told: Told): Recorded | undefined => {
  const book = told.book_side === "bid" || told.book_side === "ask" ? told.book_side : undefined
  const gains = told.outcome_side === "yes" ? "bid" : told.outcome_side === "no" ? "ask" : undefined
  if (book !== undefined && gains !== undefined && book !== gains) return "unknown"
  return book ?? gains
}

const fromBuy = (told: Told): Recorded =>
  told.action !== "buy" ? "unknown" : told.side === "yes" ? "bid" : told.side === "no" ? "ask" : "unknown"

/**
 * The direction of a fill of the string wire (since March 2026).
 *
 * `book_side` and `outcome_side` decide wherever they are present; if they
 * contradict each other the direction is `unknown`. Without them the rule for
 * recorded fills applies: `sell` names the **opposite** side, so `sell no` is
 * a sold YES.
 *
 * @since 0.1.0
 * @category conversions
 */
export const ofFill = (told: Told): Recorded => {
  const known = fromSides(told)
  if (known !== undefined) return known
  if (told.action === "sell") return told.side === "no" ? "ask" : told.side === "yes" ? "bid" : "unknown"
  return fromBuy(told)
}

/**
 * The direction of an order, or of a record of the integer wire (before March
 * 2026): `book_side` and `outcome_side` where present, else a plain buy.
 *
 * What `sell` names there is not known, so it is `unknown`, not a guess.
 *
 * @since 0.1.0
 * @category conversions
 */
export const ofRecord = (told: Told): Recorded => fromSides(told) ?? fromBuy(told)

/**
 * What a public trade tells of the side that took, in the words of the wire.
 *
 * @since 0.1.0
 * @category models
 */
export interface Taken {
  readonly taker_outcome_side?: string | null | undefined
  readonly taker_book_side?: string | null | undefined
  readonly taker_side?: string | null | undefined
}

/**
 * The direction of the order that took in a public trade: `taker_book_side`
 * and `taker_outcome_side` where present, else `taker_side`, the outcome that
 * the taker gained from.
 *
 * @since 0.1.0
 * @category conversions
 */
export const ofTaker = (taken: Taken): Recorded =>
  ofRecord({
    book_side: taken.taker_book_side,
    outcome_side: taken.taker_outcome_side,
    action: "buy",
    side: taken.taker_side
  })

/**
 * The direction of an order of the wire of 2.0.0, which shows the words that
 * it was placed in: its contract validates those of an amendment against them.
 * Its fills follow {@link ofRecord}.
 *
 * @since 0.1.0
 * @category conversions
 */
export const ofOrder2024 = (told: Told): Recorded => {
  const words = wordsOf(told)
  return words === undefined ? "unknown" : sideOf(words)
}

/**
 * The words of a record, where they are known ones.
 *
 * @since 0.1.0
 * @category conversions
 */
export const wordsOf = ({ action, side }: Told): Words | undefined =>
  (action === "buy" || action === "sell") && (side === "yes" || side === "no") ? { action, side } : undefined
