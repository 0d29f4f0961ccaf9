/**
 * The records of a journal that is a log, and what they come to when they are
 * read one after the other.
 */
import * as Schema from "effect/Schema"
import * as Timestamp from "../Timestamp.ts"
import * as Entry from "./Entry.ts"

/** The version of the records below; a log of a later one is not touched. */
export const VERSION = 1

/** How long a writer has said to be alive; `ended` where it has said goodbye. */
export const Lease = Schema.Struct({
  writer: Schema.String,
  until: Timestamp.Timestamp,
  ended: Schema.Boolean
})

export type Lease = typeof Lease.Type

export const Record = Schema.Union([
  Schema.TaggedStruct("journal", { version: Schema.Int }),
  Schema.TaggedStruct("entry", { entry: Entry.Entry, leaseUntil: Timestamp.Timestamp }),
  Schema.TaggedStruct("attempt", { id: Schema.String, at: Timestamp.Timestamp }),
  Schema.TaggedStruct("closed", { id: Schema.String, closing: Entry.Closing, at: Timestamp.Timestamp }),
  Schema.TaggedStruct("lease", Lease.fields),
  // without a switch it is taken back
  Schema.TaggedStruct("kill", {
    scope: Schema.String,
    kill: Schema.optionalKey(Entry.Kill),
    at: Timestamp.Timestamp
  })
])

export type Record = typeof Record.Type

/** An entry without an end, as it is gathered. */
interface Gathered {
  readonly entry: Entry.Entry
  readonly attempts: Array<Timestamp.Timestamp>
}

/** What the records read so far come to. */
export interface State {
  /** By id, oldest first. */
  readonly entries: Map<string, Gathered>
  readonly leases: Map<string, Lease>
  readonly kills: Map<string, Entry.Kill>
}

export const empty = (): State => ({ entries: new Map(), leases: new Map(), kills: new Map() })

/** Notes a lease: the longest one counts, until the writer ends it. */
export const lease = (leases: Map<string, Lease>, next: Lease): void => {
  const known = leases.get(next.writer)
  if (known === undefined || (!known.ended && (next.ended || next.until > known.until))) leases.set(next.writer, next)
}

/** Adds one record to what is known. */
export const apply = (state: State, record: Record): void => {
  switch (record._tag) {
    case "journal":
      return
    case "entry":
      state.entries.set(record.entry.id, { entry: record.entry, attempts: [] })
      return lease(state.leases, { writer: record.entry.writer, until: record.leaseUntil, ended: false })
    case "attempt":
      state.entries.get(record.id)?.attempts.push(record.at)
      return
    case "closed":
      state.entries.delete(record.id)
      return
    case "lease":
      return lease(state.leases, record)
    case "kill":
      if (record.kill === undefined) state.kills.delete(record.scope)
      else state.kills.set(record.scope, record.kill)
  }
}

/** The entries without an end, oldest first. */
export const open = (state: State): ReadonlyArray<Entry.Open> =>
  [...state.entries.values()].map(({ attempts, entry }) => ({
    entry,
    attempts: [...attempts],
    leaseUntil: state.leases.get(entry.writer)?.until ?? entry.at
  }))
