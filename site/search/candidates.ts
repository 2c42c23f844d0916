/** Finds the datasets among which a misspelled one can be. */

import type { CatalogClient, Dataset } from '../../packages/client/src/client.ts'
import { MAX_PAGE_SIZE, MAX_SEARCH_LENGTH } from '../limits.ts'

/** A misspelled word usually begins right. */
const PREFIX_LENGTH = 4
const MAX_PREFIXES = 4

/**
 * All datasets if they fit a page. In a larger catalog, those that the API finds by all words, and by
 * the beginnings of the longest ones.
 */
export async function loadCandidates(
  client: CatalogClient,
  words: readonly string[],
  signal: AbortSignal,
): Promise<Dataset[]> {
  if (words.length === 0) return []
  const all = await client.listDatasets({ 'page[size]': MAX_PAGE_SIZE }, { signal })
  if (Number(all.meta.total_pages) <= 1) return all.data
  const pages = await Promise.all(
    [words.join(' ').slice(0, MAX_SEARCH_LENGTH), ...prefixesOf(words)].map((search) =>
      client.listDatasets({ search, 'page[size]': MAX_PAGE_SIZE }, { signal }),
    ),
  )
  const found = pages.flatMap(({ data }) => data)
  return [...new Map(found.map((dataset) => [dataset.dataset, dataset])).values()]
}

function prefixesOf(words: readonly string[]): string[] {
  const longest = words.toSorted((a, b) => b.length - a.length)
  return [...new Set(longest.map((word) => word.slice(0, PREFIX_LENGTH)))].slice(0, MAX_PREFIXES)
}
