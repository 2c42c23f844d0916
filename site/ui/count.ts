/** Numbers as text. */

const format = new Intl.NumberFormat('en')

export function formatNumber(value: number): string {
  return format.format(value)
}

/** @param noun a regular one in the singular */
export function count(value: number, noun: string): string {
  return `${formatNumber(value)} ${noun}${value === 1 ? '' : 's'}`
}
