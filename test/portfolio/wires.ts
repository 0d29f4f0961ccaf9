/**
 * The two wires that the portfolio speaks: what runs on both runs here,
 * unchanged.
 */
import { Buckets, type Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { Credentials, Environment, Kalshi, type KalshiError, Portfolio, RateLimit, Signer } from "effect-kalshi"
import * as support from "../support.ts"
import * as kit from "./kit.ts"

/** What lost the answer of a write that was not applied. */
export interface Lost {
  readonly tag: KalshiError.Reason["_tag"]
  /** Of the message that says what lost it. */
  readonly cause: RegExp
  readonly attempts?: number
}

/** A wire, and how a program comes to it. */
export interface Wire {
  readonly name: string
  /** The status of a refusal: the contract of 2.0.0 declares neither 404 nor 409, and says 400. */
  readonly status: (today: 400 | 404 | 409) => number
  /**
   * Judges the failure of a write that was lost and is not to be found. Reads of
   * today tell how fresh they are, so that it is proven not to be applied; on the
   * wire of 2.0.0 nothing proves it, and it stays unknown.
   */
  readonly unfound: (error: KalshiError.KalshiError, lost: Lost) => void
  /** A sandbox of whole cents that nobody exhausts, and the portfolio of its member, over a socket. */
  readonly sandbox: (
    options?: Sandbox.ListenOptions,
    client?: Layer.Layer<HttpClient.HttpClient>
  ) => Layer.Layer<Portfolio.Portfolio | Sandbox.Sandbox | Control.Control>
  /** The portfolio over any server, at the base of the wire below its origin. */
  readonly at: (url: string) => Layer.Layer<Portfolio.Portfolio>
}

const over =
  (
    member: (client: Layer.Layer<HttpClient.HttpClient>) => Layer.Layer<Portfolio.Portfolio, unknown, Sandbox.Sandbox>
  ): Wire["sandbox"] =>
  (options, client = support.clients.fetch) =>
    member(client).pipe(
      // whoever logs in has done so before the first test
      Layer.tap((context) => Effect.provide(Effect.ignore(signIn), context)),
      Layer.provideMerge(
        Sandbox.layer({ keyType: "ed25519", limits: Buckets.unlimited, wholeCents: true, ...options })
      ),
      Layer.orDie,
      Layer.provideMerge(support.layerHasty)
    )

const signIn = Portfolio.Portfolio.use((portfolio) => portfolio.getBalance())

/** The wire of today: signed requests, dollar strings, bid and ask. */
export const today: Wire = {
  name: "today",
  status: (today) => today,
  unfound: (error, { attempts = 1, cause, tag }) => {
    const reason = kit.failed(error, tag, { outcome: "not-applied", attempts })
    assert.strictEqual(error.settled, "not-applied")
    assert.match(reason.message, cause)
  },
  sandbox: over((client) => support.layerMember({ rateLimit: "none", breaker: "none" }, client)),
  at: (url) =>
    Kalshi.layerWith({ breaker: "none" }).pipe(
      Layer.provide([
        support.clients.fetch,
        RateLimit.layerNone,
        Signer.layerTest({ environment: Environment.sandbox(url), keyId: "key" })
      ]),
      Layer.provideMerge(support.layerHasty)
    )
}

// the two wires are judged by where they are
const baseOf = (url: string): string => url.replace("/trade-api/v2", "/legacy/trade-api/v2")

/** The wire of 2.0.0: bearer token, integers of cents, yes and no with buy and sell. */
export const legacy: Wire = {
  name: "2.0.0",
  status: () => 400,
  unfound: (error, { attempts = 1, cause }) => {
    const reason = kit.failed(error, "OutcomeUnknown", { outcome: "unknown", attempts })
    assert.isUndefined(error.settled)
    assert.match(reason.cause, cause)
    assert.isUndefined(reason.evidence.asOf)
  },
  sandbox: over((client) => support.layerLegacyMember({ rateLimit: "none", breaker: "none" }, client)),
  at: (url) =>
    Kalshi.layerLegacy({ rateLimit: "none", breaker: "none" }).pipe(
      Layer.provide(Credentials.layerBearer({ environment: Environment.sandbox(baseOf(url)), token: "a-token" })),
      Layer.provide(support.clients.fetch),
      Layer.orDie,
      Layer.provideMerge(support.layerHasty)
    )
}

/** Both. */
export const all: ReadonlyArray<Wire> = [today, legacy]
