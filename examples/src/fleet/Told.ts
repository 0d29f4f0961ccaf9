/** What a worker tells, a line each: that it is there, and how far its exports are. */
import { Schema } from "effect"

export const Ready = Schema.TaggedStruct("Ready", {})

export const Progress = Schema.TaggedStruct("Progress", {
  account: Schema.String,
  phase: Schema.Literals(["reading", "writing"]),
  records: Schema.Int
})

export type Progress = typeof Progress.Type

export const Line = Schema.fromJsonString(Schema.Union([Ready, Progress]))
