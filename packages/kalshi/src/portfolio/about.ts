/**
 * Whether an answer is about the order that was asked for.
 */
import * as Effect from "effect/Effect"
import * as KalshiError from "../KalshiError.ts"
import type * as operation from "../service/operation.ts"

/** Fails when an answer tells of another order than the one that was to change. */
export const isAbout = <E>(
  op: { readonly fail: (reason: KalshiError.AnotherOrder, sent: operation.Sent) => E },
  asked: string,
  answered: string,
  sent: operation.Sent
): Effect.Effect<void, E> =>
  answered === asked ? Effect.void : Effect.fail(op.fail(new KalshiError.AnotherOrder({ asked, answered }), sent))
