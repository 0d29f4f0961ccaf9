/**
 * Bytes in blocks of one size, however they come.
 *
 * What is made of bytes, as compressed ones, may depend on where they are cut.
 * Cut here, they are the same whatever the chunks of a stream are.
 */

/** Cuts bytes into blocks. */
export interface Blocks {
  /** The blocks that are full by now. */
  readonly add: (bytes: Uint8Array) => ReadonlyArray<Uint8Array>
  /** What is left, at most a block. */
  readonly rest: () => Uint8Array
}

/** Cuts into blocks of this many bytes. */
export const make = (size: number): Blocks => {
  let block = new Uint8Array(size)
  let length = 0
  return {
    add: (bytes) => {
      const full: Array<Uint8Array> = []
      let from = 0
      while (from < bytes.length) {
        const part = bytes.subarray(from, from + size - length)
        block.set(part, length)
        from += part.length
        length += part.length
        if (length === size) {
          full.push(block)
          block = new Uint8Array(size)
          length = 0
        }
      }
      return full
    },
    rest: () => block.subarray(0, length)
  }
}
