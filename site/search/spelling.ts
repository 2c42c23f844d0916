/** Corrects the spelling of a search by the words that occur in the names of datasets. */

/** Shorter words have too many neighbors. */
const MIN_LENGTH = 4
/** So many words may be written as one. */
const MAX_JOINED = 4

type Named = { dataset: string }

/**
 * Replaces each word that occurs in no name by the closest one that does, if one is close. A word can
 * become several: `treecoverlos` is `tree cover loss`.
 */
export function closestWords(words: readonly string[], datasets: readonly Named[]): string[] {
  const isKnown = (word: string) => datasets.some(({ dataset }) => dataset.includes(word))
  if (words.every(isKnown)) return [...words]
  const phrases = phrasesOf(datasets)
  const corrected = words.map((word) => (isKnown(word) ? word : (closest(word, phrases) ?? word)))
  return [...new Set(corrected.flatMap((phrase) => phrase.split(' ')))]
}

/** The words of the names, then those that follow each other, by how they are written as one. */
function phrasesOf(datasets: readonly Named[]): Map<string, string> {
  const phrases = new Map<string, string>()
  const names = datasets.map(({ dataset }) => dataset.split(/[_-]+/))
  for (let length = 1; length <= MAX_JOINED; length++) {
    for (const words of names) {
      for (let start = 0; start + length <= words.length; start++) {
        const phrase = words.slice(start, start + length)
        const joined = phrase.join('')
        if (!phrases.has(joined)) phrases.set(joined, phrase.join(' '))
      }
    }
  }
  return phrases
}

function closest(word: string, phrases: ReadonlyMap<string, string>): string | undefined {
  if (word.length < MIN_LENGTH) return undefined
  let best: string | undefined
  // One edit in a short word, two in a longer one.
  let least = word.length < 7 ? 2 : 3
  for (const [joined, phrase] of phrases) {
    if (Math.abs(joined.length - word.length) >= least) continue
    // Letters in another order are the likeliest slip: `plam` is `palm` rather than `plan`.
    const edits = countEdits(word, joined) - (sorted(word) === sorted(joined) ? 0.5 : 0)
    if (edits >= least) continue
    best = phrase
    least = edits
  }
  return best
}

function sorted(letters: string): string {
  return [...letters].sort().join('')
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
