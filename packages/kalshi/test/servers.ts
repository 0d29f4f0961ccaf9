/**
 * Looks once which servers answer, and whether there is a browser. Tests that
 * need what is missing are skipped, and a line says so; where `REQUIRE_SERVERS`
 * is 1 that is a failure instead.
 */
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Redis from "effect/persistence/Redis"
import * as SqlClient from "effect/sql/SqlClient"
import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Where PostgreSQL answers, if it does. */
    readonly postgres: string | undefined
    /** Where Redis answers, if it does. */
    readonly redis: string | undefined
    /** The program of Chromium, or of a browser like it, if there is one. */
    readonly chromium: string | undefined
  }
}

const postgres = process.env["DATABASE_URL"] ?? "postgres://root@127.0.0.1:5432/test"
const redis = process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379"

interface Needed {
  readonly name: "postgres" | "redis" | "chromium"
  readonly tests: string
  readonly missing: string
  /** Where it is; fails when it is not there. */
  readonly look: Effect.Effect<string, unknown, Scope.Scope>
}

const withoutPassword = (url: string): string => url.replace(/\/\/.*@/, "//")

const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]

/** The program of a browser: the one that is told, else the first on the path by its usual names. */
const browser = Effect.suspend(() => {
  const told = process.env["CHROMIUM_PATH"]
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "")
  const paths = told === undefined ? browsers.flatMap((name) => folders.map((folder) => join(folder, name))) : [told]
  const found = paths.find((path) => existsSync(path))
  return found === undefined
    ? Effect.fail(new Error("no Chromium: install it, or set CHROMIUM_PATH to it"))
    : Effect.succeed(found)
})

const needed: ReadonlyArray<Needed> = [
  {
    name: "postgres",
    tests: "the journal, exports and fleets in a database",
    missing: `no PostgreSQL answers at ${withoutPassword(postgres)}`,
    look: SqlClient.SqlClient.use((sql) => sql`SELECT 1`).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(postgres), connectTimeout: "2 seconds" })),
      Effect.as(postgres)
    )
  },
  {
    name: "redis",
    tests: "the budget that processes share",
    missing: `no Redis answers at ${withoutPassword(redis)}`,
    look: Redis.Redis.use(({ send }) => send("PING")).pipe(
      Effect.provide(NodeRedis.layer({ url: redis, socket: { connectTimeout: 2000, reconnectStrategy: false } })),
      Effect.as(redis)
    )
  },
  {
    name: "chromium",
    tests: "the report in a browser",
    missing: "there is no Chromium (CHROMIUM_PATH, or on the PATH)",
    look: browser
  }
]

export default async (project: TestProject): Promise<void> => {
  for (const { look, missing, name, tests } of needed) {
    const exit = await Effect.runPromiseExit(Effect.scoped(look))
    if (Exit.isFailure(exit) && process.env["REQUIRE_SERVERS"] === "1") throw Cause.squash(exit.cause)
    if (Exit.isFailure(exit)) process.stderr.write(`skipped: ${tests}, because ${missing}\n`)
    project.provide(name, Exit.isSuccess(exit) ? exit.value : undefined)
  }
}
