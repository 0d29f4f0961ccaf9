/**
 * An independent judge of the sandbox's wire: `fetch`, `node:crypto`, and
 * signatures made by hand.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Crypto from "node:crypto"

// A judge reads what it gets: to give this a type would be to believe the sandbox.
// oxlint-disable-next-line typescript/no-explicit-any
export type Body = Record<string, any>

export interface Signer {
  readonly keyId: string
  readonly privateKey: Redacted.Redacted<string>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Body
}

export interface Sent {
  readonly body?: unknown
  readonly raw?: string
  readonly headers?: Record<string, string>
  readonly signer?: Signer | undefined
  readonly timestamp?: number
  readonly signPath?: string
  readonly saltLength?: number
}

export const sign = (signer: Signer, message: string, saltLength = 32): string => {
  const key = Crypto.createPrivateKey(Redacted.value(signer.privateKey))
  return key.asymmetricKeyType === "ed25519"
    ? Crypto.sign(null, Buffer.from(message), key).toString("base64")
    : Crypto.sign("RSA-SHA256", Buffer.from(message), {
        key,
        padding: Crypto.constants.RSA_PKCS1_PSS_PADDING,
        saltLength
      }).toString("base64")
}

export const signed = (
  signer: Signer,
  method: string,
  path: string,
  options: Pick<Sent, "timestamp" | "saltLength"> = {}
): Record<string, string> => {
  const timestamp = String(options.timestamp ?? Date.now())
  return {
    "KALSHI-ACCESS-KEY": signer.keyId,
    "KALSHI-ACCESS-TIMESTAMP": timestamp,
    "KALSHI-ACCESS-SIGNATURE": sign(signer, `${timestamp}${method}${path}`, options.saltLength)
  }
}

const parse = (text: string): Body => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** A client of the wire at this base; it signs for `signer` unless told otherwise. */
export const client =
  (base: string, signer?: Signer) =>
  (method: string, path: string, sent: Sent = {}) =>
    Effect.tryPromise(async (signal): Promise<Answer> => {
      const url = new URL(`${base}${path}`)
      const who = "signer" in sent ? sent.signer : signer
      const body = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body))
      const response = await fetch(url, {
        method,
        redirect: "manual",
        signal,
        ...(body === undefined ? {} : { body }),
        headers: {
          ...(sent.body === undefined ? {} : { "content-type": "application/json" }),
          ...(who === undefined ? {} : signed(who, method, sent.signPath ?? url.pathname, sent)),
          ...sent.headers
        }
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: parse(text) }
    })
