/**
 * What the exchange takes as an id that a client gives its order, on either wire.
 *
 * @since 0.1.0
 */

/**
 * What is wrong with an id: it has at most 64 characters, and no dots.
 *
 * @since 0.1.0
 * @category accessors
 */
export const problemOf = (name: string, id: string | undefined): string | undefined =>
  id !== undefined && (id.length > 64 || id.includes("."))
    ? `${name} must have at most 64 characters and no dots`
    : undefined

/**
 * The id that is meant: an empty one is none.
 *
 * @since 0.1.0
 * @category conversions
 */
export const given = (id: string | undefined): string | undefined => (id === "" ? undefined : id)
