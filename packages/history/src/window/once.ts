/**
 * Records that no window can claim as its own.
 */
import type { Kind } from "../Kind.ts"

/** Whether a record comes for the first time: one without a time may come with every window. */
export const once = <A>({ key, time }: Pick<Kind<A>, "key" | "time">): ((record: A) => boolean) => {
  const seen = new Set<string>()
  return (record) => {
    if (time(record) !== undefined) return true
    const name = key(record)
    const isNew = !seen.has(name)
    seen.add(name)
    return isNew
  }
}
