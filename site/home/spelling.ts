/** Corrects the spelling of a search by the words that occur in the names of datasets. */

/** Shorter words have too many neighbors. */
const MIN_LENGTH = 4

/** Replaces each word that occurs in no name by the closest one that does, if one is close. */
export function closestWords(
  words: readonly string[],
  datasets: readonly { dataset: string }[],
): string[] {
  const known = new Set(datasets.flatMap(({ dataset }) => dataset.split(/[_-]+/)))
  return words.map((word) => {
    const occurs = datasets.some(({ dataset }) => dataset.includes(word))
    return occurs ? word : (closest(word, known) ?? word)
  })
}

function closest(word: string, known: Iterable<string>): string | undefined {
  if (word.length < MIN_LENGTH) return undefined
  let best: string | undefined
  // One edit in a short word, two in a longer one.
  let least = word.length < 7 ? 2 : 3
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const edits = countEdits(word, candidate)
    if (edits >= least) continue
    best = candidate
    least = edits
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbors (Damerau's distance). */
export function countEdits(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const next = [row]
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      next[column] = Math.min(
        (next[column - 1] ?? 0) + 1,
        (last[column] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = last
    last = next
  }
  return last[b.length] ?? 0
}
