/**
 * Counts what programs have asked for while they do, from what has been added
 * to their diaries since it was looked at last.
 */
import * as NodeFs from "node:fs"
import type * as Diary from "./Diary.ts"
import * as Plan from "./Plan.ts"

/** Counts the diaries of a run. */
export interface Tally {
  readonly look: () => Plan.Counts
}

const NEWLINE = 10

/** The whole lines of a file after a place, and where they end. */
const after = (path: string, from: number): { readonly lines: ReadonlyArray<string>; readonly to: number } => {
  if (!NodeFs.existsSync(path)) return { lines: [], to: from }
  const file = NodeFs.openSync(path, "r")
  try {
    const bytes = Buffer.alloc(Math.max(0, NodeFs.fstatSync(file).size - from))
    const read = bytes.subarray(0, NodeFs.readSync(file, bytes, 0, bytes.length, from))
    const end = read.lastIndexOf(NEWLINE) + 1
    return { lines: read.toString("utf8", 0, end).split("\n"), to: from + end }
  } finally {
    NodeFs.closeSync(file)
  }
}

type What = Extract<Diary.Line, { readonly _tag: "Decided" }>["what"]["_tag"]

// a line begins with what it is, and only that is looked at
const DECIDED = /^\{"_tag":"Decided","at":\d+,"op":"[^"]+","again":false,"what":\{"_tag":"(\w+)"/
const KILLED = /^\{"_tag":"Killed","at":\d+,"instant":"([\w-]+)"/

/** Begins to count. */
export const make = (paths: ReadonlyArray<string>): Tally => {
  const read = new Map<string, number>()
  const counts = new Map<string, number>()
  const add = (what: string | undefined): void => {
    if (what !== undefined) counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  const of = (what: What | Plan.Instant): number => counts.get(what) ?? 0
  return {
    look: () => {
      for (const path of paths) {
        const { lines, to } = after(path, read.get(path) ?? 0)
        read.set(path, to)
        for (const line of lines) add((DECIDED.exec(line) ?? KILLED.exec(line))?.[1])
      }
      return {
        creates: of("create"),
        batches: of("batch"),
        amends: of("amend"),
        decreases: of("decrease"),
        cancels: of("cancel") + of("batchCancel"),
        kills: Math.min(...Plan.instants.map(of))
      }
    }
  }
}

/** Whether a run has asked for that much of each thing. */
export const isEnough = (counts: Plan.Counts, enough: Plan.Counts): boolean =>
  counts.creates >= enough.creates &&
  counts.batches >= enough.batches &&
  counts.amends >= enough.amends &&
  counts.decreases >= enough.decreases &&
  counts.cancels >= enough.cancels &&
  counts.kills >= enough.kills
