/** How much of the contract recorded exchanges have shown. */
import * as Recorder from "../Recorder.ts"
import * as Contract from "./Contract.ts"
import * as Description from "./Description.ts"

/** An answer that the contract declares. */
export interface Declared {
  readonly operation: string
  readonly status: number
}

/** What appeared of the contract, and what did not. */
export interface Coverage {
  /** The operations that appeared, each with those of its declared statuses that did; none when only others did. */
  readonly seen: ReadonlyMap<string, ReadonlySet<number>>
  /** The operations that did not appear. */
  readonly unseen: ReadonlyArray<string>
  /** The declared answers that did not appear, also those of operations that did not. */
  readonly missing: ReadonlyArray<Declared>
}

/** Every answer that the contract declares. */
export const declared: ReadonlyArray<Declared> = Object.values(Description.operations).flatMap(({ answers, name }) =>
  [...answers.keys()].map((status) => ({ operation: name, status }))
)

const isGenuine = (exchange: Recorder.Recorded): boolean =>
  exchange.whole && (exchange.fault === undefined || !Recorder.breaking.includes(exchange.fault))

/** What exchanges show of the contract; an answer that was cut or broken by a fault shows nothing. */
export const of = (exchanges: ReadonlyArray<Recorder.Recorded>): Coverage => {
  const seen = new Map<string, Set<number>>()
  for (const exchange of exchanges) {
    if (!Contract.serves(exchange.url) || !isGenuine(exchange)) continue
    const { pathname } = new URL(exchange.url, "http://localhost")
    const operation = Contract.find(exchange.method, pathname.slice(Contract.base.length))
    if (operation === undefined) continue
    const statuses = seen.get(operation.name) ?? new Set()
    if (operation.answers.has(exchange.status)) statuses.add(exchange.status)
    seen.set(operation.name, statuses)
  }
  return {
    seen,
    unseen: Object.keys(Description.operations).filter((name) => !seen.has(name)),
    missing: declared.filter(({ operation, status }) => seen.get(operation)?.has(status) !== true)
  }
}

/** Declared answers as text, one operation a line: `GetOrder 400, 500`. */
export const format = (answers: ReadonlyArray<Declared>): string => {
  const lines = new Map<string, Array<number>>()
  for (const { operation, status } of answers) lines.set(operation, [...(lines.get(operation) ?? []), status])
  return [...lines].map(([operation, statuses]) => `${operation} ${statuses.join(", ")}`).join("\n")
}
