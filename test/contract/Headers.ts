/**
 * What is kept of headers: enough to judge who asks and how an answer is
 * labelled, and never a token, a signature or the value of a cookie.
 */

/** Headers by their name in lower case. */
export type Headers = Readonly<Record<string, number | string | ReadonlyArray<string> | undefined>>

/** The part of an exchange that its headers tell; what does not apply is absent. */
export interface Kept {
  /** The shape of the request's `Authorization`: `Bearer` and a token, or anything else. */
  readonly authorization?: "bearer" | "other"
  /** The request carries a `KALSHI-ACCESS-*`. */
  readonly signed?: true
  /** The names of the cookies to which the answer gives a value. */
  readonly cookies?: ReadonlyArray<string>
  /** The headers in which a failed answer repeats its body. */
  readonly errorHeaders?: Readonly<Record<string, string>>
}

const all = (headers: Headers, name: string): ReadonlyArray<string> => {
  const value = headers[name]
  if (value === undefined) return []
  return typeof value === "object" ? value : [String(value)]
}

/** The one value of a header, however often it was given. */
export const one = (headers: Headers, name: string): string | undefined => {
  const values = all(headers, name)
  return values.length === 0 ? undefined : values.join(", ")
}

const repeated = ["code", "message", "details"]

/** What is kept of the headers of a request and of its answer. */
export const kept = (request: Headers, status: number, answer: Headers): Kept => {
  const authorization = one(request, "authorization")
  const cookies = all(answer, "set-cookie").flatMap((line) => /^\s*([^=;\s]+)=[^;\s]/.exec(line)?.[1] ?? [])
  const errors = status < 400 ? [] : repeated.filter((name) => answer[name] !== undefined)
  return {
    ...(authorization === undefined
      ? undefined
      : { authorization: /^Bearer [\x21-\x7e]+$/.test(authorization) ? "bearer" : "other" }),
    ...(Object.keys(request).some((name) => name.startsWith("kalshi-access-")) ? { signed: true } : undefined),
    ...(cookies.length === 0 ? undefined : { cookies }),
    ...(errors.length === 0
      ? undefined
      : { errorHeaders: Object.fromEntries(errors.map((name) => [name, one(answer, name) ?? ""])) })
  }
}
