/**
 * Compiles decoders at run time: `import "effect-kalshi/jit"` once, first.
 * Large pages then decode about one and a half times as fast. It makes code from strings;
 * where a program forbids that, it changes nothing.
 *
 * @since 0.1.0
 */
import "effect/schema/SchemaJITCompiler/enable"
