/**
 * Records as lines of text: a checksum, a blank and JSON, so that a line that
 * was torn or damaged is known for one.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Record } from "./records.ts"

const NEWLINE = 10
const SPACE = 32
const CHECKSUM = 8

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

const Json = Schema.fromJsonString(Record)
const encodeJson = Schema.encodeEffect(Json)
const decodeJson = Schema.decodeUnknownOption(Json)

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

/** CRC-32 as zip has it, in 8 hexadecimal digits. */
const checksum = (bytes: Uint8Array): string => {
  let value = 0xffffffff
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return ((value ^ 0xffffffff) >>> 0).toString(16).padStart(CHECKSUM, "0")
}

/** A record as a line, its end included. */
export const encode = (record: Record): Effect.Effect<Uint8Array, Schema.SchemaError> =>
  Effect.map(encodeJson(record), (text) => {
    // JSON escapes the ends of lines that a text contains
    const json = encoder.encode(text)
    const line = new Uint8Array(CHECKSUM + 1 + json.length + 1)
    line.set(encoder.encode(`${checksum(json)} `))
    line.set(json, CHECKSUM + 1)
    line[line.length - 1] = NEWLINE
    return line
  })

/** The record of a line without its end; `None` where the line is not whole. */
export const decode = (line: Uint8Array): Option.Option<Record> => {
  if (line.length <= CHECKSUM || line[CHECKSUM] !== SPACE) return Option.none()
  const json = line.subarray(CHECKSUM + 1)
  const told = String.fromCharCode(...line.subarray(0, CHECKSUM))
  return told === checksum(json) ? decodeJson(decoder.decode(json)) : Option.none()
}

/**
 * Cuts bytes into the lines that have an end. What follows the last end is kept
 * for the next bytes.
 */
export const splitter = (): ((bytes: Uint8Array) => ReadonlyArray<Uint8Array>) => {
  let rest: Array<Uint8Array> = []
  return (bytes) => {
    const lines: Array<Uint8Array> = []
    let from = 0
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      const piece = bytes.subarray(from, end)
      lines.push(rest.length === 0 ? piece : join([...rest, piece]))
      rest = []
      from = end + 1
    }
    if (from < bytes.length) rest.push(bytes.subarray(from))
    return lines
  }
}

/** One after the other. */
export const join = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** What a group of lines begins with: whatever was there before, they start on a line of their own. */
export const FRESH = Uint8Array.of(NEWLINE)
