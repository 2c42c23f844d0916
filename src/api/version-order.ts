/** The order of a dataset's versions, oldest first. */

/** A year, year and month, or date: `v2024`, `v202410`, `v20241031`. */
const DATE = /^((?:19|20)\d\d)(\d\d)?(\d\d)?$/

/**
 * Compares two versions for sorting. Dates come after all other versions, and by year, month and
 * day, a missing one counting as 0; other versions compare number by number (`v1.9`, `v1.12`).
 */
export function compareVersions(left: string, right: string): number {
  const leftKey = sortKey(left)
  const rightKey = sortKey(right)
  for (let i = 0; i < Math.max(leftKey.length, rightKey.length); i++) {
    // A version comes before those that continue it: v1, v1.0.
    const difference = (leftKey[i] ?? -1) - (rightKey[i] ?? -1)
    if (difference !== 0) return difference
  }
  // Different spellings of the same numbers: v01, v1.
  if (left === right) return 0
  return left < right ? -1 : 1
}

function sortKey(version: string): number[] {
  const [first = '', ...rest] = version.slice(1).split('.')
  const date = DATE.exec(first)
  const numbers = date ? [1, ...date.slice(1).map((part) => Number(part ?? 0))] : [0, Number(first)]
  return [...numbers, ...rest.map(Number)]
}
