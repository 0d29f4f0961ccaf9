/**
 * Ids that are UUIDs: those of the wire of 2.0.0, and of transfers.
 *
 * @since 0.1.0
 */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The id as the exchange writes it, or nothing where it is no UUID.
 *
 * @since 0.1.0
 * @category conversions
 */
export const read = (id: string): string | undefined => (UUID.test(id) ? id.toLowerCase() : undefined)
