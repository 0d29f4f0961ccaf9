/**
 * The `kalshi` command.
 *
 * @since 0.1.0
 */
// @barrel
