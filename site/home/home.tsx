/** The datasets of the catalog, and the search for them. */

import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Dataset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { TOO_MANY } from '../read-pages.ts'
import { toWords } from '../search/dataset-search.ts'
import { Notice } from '../ui/notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import type { HomeView } from '../view.ts'
import { loadCatalog, loadMapped, loadTypes } from './catalog-index.ts'
import { CatalogSize } from './catalog-size.tsx'
import { FilterBar } from './filters.tsx'
import { Results } from './results.tsx'
import { SearchBox } from './search-box.tsx'
import { type Filters, useFiltered } from './use-filtered.ts'
import { useFound } from './use-found.ts'
import { remembered, useRemembered } from './use-remembered.ts'
import { useSearchText } from './use-search-text.ts'
import { walkRows } from './walk-rows.ts'

const CATALOG = remembered(loadCatalog)
const TYPES = remembered(loadTypes)
const MAPPED = remembered(loadMapped)

export function Home({ view }: { view: HomeView }) {
  const { show } = useApp()
  const { type, hasMap } = view
  const { text, setText, flush } = useSearchText(view)
  const words = useMemo(() => toWords(text), [text])

  const catalog = useRemembered(CATALOG)
  const types = useRemembered(TYPES)
  // Later: most readers look at the latest version.
  const mapped = useRemembered(MAPPED, isRead(types.value))
  const index = useMemo(
    () => ({
      types: isRead(types.value) ? types.value : undefined,
      isTypesLoading: types.value === undefined,
      mapped: isRead(mapped.value) ? mapped.value : undefined,
      isMappedLoading: isRead(types.value) && mapped.value === undefined,
    }),
    [types.value, mapped.value],
  )
  const found = useFound(catalog.value, words)
  const isComplete = found.rows?.length === found.total
  const filtered = useFiltered(found.rows, isComplete, { type, hasMap }, index)
  const isCurrent = found.search === words.join(' ')
  const box = useRef<HTMLDivElement>(null)
  const openFirst = useOpenFirst(isCurrent ? filtered.rows : undefined)
  useTitle(view.search ? `${view.search} · Datasets` : 'Datasets')

  function changeFilters(filters: Filters) {
    const search = text.trim() || undefined
    show({ page: 'home', search, ...filters }, { replace: true })
  }

  function search(next: string) {
    setText(next)
    box.current?.querySelector('input')?.focus()
  }

  const failed = [catalog, found, types, mapped, filtered].find(({ problem }) => problem)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: handles the keys of the elements inside
    <div class="home" onKeyDown={walkRows}>
      <h1>Global Forest Watch datasets</h1>
      <CatalogSize catalog={catalog.value} />
      <div ref={box} class="home-search">
        <SearchBox
          text={text}
          onText={setText}
          onBlur={flush}
          onOpen={() => {
            flush()
            if (words.length > 0) openFirst()
          }}
        />
        <FilterBar
          filters={{ type, hasMap }}
          rows={found.rows ?? []}
          index={index}
          onChange={changeFilters}
        />
      </div>
      {failed?.problem && <Notice problem={failed.problem} onRetry={failed.retry} />}
      <Results
        catalog={catalog.value}
        found={found}
        filtered={filtered}
        filters={{ type, hasMap }}
        index={index}
        isCurrent={isCurrent}
        isFailed={failed !== undefined}
        onSearch={search}
        onFilters={changeFilters}
      />
    </div>
  )
}

function isRead<Value>(value: Value | typeof TOO_MANY | undefined): value is Value {
  return value !== undefined && value !== TOO_MANY
}

/** Opens the first dataset, if there is one: at once, or when the rows have been found. */
function useOpenFirst(rows: readonly Dataset[] | undefined): () => void {
  const { show } = useApp()
  const isWaiting = useRef(false)
  function open() {
    isWaiting.current = rows === undefined
    const first = rows?.[0]
    if (first) show({ page: 'dataset', dataset: first.dataset })
  }
  useEffect(() => {
    if (isWaiting.current) open()
  })
  useEffect(() => {
    // Another key means that the reader went on.
    const stop = () => {
      isWaiting.current = false
    }
    addEventListener('input', stop)
    return () => removeEventListener('input', stop)
  }, [])
  return open
}
