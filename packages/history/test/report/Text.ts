/** Reads what a report writes. */

/** The micro-dollars of an amount as it is written: `−$1,234.5678`. */
export const amountOf = (text: string): bigint => {
  const found = /^([+−]?)\$([\d,]+)\.(\d{2,6})$/.exec(text)
  if (found === null) throw new Error(`not an amount: ${text}`)
  const [, sign = "", whole = "", fraction = ""] = found
  const size = BigInt(whole.replaceAll(",", "")) * 1_000_000n + BigInt(fraction.padEnd(6, "0"))
  return sign === "−" ? -size : size
}
