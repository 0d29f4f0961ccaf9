/**
 * All records of an account, gathered for its ledger: from the exchange, or from
 * the folder of an export.
 *
 * They are all in memory at once: what this takes grows with their number, about
 * a kilobyte a record with its ledger. What is too many for that is exported, and
 * looked at in a database.
 *
 * What an account does while it is read cannot all be of one moment. The records
 * end at one instant, and what may be later than that is not compared with them:
 * look at an account when it rests, and its balance is compared too.
 *
 * @since 0.1.0
 */
import type * as Exchange from "effect-kalshi/Exchange"
import type * as Historical from "effect-kalshi/Historical"
import type * as KalshiError from "effect-kalshi/KalshiError"
import type * as Markets from "effect-kalshi/Markets"
import type * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import { type FolderError, listed } from "./account/error.ts"
import * as folder from "./account/folder.ts"
import * as exchange from "./account/live.ts"
import * as markets from "./account/markets.ts"
import type * as Model from "./account/Model.ts"
import type * as History from "./History.ts"
import type { FileError } from "./HistoryFile.ts"

export { Ambiguous, FolderError, type FolderReason, Missing, Mixed, NotAFolder, Unfinished } from "./account/error.ts"
export type { AccountRecords, Gap, Name, Options, Progress } from "./account/Model.ts"

/**
 * Reads all records of the account from the exchange, with the markets that it
 * traded, and its balance with what resting orders reserve where nothing changed
 * meanwhile.
 *
 * Fails with a `KalshiError` or a `HistoryError` where the history cannot be
 * read; a key that is bound to one subaccount may not ask for all of them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const live: (
  options?: Model.Options
) => Effect.Effect<
  Model.AccountRecords,
  History.Failure,
  History.History | Exchange.Exchange | Markets.Markets | Historical.Historical
> = exchange.live

/**
 * Reads all records of an account from the files that an export of it wrote into
 * a folder (`fills.csv`, `settlements.parquet`, `deposits.ndjson.gz`), each in
 * any format. Orders and positions may be missing, and are then not compared.
 * Nobody is asked: {@link withMarkets} looks up what the markets paid.
 *
 * They end where the earliest of the exports ended, by the checkpoints beside
 * them; without those at the latest record.
 *
 * Fails with a `FolderError` that says what is missing, and with a `FileError`
 * where a file cannot be read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromFolder: (
  path: string,
  options?: Model.Options
) => Effect.Effect<Model.AccountRecords, FolderError | FileError, FileSystem.FileSystem | Path.Path> = folder.fromFolder

/**
 * The records with the markets of their fills and settlements, live and
 * archived: what they paid, what they are called, and what is open is worth.
 * Public: no key is needed. 100 markets are a request.
 *
 * Fails with a `KalshiError` where they cannot be read.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withMarkets: (
  records: Model.AccountRecords,
  options?: Model.Options
) => Effect.Effect<Model.AccountRecords, KalshiError.Of, Markets.Markets | Historical.Historical> = markets.withMarkets

/**
 * What the records lack, in a sentence.
 *
 * @since 0.1.0
 * @category conversions
 */
export const describe = (gap: Model.Gap): string => {
  switch (gap._tag) {
    case "Narrowed":
      return `All but some records: the ${listed(gap.kinds)} are ${gap.to} alone. Positions that were opened elsewhere or before are not known.`
    case "NotAmong":
      return `A comparison with the ${gap.kind}, which were not among the files.`
    case "Moved":
      return "A comparison with the balance and the positions: the account traded while it was read. Read it again when it rests."
    case "NoMarkets":
      return "What settled markets paid below a cent: the exchange was not asked for it, and settlements tell their revenue to the cent."
  }
}
