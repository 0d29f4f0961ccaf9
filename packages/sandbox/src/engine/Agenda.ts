/**
 * What will happen by itself: a heap of entries, the earliest first, and of
 * one instant the first that was put in.
 */
import type * as Timestamp from "effect-kalshi/Timestamp"

interface Entry<A> {
  readonly at: Timestamp.Timestamp
  readonly number: number
  readonly what: A
}

/** A queue by instant. */
export interface Agenda<A> {
  readonly add: (at: Timestamp.Timestamp, what: A) => void
  /** Takes the earliest entry that is due, if there is one. */
  readonly due: (at: Timestamp.Timestamp) => { readonly at: Timestamp.Timestamp; readonly what: A } | undefined
}

const before = (a: { at: number; number: number }, b: { at: number; number: number }): boolean =>
  a.at < b.at || (a.at === b.at && a.number < b.number)

/** An empty agenda. */
export const make = <A>(): Agenda<A> => {
  const heap: Array<Entry<A>> = []
  let added = 0

  const rise = (entry: Entry<A>): void => {
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !before(entry, parent)) break
      heap[index] = parent
      index = above
    }
    heap[index] = entry
  }

  const sink = (entry: Entry<A>): void => {
    let index = 0
    while (true) {
      let below = 2 * index + 1
      let child = heap[below]
      if (child === undefined) break
      const other = heap[below + 1]
      if (other !== undefined && before(other, child)) {
        child = other
        below++
      }
      if (!before(child, entry)) break
      heap[index] = child
      index = below
    }
    heap[index] = entry
  }

  return {
    add: (at, what) => rise({ at, number: added++, what }),
    due: (at) => {
      const first = heap[0]
      if (first === undefined || first.at > at) return undefined
      const last = heap.pop()
      if (last !== undefined && heap.length > 0) sink(last)
      return first
    }
  }
}
