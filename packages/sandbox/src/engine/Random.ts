/**
 * Numbers that look random and are the same for the same seed (mulberry32).
 */

/** A source of numbers. */
export interface Random {
  /** A whole number from 0 to below the bound. */
  readonly below: (bound: number) => number
  /** A whole number from the first to the last, both included. */
  readonly between: (first: number, last: number) => number
  /** True in so many of a hundred cases. */
  readonly percent: (chance: number) => boolean
  /** One of the given; fails when there is none. */
  readonly pick: <A>(from: ReadonlyArray<A>) => A
}

/** Starts a source. */
export const make = (seed: number): Random => {
  let state = (seed ^ Math.floor(seed / 0x1_0000_0000)) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  // two draws give 53 bits: bounds are microseconds too
  const below = (bound: number): number =>
    bound <= 0x1_0000_0000
      ? Math.floor((next() / 0x1_0000_0000) * bound)
      : Math.floor(((next() * 0x20_0000 + (next() >>> 11)) / 0x20_0000_0000_0000) * bound)
  return {
    below,
    between: (first, last) => first + below(last - first + 1),
    percent: (chance) => below(100) < chance,
    pick: (from) => {
      const item = from[below(from.length)]
      if (item === undefined) throw new RangeError("there is nothing to pick from")
      return item
    }
  }
}
