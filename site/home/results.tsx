/** How many datasets match, the list of them, and what to do if there are none or too many. */

import { useEffect, useRef } from 'preact/hooks'
import { count, formatNumber } from '../ui/count.ts'
import { LinkTo } from '../ui/link-to.tsx'
import type { Catalog } from './catalog-index.ts'
import { DatasetList } from './dataset-list.tsx'
import { NoMatch } from './no-match.tsx'
import { type Filtered, type Filters, type Index, MAX_READ } from './use-filtered.ts'
import type { Found } from './use-found.ts'

const SKELETON_ROWS = 16

type Props = {
  catalog: Catalog | undefined
  found: Found
  filtered: Filtered
  filters: Filters
  index: Index
  /** The rows match what the box says now. */
  isCurrent: boolean
  /** A notice says what could not be loaded. */
  isFailed: boolean
  onSearch: (text: string) => void
  onFilters: (filters: Filters) => void
}

export function Results(props: Props) {
  const { catalog, found, filtered, filters, index, isCurrent, isFailed } = props
  const { rows } = filtered
  const { results, focusNext } = useFocusNext(rows?.length ?? 0)
  const isPart = found.rows !== undefined && found.rows.length < found.total

  function showMore() {
    focusNext()
    found.loadMore()
  }

  return (
    <div ref={results} class="home-results">
      <p role="status">{rows && catalog && describe(rows.length, found, catalog)}</p>
      {filtered.isTooMany && <TooMany total={found.total} filters={filters} />}
      {!rows && !isFailed && <Skeleton />}
      {rows && catalog && rows.length === 0 && isCurrent && (
        <NoMatch
          catalog={catalog}
          search={found.search}
          index={index}
          totalUnfiltered={found.total}
          onSearch={props.onSearch}
          onFilters={props.onFilters}
        />
      )}
      {rows && (
        <div class={isCurrent ? '' : 'dimmed'}>
          <DatasetList rows={rows} search={found.search} index={index} isPart={isPart} />
        </div>
      )}
      {rows && isPart && (
        <p class="actions">
          <button type="button" onClick={showMore}>
            Show more
          </button>
        </p>
      )}
    </div>
  )
}

/** Moves the focus to the first new row once there are more, because the button moves away or goes. */
function useFocusNext(count: number) {
  const results = useRef<HTMLDivElement>(null)
  const next = useRef(Number.POSITIVE_INFINITY)
  useEffect(() => {
    if (count <= next.current) return
    results.current?.querySelectorAll<HTMLElement>('.row-link')[next.current]?.focus()
    next.current = Number.POSITIVE_INFINITY
  }, [count])
  function focusNext() {
    next.current = count
  }
  return { results, focusNext }
}

function describe(shown: number, { rows = [], total }: Found, catalog: Catalog): string {
  if (rows.length < total) {
    return `The first ${formatNumber(shown)} of ${count(total, 'dataset')}`
  }
  if (shown === catalog.totalDatasets) return `All ${count(shown, 'dataset')}`
  return `${formatNumber(shown)} of ${count(catalog.totalDatasets, 'dataset')}`
}

/** Types of so many datasets would take too many requests. */
function TooMany({ total, filters: { type, hasMap } }: { total: number; filters: Filters }) {
  return (
    <div class="too-many">
      <p>
        {count(total, 'dataset')} match, too many to read their types. The filters apply once a
        search leaves at most {MAX_READ}.
      </p>
      {type && (
        <p>
          <LinkTo view={{ page: 'assets', query: { asset_type: type, is_latest: 'true' } }}>
            All assets of type {type}
          </LinkTo>
        </p>
      )}
      {hasMap && !type && (
        <p>
          <LinkTo
            view={{ page: 'assets', query: { asset_type: 'Raster tile cache', is_latest: 'true' } }}
          >
            All raster tile caches
          </LinkTo>
        </p>
      )}
    </div>
  )
}

function Skeleton() {
  return (
    <ul class="dataset-list" aria-hidden="true">
      {Array.from({ length: SKELETON_ROWS }, (_, index) => (
        <li key={index} class="dataset-row">
          <span class="skeleton" />
        </li>
      ))}
    </ul>
  )
}
