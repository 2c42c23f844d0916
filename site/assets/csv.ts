/** CSV (RFC 4180) that spreadsheets do not take for formulas. */

/** A row with its line end. */
export function csvRow(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map(cell).join(',')}\r\n`
}

function cell(value: string | number | boolean | null): string {
  const text = `${value ?? ''}`
  // An apostrophe before what would start a formula, as OWASP recommends.
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
