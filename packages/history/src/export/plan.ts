/**
 * What there is to do, given what is kept of the export from before.
 */
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Checkpoint from "./Checkpoint.ts"
import { AnotherExport, type ExportReason, NotOurs, OutputGone } from "./error.ts"

/** What is wanted. */
export interface Wanted {
  readonly job: Checkpoint.Job
  readonly until: Timestamp.Timestamp | undefined
  readonly sinceLast: boolean
  readonly restart: boolean
  /** Whether its range was reckoned from now, and is another each time. */
  readonly isRelative: boolean
  /** Where the records go, in words. */
  readonly output: string
  /** Where the checkpoint is, in words. */
  readonly beside: string
}

export type Plan =
  /** From the beginning; an output that is there is replaced. */
  | { readonly _tag: "Fresh"; readonly job: Checkpoint.Job }
  /** From where it was stopped. */
  | { readonly _tag: "Resume"; readonly from: Checkpoint.Checkpoint }
  /** Adds what is new since the last. */
  | { readonly _tag: "Add"; readonly to: Checkpoint.Checkpoint }
  /** It has been done. */
  | { readonly _tag: "Done"; readonly as: Checkpoint.Checkpoint }
  | { readonly _tag: "Refused"; readonly reason: ExportReason }

const refused = (reason: ExportReason): Plan => ({ _tag: "Refused", reason })

export const make = (
  { beside, isRelative, job, output, restart, sinceLast, until }: Wanted,
  before: Checkpoint.Checkpoint | undefined,
  isThere: boolean
): Plan => {
  if (restart) return { _tag: "Fresh", job }
  if (before === undefined) {
    return isThere ? refused(new NotOurs({ path: output })) : { _tag: "Fresh", job }
  }
  // what is added to has the beginning that it has, and so has what was begun a while ago
  const { since: _, ...rest } = job
  const asBefore = before.job.since === undefined ? rest : { ...rest, since: before.job.since }
  const differs = Checkpoint.difference(before.job, sinceLast || isRelative ? asBefore : job)
  if (differs !== undefined) return refused(new AnotherExport({ path: beside, ...differs }))
  const isSame = until === before.until
  const another = (is: Timestamp.Timestamp) =>
    refused(new AnotherExport({ path: beside, field: "until", ...Checkpoint.ends(before.until, is) }))
  if (!before.isDone) {
    return until === undefined || isSame || isRelative ? { _tag: "Resume", from: before } : another(until)
  }
  if (!isThere) return sinceLast ? refused(new OutputGone({ path: output })) : { _tag: "Fresh", job }
  if (isSame) return { _tag: "Done", as: before }
  // what is there reaches further: nobody asked to lose it
  if (until !== undefined && until < before.until && !isRelative) return another(until)
  return sinceLast ? { _tag: "Add", to: before } : { _tag: "Fresh", job }
}
