import * as NodeServices from "@effect/platform-node/NodeServices"
import { afterAll, beforeAll, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as OrderJournal from "../src/OrderJournal.ts"
import * as Postgres from "./journal/Postgres.ts"
import * as Suite from "./journal/Suite.ts"

const folder = Fs.mkdtempSync(Path.join(Os.tmpdir(), "order-journal-"))
afterAll(() => Fs.rmSync(folder, { recursive: true }))

let places = 0

Suite.suite({
  name: "OrderJournal.layerMemory",
  place: Effect.succeed(OrderJournal.layerMemory),
  isKept: false
})

Suite.suite({
  name: "OrderJournal.layerFile",
  place: Effect.sync(() =>
    OrderJournal.layerFile({ path: Path.join(folder, `${++places}`, "journal.log") }).pipe(
      Layer.provide(NodeServices.layer)
    )
  ),
  isKept: true
})

describe.skipIf(Postgres.url === undefined)("in PostgreSQL", () => {
  beforeAll(Postgres.make)
  afterAll(Postgres.drop)

  Suite.suite({
    name: "OrderJournal.layerSql",
    place: Effect.sync(() => Postgres.journal({ table: `journal_${++places}` })),
    isKept: true
  })
})
