/**
 * What the processes of the fleet have in common: a schema in PostgreSQL, in
 * which the cluster keeps its messages and who is there, and the engine on it.
 *
 * What a dead process had moves to another when its last sign of life is older
 * than the expiration of its locks. Here that is 5 seconds, so that there is
 * something to see; the default is 35.
 */
import { NodeClusterSocket, NodeCrypto } from "@effect/platform-node"
import { PgClient } from "@effect/sql-pg"
import { Clock, Config, Data, Effect, Layer, Option, Redacted, Runtime } from "effect"
import {
  ClusterWorkflowEngine,
  RunnerAddress,
  ShardingConfig,
  SqlMessageStorage,
  SqlRunnerStorage
} from "effect/cluster"
import { SqlClient } from "effect/sql"

/** No PostgreSQL answers. */
export class NoDatabase extends Data.TaggedError("NoDatabase")<{ readonly host: string }> {
  override readonly [Runtime.errorReported] = false
  override get message(): string {
    return (
      `no PostgreSQL answers at ${this.host}: set DATABASE_URL, or start one, say with docker run -p 5432:5432 ` +
      "-e POSTGRES_USER=root -e POSTGRES_DB=test -e POSTGRES_HOST_AUTH_METHOD=trust postgres"
    )
  }
}

const url = Config.Redacted("DATABASE_URL").pipe(
  Config.withDefault(Redacted.make("postgres://root@127.0.0.1:5432/test"))
)

const layerSql = (schema?: string) =>
  Layer.unwrap(
    Effect.map(url, (url) =>
      PgClient.layer({
        url,
        connectTimeout: "2 seconds",
        ...(schema === undefined ? {} : { startupParameters: { search_path: schema } })
      })
    )
  )

/** PostgreSQL, where it answers. */
export const layerDatabase = layerSql()

/** Fails with one line, what to do, where none answers. */
export const look = Effect.gen(function* () {
  const { host } = new URL(Redacted.value(yield* url))
  yield* SqlClient.SqlClient.use((sql) => sql`SELECT 1`).pipe(
    Effect.provide(layerDatabase),
    Effect.mapError(() => new NoDatabase({ host }))
  )
})

/** A schema that goes with the scope, and all that is in it. */
export const schema = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const name = `fleet_${process.pid}_${yield* Clock.currentTimeMillis}`
  return yield* Effect.acquireRelease(Effect.as(sql`CREATE SCHEMA ${sql(name)}`, name), () =>
    Effect.orDie(sql`DROP SCHEMA ${sql(name)} CASCADE`)
  )
})

const common = {
  // the same for all: a few for a few
  shardsPerGroup: 30,
  shardLockExpiration: "5 seconds",
  refreshAssignmentsInterval: "500 millis",
  entityMessagePollInterval: "500 millis",
  entityTerminationTimeout: "2 seconds"
} as const

const layerWith = (schema: string, port: number | undefined) => {
  const shardingConfig = {
    ...common,
    runnerAddress:
      port === undefined ? Option.none() : Option.some(RunnerAddress.RunnerAddress.make({ host: "127.0.0.1", port }))
  }
  const storage = Layer.mergeAll(
    SqlMessageStorage.layerWith({ prefix: schema }),
    // its locks are of the whole database, and go by the prefix
    SqlRunnerStorage.layerWith({ prefix: schema })
  ).pipe(Layer.provide([ShardingConfig.layer(shardingConfig), NodeCrypto.layerDigest, layerSql(schema)]))
  return ClusterWorkflowEngine.layer.pipe(
    Layer.provide(NodeClusterSocket.layer({ storage: "byo", clientOnly: port === undefined, shardingConfig })),
    Layer.provide(storage)
  )
}

/** The engine in a process that runs workflows, and which others reach at a port of this machine. */
export const layerWorker = (schema: string, port: number) => layerWith(schema, port)

/** The engine in a process that submits workflows, and runs none. */
export const layerClient = (schema: string) => layerWith(schema, undefined)
