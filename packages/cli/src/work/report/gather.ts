/**
 * The records that a report is made of, from the exchange or from a folder.
 */
import * as AccountRecords from "@effect-kalshi/history/AccountRecords"
import * as History from "@effect-kalshi/history/History"
import type * as HistoryError from "@effect-kalshi/history/HistoryError"
import type * as HistoryFile from "@effect-kalshi/history/HistoryFile"
import type * as Report from "@effect-kalshi/history/Report"
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import * as Credentials from "effect-kalshi/Credentials"
import { isKalshiError } from "effect-kalshi/KalshiError"
import * as Retry from "effect-kalshi/Retry"
import * as Failure from "../../Failure.ts"
import * as Output from "../../Output.ts"
import * as Progress from "../../Progress.ts"
import * as Session from "../../Session.ts"
import { patience } from "../export.ts"

/** Records, and whose they are. */
export interface Gathered {
  readonly records: AccountRecords.AccountRecords
  readonly account: Report.Account
}

/** Says how many records there are while they come. */
const telling = Effect.gen(function* () {
  const progress = yield* Progress.make({ title: "reading", unit: "records" })
  const counts = new Map<string, number>()
  const options: AccountRecords.Options = {
    onProgress: ({ count, what }) => {
      counts.set(what, count)
      return progress.update(Array.from(counts.values()).reduce((sum, count) => sum + count, 0))
    }
  }
  return { options, end: progress.end }
})

const named = (environment: string, key: string): Report.Account => ({
  // enough of it to tell one key from another
  name: `Account of key ${key.slice(0, 8)}`,
  environment
})

const usage = new Set(["InvalidQuery", "NotAFolder", "Missing", "Ambiguous", "Mixed"])

const failed = ({ message, reason: { _tag: reason } }: Unread): Failure.Failure =>
  usage.has(reason) ? Failure.usage(reason, message) : new Failure.Failure({ kind: "failed", reason, text: message })

/** What reading fails with beside the exchange's own failures. */
type Unread = HistoryError.HistoryError | AccountRecords.FolderError | HistoryFile.FileError

/** Reads the account of the key. */
export const live = Effect.gen(function* () {
  const { credential, isHere } = yield* Session.Session
  const { end, options } = yield* telling
  const records = yield* AccountRecords.live(options).pipe(
    Effect.mapError((error) => (isKalshiError(error) ? error : failed(error))),
    Effect.ensuring(end)
  )
  const { keyId, environment } = credential
  const gathered: Gathered = {
    records,
    account: isHere ? { name: "Made-up account", environment: "sandbox" } : named(environment.name, keyId)
  }
  return gathered
}).pipe(Effect.provide(History.layer), Effect.provideService(Retry.Retry, patience), (work) =>
  Session.provide(work, { rateLimit: "learned", breaker: "none" })
)

/** The exchange that may be asked about markets; nobody where none is configured. */
const exchange = Effect.gen(function* () {
  const environment = yield* Session.environment
  // one that is opened here knows none of them
  return environment === "here" ? undefined : environment
}).pipe(
  Effect.catch((error) =>
    error.reason._tag === "MissingEnvironment" ? Effect.undefined : Effect.fail(Failure.fromCredentials(error))
  )
)

const ownerOf = (account: string | undefined, folder: string): Report.Account => {
  const [environment, key] = (account ?? "").split("/", 2)
  if (environment === undefined || environment === "") return { name: folder, environment: "exchange not named" }
  return key === undefined ? { name: folder, environment } : named(environment, key)
}

/** Reads what an export wrote, and asks about its markets where there is someone to ask. */
export const folder = Effect.fnUntraced(function* (path: string) {
  const output = yield* Output.Output
  const paths = yield* Path.Path
  const { end, options } = yield* telling
  return yield* Effect.gen(function* () {
    const environment = yield* exchange
    const records = yield* AccountRecords.fromFolder(path, options).pipe(Effect.mapError(failed))
    const owner = ownerOf(records.account, paths.basename(paths.resolve(path)))
    const isUnnamed = records.account === undefined
    const isTheirs = isUnnamed || owner.environment === environment?.name
    if (environment === undefined || !isTheirs) {
      const gathered: Gathered = { records, account: owner }
      return gathered
    }
    const gathered: Gathered = {
      records: yield* AccountRecords.withMarkets(records, options).pipe(
        Effect.provide(Session.services(Credentials.anonymous(environment), { breaker: "none" })),
        Effect.catch(({ message }) =>
          Effect.as(output.note(`The markets were not looked up, and the page says so: ${message}`), records)
        )
      ),
      account: isUnnamed ? { ...owner, environment: environment.name } : owner
    }
    return gathered
  }).pipe(Effect.ensuring(end))
})
