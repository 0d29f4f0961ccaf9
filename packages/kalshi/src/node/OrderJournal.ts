/**
 * The journal of writes that must not happen twice, in a file, on Node.
 *
 * @since 0.1.0
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Layer from "effect/Layer"
import * as OrderJournal from "../OrderJournal.ts"

export * from "../OrderJournal.ts"

/**
 * A journal in a file, as `OrderJournal.layerFile` keeps it, with the files of
 * Node. Fails with a `JournalError` (`open`) where the file cannot be opened and
 * read, is something else, or is of a later version.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFile = (
  options: OrderJournal.FileOptions
): Layer.Layer<OrderJournal.OrderJournal, OrderJournal.JournalError> =>
  OrderJournal.layerFile(options).pipe(Layer.provide([NodeFileSystem.layer, NodePath.layer]))
