/** Datasets whose names have the words of a text, as the API finds them. */

import { useEffect, useState } from 'preact/hooks'
import type { CatalogClient, Dataset } from '../../packages/client/src/client.ts'
import { MAX_SEARCH_LENGTH } from '../limits.ts'
import { rankDatasets, toWords } from '../search/dataset-search.ts'

/** How long typing has to rest before the API is asked, in ms. */
const REST_MS = 150
const MAX_SUGGESTIONS = 20

/** `text` is what was searched for. */
export type Suggestions = { text: string; datasets: Dataset[]; total: number }

/** The last suggestions stay while the next ones load. Nothing is asked while `text` is undefined. */
export function useSuggestions(
  client: CatalogClient,
  text: string | undefined,
): Suggestions | undefined {
  const [suggestions, setSuggestions] = useState<Suggestions>()

  useEffect(() => {
    if (text === undefined) {
      setSuggestions(undefined)
      return
    }
    const aborting = new AbortController()
    const timer = setTimeout(() => {
      suggest(client, text, aborting.signal).then(setSuggestions, () => {
        // Without suggestions the field still takes a name.
        if (!aborting.signal.aborted) setSuggestions({ text, datasets: [], total: 0 })
      })
    }, REST_MS)
    return () => {
      clearTimeout(timer)
      aborting.abort()
    }
  }, [client, text])

  return suggestions
}

/** The best matches first. */
async function suggest(
  client: CatalogClient,
  text: string,
  signal: AbortSignal,
): Promise<Suggestions> {
  const filters = { search: text.slice(0, MAX_SEARCH_LENGTH), 'page[size]': MAX_SUGGESTIONS }
  const { data, meta } = await client.listDatasets(filters, { signal })
  const words = toWords(text)
  return {
    text,
    datasets: words.length > 0 ? rankDatasets(data, words) : data,
    total: Number(meta.total_items),
  }
}
