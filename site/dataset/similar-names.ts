/** Finds datasets whose names are like one that does not exist. */

import type { CatalogClient } from '../../packages/client/src/client.ts'
import { MAX_PAGE_SIZE } from '../limits.ts'

/** A misspelled word usually begins right. */
const PREFIX_LENGTH = 4
const MAX_WORDS = 4
const MAX_NAMES = 8
/** Of two names that share nothing but a short word. */
const MIN_SIMILARITY = 0.3

/** Searches for the beginnings of the name's longest words, and ranks what they find. */
export async function similarDatasets(
  client: CatalogClient,
  name: string,
  signal: AbortSignal,
): Promise<string[]> {
  const pages = await Promise.all(
    searchPrefixes(name).map((search) =>
      client.listDatasets({ search, 'page[size]': MAX_PAGE_SIZE }, { signal }),
    ),
  )
  return rankSimilar(
    name,
    pages.flatMap((page) => page.data.map(({ dataset }) => dataset)),
  )
}

export function searchPrefixes(name: string): string[] {
  const words = name.toLowerCase().split(/[^a-z0-9]+/)
  const longest = words.filter(Boolean).sort((a, b) => b.length - a.length)
  return [...new Set(longest.map((word) => word.slice(0, PREFIX_LENGTH)))].slice(0, MAX_WORDS)
}

/** The most similar names first, by the pairs of letters that they share (Sørensen-Dice). */
export function rankSimilar(name: string, candidates: string[]): string[] {
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, similarity: similarity(name.toLowerCase(), candidate) }))
    .filter((rated) => rated.similarity >= MIN_SIMILARITY)
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, MAX_NAMES)
    .map((rated) => rated.candidate)
}

function similarity(left: string, right: string): number {
  const leftPairs = letterPairs(left)
  const rightPairs = letterPairs(right)
  const shared = [...leftPairs].filter((pair) => rightPairs.has(pair)).length
  return (2 * shared) / (leftPairs.size + rightPairs.size || 1)
}

function letterPairs(text: string): Set<string> {
  return new Set(Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2)))
}
