/**
 * What a run has shown, in numbers.
 */
import * as Biography from "./Biography.ts"
import * as Judge from "./Judge.ts"
import type * as Plan from "./Plan.ts"
import type * as Truth from "./Truth.ts"

/** The faults by the names that they have in the report. */
const named: Readonly<Record<string, string>> = {
  Refused: "droppedBeforeApplying",
  DroppedAfter: "droppedAfterApplying",
  ServerError: "serverErrorBefore",
  GatewayPage: "serverErrorBefore",
  ServerErrorAfter: "serverErrorAfter",
  AnsweredLate: "timedOut",
  Truncated: "truncated",
  Duplicated: "duplicated",
  TooManyRequests: "tooManyRequests",
  Held: "late"
}

/** Every fault's name. */
export const faultNames: ReadonlyArray<string> = [...new Set(Object.values(named))]

export interface Percentiles {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** The figures of a run. */
export interface Figures {
  readonly attempted: Readonly<Record<"creates" | "batches" | "amends" | "decreases" | "cancels", number>>
  /** Of all writes, and of the reads that look for them, which share met a fault. */
  readonly faulted: { readonly writes: number; readonly reads: number }
  /** How many writes and reads were sent. */
  readonly sent: { readonly writes: number; readonly reads: number }
  /** Of all creates, which share met each fault in one of their attempts. */
  readonly shares: Readonly<Record<string, number>>
  /** Writes that were held and applied after the client had given up. */
  readonly late: number
  readonly kills: Readonly<Record<Plan.Instant, number>>
  readonly counts: Readonly<Record<Judge.Kind, number>>
  /** From the decision to the last word, of writes that met a fault and were not killed. */
  readonly resolveMs: Percentiles
  /** The oldest that a new order was when it was handed to the network. */
  readonly oldestSendMs: number
  readonly recovery: {
    /** Lives that began with writes of an earlier one open, and how many of these writes there were. */
    readonly lives: number
    readonly open: number
    /** Of the open writes, which share was settled without a human. */
    readonly fraction: number
    readonly settleMs: Percentiles
  }
}

/** The value below which a share of all lies, which are in order; 0 where there are none. */
export const percentile = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.ceil(share * sorted.length) - 1] ?? 0

const percentiles = (values: ReadonlyArray<number>): Percentiles => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(percentile(sorted, share))
  return { p50: at(0.5), p99: at(0.99), max: Math.round(sorted.at(-1) ?? 0) }
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** What is counted together. */
export interface Evidence {
  readonly programs: ReadonlyArray<Judge.Evidence>
  readonly findings: ReadonlyArray<Judge.Finding>
  readonly reads: { readonly all: number; readonly faulted: number }
}

interface Written {
  readonly what: Biography.Act["what"]
  readonly act: Biography.Act
  readonly faults: ReadonlySet<string>
}

// every write once, with what its requests met
const writesOf = ({ diary, requests }: Judge.Evidence): ReadonlyArray<Written> => {
  const met = new Map<string, Set<string>>()
  for (const { clientOrderIds, endpoint, fault, orderId } of requests) {
    if (fault === undefined) continue
    for (const id of orderId === undefined ? clientOrderIds : [orderId]) {
      const key = `${endpoint} ${id}`
      const faults = met.get(key) ?? new Set<string>()
      met.set(key, faults.add(named[fault] ?? fault))
    }
  }
  const writes = new Map<string, Written>()
  for (const { acts, wanted } of diary.orders.values()) {
    const orderId = acts[0].told.findLast(({ word }) => word.orderId !== undefined)?.word.orderId
    for (const act of acts) {
      const id = act.wish._tag === "create" ? wanted.clientOrderId : orderId
      const faults = met.get(`${Biography.endpoints[act.what]} ${id}`) ?? new Set<string>()
      const known = writes.get(act.op)
      writes.set(act.op, { what: act.what, act, faults: new Set([...faults, ...(known?.faults ?? [])]) })
    }
  }
  return Array.from(writes.values())
}

// which request of the log was applied long after it had come
const isLate = ({ fault, handled }: Truth.Request): boolean => fault === "Held" && handled >= 200 && handled < 300

// what was open at the start of a life, and how long it took to be settled in this or a later one
const recoveries = ({ diary }: Judge.Evidence) => {
  const untold = new Map<string, number>()
  const open = new Map<string, number>()
  const millis: Array<number> = []
  let lives = 0
  for (const line of diary.lines) {
    switch (line._tag) {
      case "Started":
        if (untold.size > 0) lives++
        for (const op of untold.keys()) if (!open.has(op)) open.set(op, line.at)
        break
      case "Decided":
        untold.set(line.op, "orders" in line.what ? line.what.orders.length : 1)
        break
      case "Told": {
        if (!Biography.isFinal(line.word)) break
        const items = (untold.get(line.op) ?? 1) - 1
        if (items > 0) {
          untold.set(line.op, items)
          break
        }
        untold.delete(line.op)
        const since = open.get(line.op)
        if (since !== undefined) millis.push(line.at - since)
        open.delete(line.op)
        break
      }
      default:
    }
  }
  return { lives, open: millis.length + open.size, settled: millis.length, millis }
}

/** Counts a run. */
export const count = ({ findings, programs, reads }: Evidence): Figures => {
  const writes = programs.flatMap(writesOf)
  const of = (...whats: ReadonlyArray<Biography.Act["what"]>): ReadonlyArray<Written> =>
    writes.filter(({ what }) => whats.includes(what))
  const creates = of("create")
  const share = (name: string): number => ratio(creates.filter(({ faults }) => faults.has(name)).length, creates.length)
  const resolved = writes.flatMap(({ act, faults }) => {
    const last = act.told.at(-1)
    const isOurs = last !== undefined && last.source !== "recovery" && last.source !== "look"
    return faults.size > 0 && isOurs && act.decidedAt.length === 1 ? [last.at - (act.decidedAt[0] ?? last.at)] : []
  })
  const killed = programs.flatMap(({ diary }) =>
    diary.lines.flatMap((line) => (line._tag === "Killed" ? [line.instant] : []))
  )
  const recovered = programs.map(recoveries)
  const sum = (value: (one: (typeof recovered)[number]) => number): number =>
    recovered.reduce((total, one) => total + value(one), 0)
  return {
    attempted: {
      creates: creates.length,
      batches: of("batch").length,
      amends: of("amend").length,
      decreases: of("decrease").length,
      cancels: of("cancel", "batchCancel").length
    },
    faulted: {
      writes: ratio(writes.filter(({ faults }) => faults.size > 0).length, writes.length),
      reads: ratio(reads.faulted, reads.all)
    },
    sent: { writes: programs.reduce((total, { requests }) => total + requests.length, 0), reads: reads.all },
    shares: Object.fromEntries(faultNames.map((name) => [name, share(name)])),
    late: programs.reduce((total, { requests }) => total + requests.filter(isLate).length, 0),
    kills: {
      "recorded-not-sent": killed.filter((instant) => instant === "recorded-not-sent").length,
      "sent-not-answered": killed.filter((instant) => instant === "sent-not-answered").length,
      "answered-not-closed": killed.filter((instant) => instant === "answered-not-closed").length
    },
    counts: {
      lost: 0,
      duplicated: 0,
      misreported: 0,
      unresolved: 0,
      staleResends: 0,
      unrecorded: 0,
      ...Object.fromEntries(Judge.kinds.map((kind) => [kind, findings.filter((one) => one.kind === kind).length]))
    },
    resolveMs: percentiles(resolved),
    oldestSendMs: Math.max(0, ...programs.map(Judge.oldest)),
    recovery: {
      lives: sum(({ lives }) => lives),
      open: sum(({ open }) => open),
      fraction: ratio(
        sum(({ settled }) => settled),
        sum(({ open }) => open)
      ),
      settleMs: percentiles(recovered.flatMap(({ millis }) => millis))
    }
  }
}
