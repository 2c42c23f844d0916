/** The size of a JSON value in Postgres: `octet_length(value::jsonb::text)`. */

/** @param value any JSON value */
export function jsonbBytes(value: unknown): number {
  if (typeof value === 'number') return numericLength(value)
  if (typeof value !== 'object' || value === null) return Buffer.byteLength(JSON.stringify(value))
  const parts = Array.isArray(value)
    ? value.map(jsonbBytes)
    : Object.entries(value).map(([key, part]) => jsonbBytes(key) + ': '.length + jsonbBytes(part))
  const separators = ', '.length * Math.max(0, parts.length - 1)
  return parts.reduce((sum, bytes) => sum + bytes, '[]'.length + separators)
}

/** Postgres writes numbers without an exponent. */
function numericLength(value: number): number {
  const text = JSON.stringify(value)
  const [, sign = '', digits = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? []
  if (exponent === undefined) return text.length
  const power = Number(exponent)
  // JavaScript writes an exponent only below -6 and above 20, with one digit before the point.
  if (power < 0) return sign.length + '0.'.length + fraction.length - power
  return sign.length + digits.length + power
}
