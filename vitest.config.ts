import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

// vitest's summary of failures needs it, and Node 20 does not have it
Map.groupBy ??= <K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, Array<T>> => {
  const groups = new Map<K, Array<T>>()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

// tests that take long: `npm run test:long`
const LONG = "long"
const long = ["packages/*/test/**/*.long.test.ts", "test/**/*.long.test.ts"]

export default defineConfig(({ mode }) => ({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: mode === LONG ? long : ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    exclude: mode === LONG ? ["**/node_modules/**"] : ["**/node_modules/**", ...long],
    globalSetup: ["packages/kalshi/test/servers.ts"],
    setupFiles: ["test/contract/setup.ts"],
    // much of it waits for other processes: three at a time also where there are two cores only
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // what a test leaves behind is judged where it falls: nothing is shared but the record of the exchanges
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000
  }
}))
