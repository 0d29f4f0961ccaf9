/**
 * A program at work: its workers tell one story after the other. Those in which
 * an earlier life was killed are taken up as soon as it is known what became of
 * them, and nobody waits for it.
 */
import { type Exchange, OrderJournal, Portfolio } from "effect-kalshi"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type * as Book from "./Book.ts"
import * as Desk from "./Desk.ts"
import type * as Diary from "./Diary.ts"
import * as Look from "./Look.ts"
import * as Memory from "./Memory.ts"
import type * as Plan from "./Plan.ts"
import * as Pulse from "./Pulse.ts"
import * as Story from "./Story.ts"

// whoever left and hears nothing called the write off, as far as it can know; by now all has arrived
const SILENCE = "20 seconds"
const PAUSE = "300 millis"
const LOOKS_AT_ONCE = 8
// a program that starts has more to do than one that runs: its workers come one after the other
const STAGGER_MILLIS = 15

/** What a program works with. */
export interface Office {
  readonly plan: Plan.Program
  readonly book: Book.Book
  readonly write: Diary.Write
  /** Whether nothing new is begun any more. */
  readonly isOver: () => boolean
}

const opOf = (story: Story.Story, step: number): string => `${story.name}/${step}`

const storyOf = (plan: Plan.Program, op: string): Story.Story => {
  const [program = 0, worker = 0, story = 0] = op.split("/", 1)[0]?.split("-").map(Number) ?? []
  return Story.tell({ seed: plan.seed, program, worker, story })
}

const told = Effect.fnUntraced(function* (
  { book }: Office,
  op: string,
  heard: ReadonlyArray<Desk.Heard>,
  source: Parameters<Book.Book["tell"]>[2]
) {
  const at = yield* Clock.currentTimeMillis
  for (const one of heard) book.tell(op, one, source, at)
})

const isRefused = ({ word }: Desk.Heard): boolean => word.outcome === "not-applied"

/** Hears the end of what was told to be unknown. */
const settle = Effect.fnUntraced(function* (office: Office, op: string, { error, item }: Desk.Heard) {
  const portfolio = yield* Portfolio.Portfolio
  if (error === undefined) return
  const outcome = yield* portfolio.settled(error)
  if (Option.isNone(outcome)) return
  const heard = Desk.ofOutcome(outcome.value)
  const [only] = heard
  const mine = heard.length === 1 ? only : heard[item]
  if (mine !== undefined) yield* told(office, op, [{ ...mine, item }], "settled")
})

/** Ends when a program that is over has waited long enough. */
const patience = (office: Office): Effect.Effect<void> =>
  Effect.suspend(() =>
    office.isOver() ? Effect.sleep(office.plan.patience) : Effect.delay(patience(office), "1 second")
  )

/** Asks for something, and returns when each item of it has an end. */
const perform = (
  office: Office,
  op: string,
  what: Desk.What,
  leaves: number | undefined
): Effect.Effect<void, never, Services> =>
  Effect.gen(function* () {
    const { book, write } = office
    book.decide(op, what, yield* Clock.currentTimeMillis)
    const asked = Desk.ask(what, book.wanted)
    const heard = yield* leaves === undefined ? Effect.asSome(asked) : Effect.timeoutOption(asked, leaves)
    if (Option.isSome(heard)) {
      yield* told(office, op, heard.value, "answer")
      const unknown = heard.value.filter(({ word }) => word.outcome === "unknown")
      yield* Effect.forEach(unknown, (one) => settle(office, op, one), { concurrency: "unbounded", discard: true })
    } else {
      write({ _tag: "Left", at: yield* Clock.currentTimeMillis, op })
    }
    const isUnknown = Option.isSome(heard) && heard.value.some(({ word }) => word.outcome === "unknown")
    if (!isUnknown) {
      yield* Effect.timeoutOption(book.ended(op), SILENCE)
      if (book.isOpen(op)) yield* lookUp(office, op)
      // whoever is refused does not ask for the next thing at once
      else if (Option.isSome(heard) && heard.value.every(isRefused)) yield* Effect.sleep(PAUSE)
      return
    }
    // the client has to say it: nothing is done about this order before it has
    yield* Effect.raceFirst(book.ended(op), patience(office))
  })

/** Finds out by reading what became of something that nobody speaks of. */
const lookUp = (office: Office, op: string): Effect.Effect<void, never, Services> =>
  Effect.gen(function* () {
    const { book, plan } = office
    const work = book.find(op)
    if (work === undefined) return
    const { what } = work
    const found = yield* Look.at(what)
    if (!book.isOpen(op)) return
    const isThere = found.some(Option.isSome)
    if (!isThere && storyOf(plan, op).insists) return yield* perform(office, op, what, undefined)
    yield* told(
      office,
      op,
      found.map((word, item) => ({
        item,
        word: Option.getOrElse(word, (): Diary.Word => ({
          // one request placed the others: the exchange refused this one
          outcome: isThere ? "not-applied" : "never-sent",
          why: "it is not on the exchange"
        }))
      })),
      "look"
    )
  })

const live = Effect.fnUntraced(function* (office: Office, story: Story.Story) {
  const { book } = office
  const { leaves, orders, steps } = story
  const first = opOf(story, 0)
  if (book.find(first) === undefined) {
    yield* perform(office, first, { _tag: orders.length === 1 ? "create" : "batch", orders }, leaves[0])
  } else {
    yield* book.ended(first)
  }
  for (const [index, step] of steps.entries()) {
    const op = opOf(story, index + 1)
    if (book.find(op) !== undefined) {
      yield* book.ended(op)
      continue
    }
    if (office.isOver()) return
    const what = Memory.next(step, orders, book.known)
    if (what !== undefined) yield* perform(office, op, what, leaves[index + 1])
    if (book.isOpen(op)) return
  }
})

/** Where a worker goes on: after the last story that an earlier life began. */
const nextOf = ({ book, plan }: Office, worker: number): number => {
  let story = 0
  while (book.find(`${plan.program}-${worker}-${story}/0`) !== undefined) story++
  return story
}

const work = Effect.fnUntraced(function* (office: Office, pulse: Pulse.Pulse, worker: number, first: number) {
  const { plan } = office
  const { program, seed } = plan
  for (let story = first; !office.isOver(); story++) {
    yield* live(office, Story.tell({ seed, program, worker, story }))
    yield* pulse.calm
  }
})

/** The stories in which earlier lives were killed: those that wait for a word, and the last of each worker. */
const unfinished = (office: Office, left: ReadonlyArray<string>, firsts: ReadonlyArray<number>) => {
  const { plan } = office
  const stories = left.map((op) => storyOf(plan, op))
  for (const [worker, first] of firsts.entries()) {
    if (first > 0) stories.push(Story.tell({ seed: plan.seed, program: plan.program, worker, story: first - 1 }))
  }
  return new Map(stories.map((story) => [story.name, story])).values()
}

/** Asks once what became of what earlier lives left open, and tells which of it is open still. */
const ask = Effect.fnUntraced(function* ({ book, write, ...office }: Office) {
  const portfolio = yield* Portfolio.Portfolio
  const { writer } = yield* OrderJournal.OrderJournal
  const all = yield* Effect.orDie(portfolio.recover())
  const earlier = all.filter(({ entry }) => entry.writer !== writer)
  if (earlier.length > 0) {
    const entries = earlier.map(({ entry: { clientOrderIds, operation, orderIds }, state }) => ({
      operation,
      state,
      clientOrderIds,
      orderIds
    }))
    write({ _tag: "Recovered", at: yield* Clock.currentTimeMillis, entries })
  }
  const open = new Set<string>()
  for (const one of earlier) {
    const op = book.findByKey(Desk.keyOf(one.entry))?.op
    if (op === undefined) continue
    if (one.state === "open" || one.state === "leased") open.add(op)
    const heard = Desk.ofRecovered(one).filter(({ word }) => word.outcome !== "unknown")
    yield* told({ book, write, ...office }, op, heard, "recovery")
  }
  return open
})

/** A planted mistake: what is open is asked for again, as if it was decided just now. */
const resend = (office: Office, ops: ReadonlyArray<string>) =>
  Effect.forEach(
    ops,
    Effect.fnUntraced(function* (op) {
      const work = office.book.find(op)
      if (work !== undefined) yield* told(office, op, yield* Desk.ask(work.what, office.book.wanted), "recovery")
    }),
    { concurrency: "unbounded", discard: true }
  )

/** Lets the client say what became of what earlier lives left open, until nothing is. */
const recover = Effect.fnUntraced(function* (office: Office, left: ReadonlyArray<string>) {
  const { book, plan } = office
  if (plan.defect === "recovery-resends") yield* resend(office, left)
  // what was closed before anybody was told, and what was never sent, the journal does not have open
  const unheard = new Set(left)
  for (;;) {
    const open = yield* ask(office)
    const closed = Array.from(unheard).filter((op) => !open.has(op))
    for (const op of closed) unheard.delete(op)
    yield* Effect.forEach(
      closed.filter((op) => book.isOpen(op)),
      (op) => lookUp(office, op),
      { concurrency: LOOKS_AT_ONCE, discard: true }
    )
    if (open.size === 0) return
    yield* Effect.sleep(PAUSE)
  }
})

const listen = Effect.fnUntraced(function* (office: Office) {
  const portfolio = yield* Portfolio.Portfolio
  yield* Stream.runForEach(portfolio.outcomes, (outcome) => {
    const work = office.book.findByKey(Desk.keyOf(outcome))
    return work === undefined ? Effect.void : told(office, work.op, Desk.ofOutcome(outcome), "outcomes")
  })
})

/** What a program needs. */
export type Services = Portfolio.Portfolio | Exchange.Exchange | OrderJournal.OrderJournal

const together = { concurrency: "unbounded", discard: true } as const

/** Trades until the plan ends, and returns when nothing is open. */
export const run = Effect.fnUntraced(function* (office: Office) {
  const { book, plan } = office
  const workers = Array.from({ length: plan.workers }, (_, worker) => worker)
  // before the workers open more
  const left = book.open().map(({ op }) => op)
  const firsts = workers.map((worker) => nextOf(office, worker))
  const pulse = yield* Pulse.make
  const listening = yield* Effect.forkChild(listen(office), { startImmediately: true })
  const recovering = yield* Effect.forkChild(Effect.raceFirst(recover(office, left), patience(office)))
  const resuming = yield* Effect.forkChild(
    Effect.forEach(unfinished(office, left, firsts), (story) => live(office, story), together)
  )
  yield* Effect.forEach(
    workers,
    (worker) => Effect.delay(work(office, pulse, worker, firsts[worker] ?? 0), worker * STAGGER_MILLIS),
    together
  )
  yield* Fiber.join(resuming)
  yield* Fiber.join(recovering)
  yield* Fiber.interrupt(listening)
})
