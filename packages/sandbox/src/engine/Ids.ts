/**
 * Ids that are computed, not stored: a UUID holds a number of 32 bits,
 * scrambled by the seed, and bits that prove it. Reading one back is exact and
 * needs no table.
 */

/** Writes numbers as UUIDs and reads them back. */
export interface Ids {
  readonly make: (number: number) => string
  /** The number of an id that `make` wrote, else `undefined`. */
  readonly read: (id: string) => number | undefined
}

const mix = (value: number): number => {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad)
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97)
  return (h ^ (h >>> 15)) >>> 0
}

const BYTES = Array.from({ length: 0x100 }, (_, byte) => byte.toString(16).padStart(2, "0"))

// an id is written for every record of a list: this is what takes longest of it
const short = (value: number): string => BYTES[(value >>> 8) & 0xff]! + BYTES[value & 0xff]!
const hex = (value: number): string => short(value >>> 16) + short(value)

const ROUNDS = [1, 2, 3, 4]
const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Ids of one kind: two kinds of one seed share no ids. */
export const make = (seed: number, kind: number): Ids => {
  const high = Math.floor(seed / 0x1_0000_0000)
  const key = mix(mix(seed ^ mix(high)) ^ mix(kind + 0x9e3779b9))
  const round = (half: number, n: number): number => mix(key ^ mix((n << 16) ^ half)) & 0xffff

  // a Feistel network turns a number into another one and back, whatever `round` is
  const scramble = (number: number): number => {
    let left = number >>> 16
    let right = number & 0xffff
    for (const n of ROUNDS) [left, right] = [right, left ^ round(right, n)]
    return ((left << 16) | right) >>> 0
  }
  const restore = (scrambled: number): number => {
    let left = scrambled >>> 16
    let right = scrambled & 0xffff
    for (const n of ROUNDS.toReversed()) [left, right] = [right ^ round(left, n), left]
    return ((left << 16) | right) >>> 0
  }

  const write = (number: number): string => {
    const second = mix(key ^ mix(number ^ 0x5bd1e995))
    const third = mix(key + mix(number ^ 0x2545f491))
    const fourth = mix(key ^ mix(number + 0x6c078965))
    const version = 0x4000 | (second & 0x0fff)
    const variant = 0x8000 | ((mix(number ^ key) & 3) << 12) | (third >>> 20)
    return `${hex(scramble(number))}-${short(second >>> 16)}-${short(version)}-${short(variant)}-${short(third)}${hex(fourth)}`
  }

  return {
    make: write,
    read: (id) => {
      if (!SHAPE.test(id)) return undefined
      const number = restore(parseInt(id.slice(0, 8), 16))
      return write(number) === id ? number : undefined
    }
  }
}
