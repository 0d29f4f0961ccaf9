/**
 * Looks once which servers answer. Tests that need another are skipped, and a
 * line says so; where `REQUIRE_SERVERS` is 1 that is a failure instead.
 */
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Redis from "effect/persistence/Redis"
import * as SqlClient from "effect/sql/SqlClient"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Where PostgreSQL answers, if it does. */
    readonly postgres: string | undefined
    /** Where Redis answers, if it does. */
    readonly redis: string | undefined
  }
}

const postgres = process.env["DATABASE_URL"] ?? "postgres://root@127.0.0.1:5432/test"
const redis = process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379"

interface Server {
  readonly name: "postgres" | "redis"
  readonly title: string
  readonly tests: string
  readonly url: string
  readonly look: Effect.Effect<void, unknown>
}

const servers: ReadonlyArray<Server> = [
  {
    name: "postgres",
    title: "PostgreSQL",
    tests: "the journal in a database",
    url: postgres,
    look: SqlClient.SqlClient.use((sql) => sql`SELECT 1`).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(postgres), connectTimeout: "2 seconds" })),
      Effect.asVoid
    )
  },
  {
    name: "redis",
    title: "Redis",
    tests: "the budget that processes share",
    url: redis,
    look: Redis.Redis.use(({ send }) => send("PING")).pipe(
      Effect.provide(NodeRedis.layer({ url: redis, socket: { connectTimeout: 2000, reconnectStrategy: false } })),
      Effect.asVoid
    )
  }
]

const withoutPassword = (url: string): string => url.replace(/\/\/.*@/, "//")

export default async (project: TestProject): Promise<void> => {
  for (const { look, name, tests, title, url } of servers) {
    const exit = await Effect.runPromiseExit(Effect.scoped(look))
    if (Exit.isFailure(exit) && process.env["REQUIRE_SERVERS"] === "1") throw Cause.squash(exit.cause)
    if (Exit.isFailure(exit)) {
      process.stderr.write(`skipped: ${tests}, because no ${title} answers at ${withoutPassword(url)}\n`)
    }
    project.provide(name, Exit.isSuccess(exit) ? url : undefined)
  }
}
