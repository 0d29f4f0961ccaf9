/**
 * Which texts are what they are when they are read again.
 */

/** Half of a character, which UTF-8 cannot say. */
const HALF = /\p{Surrogate}/u

/** What of a text cannot be written as UTF-8, in a few words. */
export const unsayable = (text: string): string | undefined =>
  HALF.test(text) ? "it has half of a character, which UTF-8 cannot say" : undefined
