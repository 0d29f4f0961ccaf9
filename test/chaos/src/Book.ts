/**
 * What a program has under way: each thing that it asked for, what it heard of
 * it, and whoever waits to hear the end.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Biography from "./Biography.ts"
import * as Desk from "./Desk.ts"
import type * as Diary from "./Diary.ts"
import * as Memory from "./Memory.ts"

interface Work {
  readonly op: string
  readonly what: Desk.What
  readonly decidedAt: number
  readonly words: Array<Diary.Word | undefined>
  readonly done: Deferred.Deferred<void>
}

/** The book of a program. */
export interface Book {
  /** Writes down that something is about to be asked for. */
  readonly decide: (op: string, what: Desk.What, at: number) => void
  /** Writes down what was heard of an item; a second word that says the same is left out. */
  readonly tell: (op: string, heard: Desk.Heard, source: Source, at: number) => void
  readonly find: (op: string) => Work | undefined
  /** The work that a write of the journal or of the stream of outcomes is. */
  readonly findByKey: (key: string) => Work | undefined
  readonly isOpen: (op: string) => boolean
  /** Everything of which nobody knows yet what became of it. */
  readonly open: () => ReadonlyArray<Work>
  /** Waits until each item of it has an end. */
  readonly ended: (op: string) => Effect.Effect<void>
  readonly known: (clientOrderId: string) => Memory.Known | undefined
  readonly wanted: ReadonlyMap<string, typeof Diary.Wanted.Type>
}

type Source = Extract<Diary.Line, { readonly _tag: "Told" }>["source"]

const ordersOf = (what: Desk.What): ReadonlyArray<string> =>
  "orders" in what ? what.orders.map((order) => order.clientOrderId) : [what.clientOrderId]

/** Opens the book of a program with what its diary says of its earlier lives. */
export const make = (past: ReadonlyArray<Diary.Line>, write: Diary.Write): Book => {
  const works = new Map<string, Work>()
  const byKey = new Map<string, Work>()
  const wanted = new Map<string, typeof Diary.Wanted.Type>()
  const known = new Map<string, Memory.Known>()

  const isOpen = (work: Work): boolean => work.words.some((word) => !Biography.isFinal(word))

  const begin = (op: string, what: Desk.What, decidedAt: number): void => {
    // whoever waits for what was decided before waits for this
    const before = works.get(op)
    const words = before?.words ?? Array.from({ length: Desk.items(what) }, () => undefined)
    const work: Work = { op, what, decidedAt, words, done: before?.done ?? Deferred.makeUnsafe() }
    works.set(op, work)
    byKey.set(Desk.keyFor(what), work)
    if (what._tag === "create" || what._tag === "batch") {
      for (const order of what.orders) wanted.set(order.clientOrderId, order)
    }
  }

  const hear = (work: Work, item: number, word: Diary.Word): void => {
    work.words[item] = word
    const id = ordersOf(work.what)[item] ?? ""
    const order = wanted.get(id)
    const learned = order === undefined ? undefined : Memory.learn(known.get(id), order, work.what, word)
    if (learned !== undefined) known.set(id, learned)
    if (!isOpen(work)) Deferred.doneUnsafe(work.done, Effect.void)
  }

  for (const line of past) {
    if (line._tag === "Decided") begin(line.op, line.what, line.at)
    if (line._tag === "Told") {
      const work = works.get(line.op)
      if (work !== undefined) hear(work, line.item, line.word)
    }
  }

  return {
    decide: (op, what, at) => {
      write({ _tag: "Decided", at, op, again: works.has(op), what })
      begin(op, what, at)
    },
    tell: (op, { item, word }, source, at) => {
      const work = works.get(op)
      if (work === undefined) return
      const before = work.words[item]
      // a word against an earlier one is for the judge
      if (Biography.isFinal(before) && before?.outcome === word.outcome) return
      write({ _tag: "Told", at, op, item, source, word })
      hear(work, item, word)
    },
    find: (op) => works.get(op),
    findByKey: (key) => byKey.get(key),
    isOpen: (op) => {
      const work = works.get(op)
      return work !== undefined && isOpen(work)
    },
    open: () => Array.from(works.values()).filter(isOpen),
    ended: (op) =>
      Effect.suspend(() => {
        const work = works.get(op)
        return work === undefined || !isOpen(work) ? Effect.void : Deferred.await(work.done)
      }),
    known: (id) => known.get(id),
    wanted
  }
}
