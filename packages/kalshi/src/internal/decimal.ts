/**
 * Exact conversion between decimal text and scaled integers.
 *
 * No float is involved: digits are read one by one. Text that does not fit
 * the scale is refused, never rounded.
 */

const ZERO = 48
const NINE = 57
const DOT = 46
const MINUS = 45

/** Reads decimal text as an integer of `10^-scale`, or `NaN` when it does not fit exactly. */
export const parse = (text: string, scale: number): number => {
  const length = text.length
  let index = 0
  const negative = text.charCodeAt(0) === MINUS
  if (negative) index++
  const first = index
  let value = 0
  for (; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code < ZERO || code > NINE) break
    value = value * 10 + (code - ZERO)
  }
  if (index === first || index - first > 16) return NaN
  let decimals = 0
  if (index < length) {
    if (text.charCodeAt(index) !== DOT || index === length - 1) return NaN
    for (index++; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code < ZERO || code > NINE) return NaN
      if (decimals === scale) {
        // a digit below the unit is only exact when it is a zero
        if (code !== ZERO) return NaN
        continue
      }
      value = value * 10 + (code - ZERO)
      decimals++
    }
  }
  for (; decimals < scale; decimals++) value *= 10
  if (value > Number.MAX_SAFE_INTEGER) return NaN
  return negative && value !== 0 ? -value : value
}

/** Writes an integer of `10^-scale` as decimal text with at least `minimum` decimals. */
export const format = (value: number, scale: number, minimum: number): string => {
  const negative = value < 0
  const digits = String(negative ? -value : value).padStart(scale + 1, "0")
  const whole = digits.slice(0, digits.length - scale)
  let decimals = digits.slice(digits.length - scale)
  if (minimum < scale) {
    let end = scale
    while (end > minimum && decimals.charCodeAt(end - 1) === ZERO) end--
    decimals = decimals.slice(0, end)
  }
  return (negative ? "-" : "") + whole + (decimals.length === 0 ? "" : "." + decimals)
}

/** Scales a number by `factor`, or throws a `RangeError` when the result is not a safe integer. */
export const scaled = (value: number, factor: number, what: string): number => {
  const product = value * factor
  const rounded = Math.round(product)
  // a float is a little off its decimal, as 0.29 is; further off, it is another decimal
  const exact = rounded / factor === value || Math.abs(product - rounded) <= 1e-6
  if (!Number.isSafeInteger(rounded) || !exact) {
    throw new RangeError(`${value} is not ${what}`)
  }
  return rounded === 0 ? 0 : rounded
}

/** Returns the value, or throws a `RangeError` when it left the safe integers. */
export const safe = (value: number, what: string): number => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${what} left the exact range`)
  return value === 0 ? 0 : value
}

/** How a quotient that is not whole is brought to an integer. */
export type RoundingMode = "floor" | "ceil" | "half-even"

/** Divides exactly or by the rounding mode; `floor` and `ceil` are toward the infinities. */
export const divide = (dividend: bigint, divisor: bigint, mode: RoundingMode): bigint => {
  const quotient = dividend / divisor
  const remainder = dividend % divisor
  if (remainder === 0n) return quotient
  const negative = remainder < 0n !== divisor < 0n
  switch (mode) {
    case "floor":
      return negative ? quotient - 1n : quotient
    case "ceil":
      return negative ? quotient : quotient + 1n
    case "half-even": {
      const away = negative ? quotient - 1n : quotient + 1n
      const abs = (n: bigint) => (n < 0n ? -n : n)
      const twice = abs(remainder) * 2n
      const size = abs(divisor)
      return twice > size || (twice === size && quotient % 2n !== 0n) ? away : quotient
    }
  }
}
