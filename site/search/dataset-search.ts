/** Searches names of datasets as `GET /datasets?search=` does, ranks them, and marks what matched. */

/** The distinct words of a search, in lower case. Blanks, `-` and `_` separate words. */
export function toWords(text: string): string[] {
  return [...new Set(text.toLowerCase().split(/[\s_-]+/))].filter(Boolean)
}

/** The datasets whose names hold every word, the best match first; all in their order if no word. */
export function searchDatasets<Item extends { dataset: string }>(
  items: readonly Item[],
  words: readonly string[],
): Item[] {
  const matching = items.filter(({ dataset }) => words.every((word) => dataset.includes(word)))
  return words.length === 0 ? matching : rankDatasets(matching, words)
}

/**
 * Names that start with the search come first, by name. Then come those that hold its words side by
 * side, those with a word of their own for each, and all others; of these, shorter names first.
 */
export function rankDatasets<Item extends { dataset: string }>(
  items: readonly Item[],
  words: readonly string[],
): Item[] {
  return items
    .map((item) => ({ item, name: item.dataset, rank: rankOf(item.dataset, words) }))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        (a.rank === 0 ? 0 : a.name.length - b.name.length) ||
        (a.name < b.name ? -1 : 1),
    )
    .map(({ item }) => item)
}

function rankOf(name: string, words: readonly string[]): number {
  const plain = `_${name.replace(/[_-]+/g, '_')}`
  const phrase = `_${words.join('_')}`
  if (plain.startsWith(phrase)) return 0
  if (plain.includes(phrase)) return 1
  return words.every((word) => plain.includes(`_${word}`)) ? 2 : 3
}

export type Part = { text: string; isMatch: boolean }

/** The name in parts. A separator between two matches is part of the match. */
export function markMatches(name: string, words: readonly string[]): Part[] {
  const isMatch = Array.from(name, () => false)
  for (const word of words) {
    for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
      isMatch.fill(true, at, at + word.length)
    }
  }
  for (const { index, 0: separators } of name.matchAll(/[_-]+/g)) {
    const end = index + separators.length
    if (isMatch[index - 1] && isMatch[end]) isMatch.fill(true, index, end)
  }
  const parts: Part[] = []
  for (const [index, matches] of isMatch.entries()) {
    const last = parts.at(-1)
    if (last?.isMatch === matches) last.text += name[index]
    else parts.push({ text: name[index] ?? '', isMatch: matches })
  }
  return parts
}
