/**
 * The records of an account from the files of an export.
 */
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Checkpoint from "../export/Checkpoint.ts"
import * as HistoryFile from "../HistoryFile.ts"
import * as Kind from "../Kind.ts"
import type { Compression, Format } from "../sink/file.ts"
import { collect } from "./collect.ts"
import { Ambiguous, FolderError, type FolderReason, Missing, Mixed, NotAFolder, Unfinished } from "./error.ts"
import { type AccountRecords, changedAt, type Gap, type Name, type Options } from "./Model.ts"

const NEEDED = ["fills", "settlements", "deposits", "withdrawals", "transfers"] as const
const COMPARED = ["orders", "positions"] as const
const NAMES: ReadonlyArray<Name> = [...NEEDED, ...COMPARED]

/** A file of records. */
interface Found {
  readonly name: string
  readonly format: Format
  readonly compression: Compression
}

const fileOf = (kind: Name, name: string): Found | undefined => {
  const [, format, gz] = new RegExp(`^${kind}\\.(?:(ndjson|csv)(\\.gz)?|parquet)$`).exec(name) ?? []
  if (name === `${kind}.parquet`) return { name, format: "parquet", compression: "none" }
  return format === "ndjson" || format === "csv"
    ? { name, format, compression: gz === undefined ? "none" : "gzip" }
    : undefined
}

const describe = (error: PlatformError): string =>
  error.reason.cause instanceof Error ? error.reason.cause.message : error.message

/** What an export kept beside a file, where it is there and whole. */
const checkpointOf = (fs: FileSystem.FileSystem, path: string) =>
  fs.readFileString(`${path}.checkpoint`).pipe(
    Effect.flatMap(Checkpoint.decode),
    Effect.orElseSucceed(() => undefined)
  )

/** What the exports were narrowed to, the kinds that are so alike together. */
const narrowed = (jobs: ReadonlyMap<Name, Checkpoint.Job>): ReadonlyArray<Gap> => {
  const kinds = new Map<string, Array<Name>>()
  const add = (to: string, kind: Name) => kinds.set(to, [...(kinds.get(to) ?? []), kind])
  for (const [kind, { since, subaccounts, ticker }] of jobs) {
    if (since !== undefined) add(`those from ${Timestamp.format(since)} on`, kind)
    if (ticker !== undefined) add(`those of the market ${ticker}`, kind)
    if (subaccounts !== undefined) add(`those of subaccount ${subaccounts.join(", ")}`, kind)
  }
  return Array.from(kinds, ([to, kinds]) => ({ _tag: "Narrowed", kinds, to }))
}

const later = (a: number, b: number | undefined): number => (b !== undefined && b > a ? b : a)

/** The time of the latest record; 0 where there is none. */
const latest = ({ deposits, fills, settlements, transfers, withdrawals }: Read): number => {
  let at = 0
  for (const { createdAt } of fills) at = later(at, createdAt)
  for (const { settledAt } of settlements) at = later(at, settledAt)
  for (const { createdAt, finalizedAt } of deposits) at = later(at, finalizedAt ?? createdAt)
  for (const { createdAt, finalizedAt } of withdrawals) at = later(at, finalizedAt ?? createdAt)
  for (const { createdAt } of transfers) at = later(at, createdAt)
  return at
}

type Read = Pick<
  AccountRecords,
  "fills" | "settlements" | "deposits" | "withdrawals" | "transfers" | "orders" | "positions"
>

/**
 * What was so at an instant: exports that follow on one another end one after
 * the other, so that the last ones may tell of what the first do not.
 */
const until = (read: Read, asOf: Timestamp.Timestamp): { readonly read: Read; readonly hasMoved: boolean } => {
  const isBefore =
    <A>({ time }: Kind.Kind<A>) =>
    (record: A): boolean =>
      (time(record) ?? 0) < asOf
  const was = (record: Parameters<typeof changedAt>[0]): boolean => (changedAt(record) ?? 0) < asOf
  const fills = read.fills.filter(isBefore(Kind.fills))
  const settlements = read.settlements.filter(isBefore(Kind.settlements))
  const orders = read.orders?.filter(was)
  const hasMoved =
    fills.length < read.fills.length ||
    settlements.length < read.settlements.length ||
    (orders?.length ?? 0) < (read.orders?.length ?? 0) ||
    read.positions?.every(was) === false
  return {
    read: {
      fills,
      settlements,
      orders,
      positions: hasMoved ? undefined : read.positions,
      deposits: read.deposits.filter(isBefore(Kind.deposits)),
      withdrawals: read.withdrawals.filter(isBefore(Kind.withdrawals)),
      transfers: read.transfers.filter(isBefore(Kind.transfers))
    },
    hasMoved
  }
}

/** Reads everything that is there. */
export const fromFolder = Effect.fnUntraced(function* (
  path: string,
  options: Options = {}
): Effect.fn.Return<AccountRecords, FolderError | HistoryFile.FileError, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const because = (reason: FolderReason) => new FolderError({ path, reason })
  const names = yield* Effect.mapError(fs.readDirectory(path), (error) =>
    because(new NotAFolder({ description: describe(error) }))
  )

  const found = new Map<Name, Found>()
  for (const kind of NAMES) {
    const files = names.flatMap((name) => fileOf(kind, name) ?? [])
    if (files.length > 1) {
      return yield* because(new Ambiguous({ kind, files: files.map(({ name }) => name).toSorted() }))
    }
    if (files[0] !== undefined) found.set(kind, files[0])
  }
  const checkpoints = new Map<Name, Checkpoint.Checkpoint>()
  for (const [kind, { name }] of found) {
    const checkpoint = yield* checkpointOf(fs, paths.join(path, name))
    if (checkpoint !== undefined) checkpoints.set(kind, checkpoint)
  }
  const isBegun = (kind: Name): boolean =>
    found.has(kind)
      ? checkpoints.get(kind)?.isDone === false
      : names.some((name) => name.endsWith(".checkpoint") && fileOf(kind, name.slice(0, -".checkpoint".length)))
  const unfinished = NAMES.filter(isBegun)
  const missing = NEEDED.filter((kind) => !found.has(kind) && !isBegun(kind))
  if (missing.length > 0) return yield* because(new Missing({ kinds: missing }))
  if (unfinished.length > 0) return yield* because(new Unfinished({ kinds: unfinished }))
  const accounts = new Set(Array.from(checkpoints.values()).flatMap(({ job }) => job.account ?? []))
  if (accounts.size > 1) return yield* because(new Mixed({ accounts: [...accounts] }))

  const all = Effect.fnUntraced(function* <N extends Name>(name: N) {
    const file = found.get(name)
    if (file === undefined) return undefined
    const kind: Kind.Kind<Kind.Records[N]> = Kind.all[name]
    return yield* collect(HistoryFile.read(kind, { ...file, path: paths.join(path, file.name) }), name, options)
  })
  const whole: Read = {
    fills: (yield* all("fills")) ?? [],
    settlements: (yield* all("settlements")) ?? [],
    deposits: (yield* all("deposits")) ?? [],
    withdrawals: (yield* all("withdrawals")) ?? [],
    transfers: (yield* all("transfers")) ?? [],
    orders: yield* all("orders"),
    positions: yield* all("positions")
  }
  const ends = Array.from(checkpoints.values(), ({ until }) => until)
  const told = ends.length === 0 ? undefined : Timestamp.micros(Math.min(...ends))
  const { hasMoved, read } = told === undefined ? { hasMoved: false, read: whole } : until(whole, told)
  const last = latest(whole)
  const asOf = told ?? (last > 0 ? Timestamp.micros(last) : yield* Timestamp.now)
  return {
    ...read,
    asOf,
    account: Option.getOrUndefined(Option.fromIterable(accounts)),
    markets: [],
    snapshots: [],
    gaps: [
      ...narrowed(new Map(Array.from(checkpoints, ([kind, { job }]) => [kind, job]))),
      ...COMPARED.filter((kind) => !found.has(kind)).map((kind): Gap => ({ _tag: "NotAmong", kind })),
      ...(hasMoved ? [{ _tag: "Moved" } as const] : []),
      { _tag: "NoMarkets" }
    ]
  }
})
