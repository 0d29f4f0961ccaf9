/**
 * Numbers that look random and follow from a seed and a place: every decision
 * of a run has a source of its own, so that what happens beside it changes
 * nothing of it.
 */

export interface Random {
  /** A whole number from the first to the last, both included. */
  readonly between: (first: number, last: number) => number
  /** True in this share of all cases, from 0 to 1. */
  readonly chance: (share: number) => boolean
  readonly pick: <const A>(from: readonly [A, ...ReadonlyArray<A>]) => A
  /** The same things in another order. */
  readonly shuffle: <A>(items: ReadonlyArray<A>) => ReadonlyArray<A>
}

const mix = (value: number): number => {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad)
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97)
  return (h ^ (h >>> 15)) >>> 0
}

/** The source of a place: the same numbers for the same keys (mulberry32). */
export const make = (...keys: ReadonlyArray<number>): Random => {
  let state = keys.reduce((so, key) => mix(so ^ mix(key + 0x9e3779b9)), 0x5bd1e995)
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const between = (first: number, last: number): number => first + Math.floor(next() * (last - first + 1))
  return {
    between,
    chance: (share) => next() < share,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    shuffle: (items) =>
      items
        .map((item) => ({ item, place: next() }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ item }) => item)
  }
}
