/**
 * Whether what was exported is what is true: each record once, as it is, in its
 * place.
 */
import * as Effect from "effect/Effect"
import * as NodeFs from "node:fs"
import * as Readline from "node:readline"
import * as Rows from "./Rows.ts"

/** What is true of a kind of records. */
export interface Truth {
  readonly layout: Rows.Layout
  /** Each row as it is in the place that it has. */
  readonly lines: ReadonlyArray<string>
  readonly places: ReadonlyMap<string, number>
}

export interface Verdict {
  readonly records: number
  readonly missing: number
  readonly duplicated: number
  /** Records that there are none of, or that are something else than they say. */
  readonly wrong: number
  /** Records that are not where they should be. */
  readonly misplaced: number
}

const isArray = (value: unknown): value is Rows.Row => Array.isArray(value)

/** Reads what is true from the file that the exchange wrote. */
export const load = (path: string, layout: Rows.Layout): Effect.Effect<Truth> =>
  Effect.promise(
    () =>
      new Promise((resolve) => {
        const lines: Array<string> = []
        const places = new Map<string, number>()
        Readline.createInterface({ input: NodeFs.createReadStream(path) })
          .on("line", (line) => {
            const row: unknown = JSON.parse(line)
            if (!isArray(row)) return
            places.set(Rows.key(layout, row), lines.length)
            lines.push(line)
          })
          .once("close", () => resolve({ layout, lines, places }))
      })
  )

/** Judges rows as they come; order is not looked at where there is none. */
export const make = ({ layout, lines, places }: Truth, isOrdered: boolean) => {
  const seen = new Uint8Array(lines.length)
  let records = 0
  let duplicated = 0
  let wrong = 0
  let misplaced = 0
  return {
    take: (row: Rows.Row): void => {
      const place = places.get(Rows.key(layout, row))
      const at = records++
      if (place === undefined) {
        wrong++
        return
      }
      if (seen[place] === 1) duplicated++
      seen[place] = 1
      if (lines[place] !== Rows.line(row)) wrong++
      if (isOrdered && place !== at) misplaced++
    },
    verdict: (): Verdict => ({
      records,
      missing: seen.reduce((missing, one) => missing + (one === 0 ? 1 : 0), 0),
      duplicated,
      wrong,
      misplaced
    })
  }
}

export const isGood = ({ duplicated, misplaced, missing, wrong }: Verdict): boolean =>
  missing === 0 && duplicated === 0 && wrong === 0 && misplaced === 0
