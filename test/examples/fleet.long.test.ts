/** The examples that need PostgreSQL. */
import { it } from "@effect/vitest"
import { inject } from "vitest"
import { check, PATIENCE } from "./check.ts"

/** What each of those has to say that need PostgreSQL. */
const saysWithPostgres: Readonly<Record<string, ReadonlyArray<RegExp>>> = {
  fleet: [
    /^worker ([AB]) is killed in the middle of \w+ at [1-9]/m,
    // what was begun by one and finished by the other went on where it was
    /^\w+ +(?:A +B|B +A) +resumed +2000 +[0-9a-f]{12} +the same$/m,
    /(?:^(?:alice|bob|carol|dave|erin|frank) +[AB] +[AB] +(?:begun|resumed) +2000 +[0-9a-f]{12} +the same\n){6}$/m
  ]
}

const postgres = inject("postgres")

for (const [name, expected] of Object.entries(saysWithPostgres)) {
  it.live.skipIf(postgres === undefined)(
    `${name} does what it says, where PostgreSQL answers`,
    () => check(name, expected, { DATABASE_URL: postgres ?? "" }),
    PATIENCE
  )
}
