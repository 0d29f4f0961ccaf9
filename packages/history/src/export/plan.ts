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
  { beside, job, output, restart, sinceLast, until }: Wanted,
  before: Checkpoint.Checkpoint | undefined,
  isThere: boolean
): Plan => {
  if (restart) return { _tag: "Fresh", job }
  if (before === undefined) {
    return isThere ? refused(new NotOurs({ path: output })) : { _tag: "Fresh", job }
  }
  // what is added to has the beginning that it has
  const { since: _, ...rest } = job
  const same = sinceLast ? { ...rest, ...(before.job.since === undefined ? {} : { since: before.job.since }) } : job
  const differs = Checkpoint.difference(before.job, same)
  if (differs !== undefined) return refused(new AnotherExport({ path: beside, ...differs }))
  if (!before.isDone) {
    if (until === undefined || until === before.until) return { _tag: "Resume", from: before }
    return refused(new AnotherExport({ path: beside, field: "until", ...Checkpoint.ends(before.until, until) }))
  }
  if (!isThere) return sinceLast ? refused(new OutputGone({ path: output })) : { _tag: "Fresh", job }
  if (until === before.until) return { _tag: "Done", as: before }
  return sinceLast ? { _tag: "Add", to: before } : { _tag: "Fresh", job }
}
