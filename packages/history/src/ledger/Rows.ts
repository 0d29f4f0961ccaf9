/**
 * Rows of the exchange beside what fills make of them.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Discrepancy from "../Discrepancy.ts"
import type { Note } from "./Model.ts"

type Row = Extract<Note, { readonly _tag: "RowsUnlike" }>["row"]

/** One thing that a row tells and that fills make; `as` is what of it is meant alike in other rows. */
export interface Compared {
  readonly what: string
  readonly as: string
  readonly told: string
  readonly computed: string
  /** Whether there is anything to compare. */
  readonly isSaid: boolean
}

const of = (what: string, as: string, told: string, computed: string, isSaid: boolean): Compared => ({
  what,
  as,
  told,
  computed,
  isSaid
})

export const money = (what: string, told: Dollars.Dollars, computed: Dollars.Dollars, as = what): Compared =>
  of(what, as, Dollars.format(told), Dollars.format(computed), told !== 0 || computed !== 0)

export const count = (what: string, told: Contracts.Contracts, computed: Contracts.Contracts): Compared =>
  of(what, what, Contracts.format(told), Contracts.format(computed), told !== 0 || computed !== 0)

export const word = (what: string, told: string, computed: string): Compared => of(what, what, told, computed, true)

/** From so many rows on, most of them can be right where fills are wrong. */
const ENOUGH = 10

/**
 * What the rows of a kind mean in another way than fills do: most of those that
 * say it differ, which no wrong record explains.
 */
export interface Meaning {
  readonly see: (compared: ReadonlyArray<Compared>) => void
  /** The differences among what is meant alike. */
  readonly differences: (compared: ReadonlyArray<Compared>) => ReadonlyArray<Discrepancy.Difference>
  readonly isUnlike: (as: string) => boolean
  readonly notes: () => ReadonlyArray<Note>
}

export const meaning = (row: Row): Meaning => {
  const seen = new Map<string, { said: number; unlike: number }>()
  const isUnlike = (as: string): boolean => {
    const of = seen.get(as)
    return of !== undefined && of.said >= ENOUGH && of.unlike * 2 > of.said
  }
  return {
    see: (compared) => {
      for (const { as, computed, isSaid, told } of compared) {
        if (!isSaid) continue
        const of = seen.get(as) ?? { said: 0, unlike: 0 }
        of.said++
        if (told !== computed) of.unlike++
        seen.set(as, of)
      }
    },
    differences: (compared) =>
      compared
        .filter(({ as, computed, told }) => told !== computed && !isUnlike(as))
        .map(({ computed, told, what }) => ({ what, told, computed })),
    isUnlike,
    notes: () => [...seen.keys()].filter(isUnlike).map((what) => ({ _tag: "RowsUnlike" as const, row, what }))
  }
}
