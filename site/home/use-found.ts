/** The datasets that match a search: found here, or by the API if the catalog is large. */

import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import type { Dataset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { MAX_PAGE_SIZE } from '../limits.ts'
import { rankDatasets, searchDatasets } from '../search/dataset-search.ts'
import type { Problem } from '../ui/problem.ts'
import { useLoaded } from '../ui/use-loaded.ts'
import type { Catalog } from './catalog-index.ts'

const PAUSE_MS = 250

export type Found = {
  /** The words that the rows match, joined by blanks. They can be behind those of the text. */
  search: string
  /** Undefined while nothing has been found yet. */
  rows: readonly Dataset[] | undefined
  total: number
  problem: Problem | undefined
  retry: () => void
  /** Loads the next page of matches. */
  loadMore: () => void
}

/** @param words of the search, in lower case */
export function useFound(catalog: Catalog | undefined, words: readonly string[]): Found {
  const search = words.join(' ')
  const remote = useRemoteFound(search, catalog !== undefined && !catalog.isWhole)
  const local = useMemo(
    () =>
      catalog?.isWhole
        ? searchDatasets(catalog.datasets, search.split(' ').filter(Boolean))
        : undefined,
    [catalog, search],
  )
  if (!local) return remote
  return { ...remote, search, rows: local, total: local.length }
}

function useRemoteFound(current: string, isNeeded: boolean): Found {
  const { client } = useApp()
  const search = useAfterPause(current)
  const [shown, setShown] = useState({ search, pages: 1 })
  const pages = shown.search === search ? shown.pages : 1

  const load = useCallback(
    async (signal: AbortSignal) => {
      if (!isNeeded) return undefined
      const numbers = Array.from({ length: pages }, (_, index) => index + 1)
      const answers = await Promise.all(
        numbers.map((number) =>
          client.listDatasets(
            { search, 'page[number]': number, 'page[size]': MAX_PAGE_SIZE },
            { signal },
          ),
        ),
      )
      const total = Number(answers[0]?.meta.total_items)
      const rows = answers.flatMap(({ data }) => data)
      // Ranking a part of the matches would hide that there are better ones on later pages.
      const isRanked = search !== '' && total <= MAX_PAGE_SIZE
      return { search, rows: isRanked ? rankDatasets(rows, search.split(' ')) : rows, total }
    },
    [client, search, pages, isNeeded],
  )
  const { value, problem, retry } = useLoaded(load)
  const loadMore = useCallback(() => setShown({ search, pages: pages + 1 }), [search, pages])
  return {
    search: value?.search ?? '',
    rows: value?.rows,
    total: value?.total ?? 0,
    problem,
    retry,
    loadMore,
  }
}

/** The text once it has stayed the same for a while. */
function useAfterPause(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
