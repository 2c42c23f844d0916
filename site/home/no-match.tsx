/** What to do if no dataset matches. */

import { useMemo } from 'preact/hooks'
import { toWords } from '../search/dataset-search.ts'
import { findSimilar } from '../search/similar-datasets.ts'
import { useCandidates } from '../search/use-similar.ts'
import { formatNumber } from '../ui/count.ts'
import type { Catalog } from './catalog-index.ts'
import { Rows } from './dataset-list.tsx'
import type { Filters, Index } from './use-filtered.ts'

type Props = {
  catalog: Catalog
  /** The words that no dataset has, joined by blanks. */
  search: string
  index: Index
  /** How many datasets match the search without the filters. */
  totalUnfiltered: number
  onSearch: (text: string) => void
  onFilters: (filters: Filters) => void
}

export function NoMatch(props: Props) {
  return props.totalUnfiltered > 0 ? <NoneFiltered {...props} /> : <NoneFound {...props} />
}

function NoneFiltered({ totalUnfiltered, onFilters }: Props) {
  return (
    <section class="no-match">
      <h2>No dataset passes the filters</h2>
      <p>
        {formatNumber(totalUnfiltered)} {totalUnfiltered === 1 ? 'matches' : 'match'} without them.
      </p>
      <p class="actions">
        <button type="button" class="primary" onClick={() => onFilters({})}>
          Clear the filters
        </button>
      </p>
    </section>
  )
}

function NoneFound({ catalog: { datasets, isWhole }, search, index, onSearch }: Props) {
  const words = useMemo(() => toWords(search), [search])
  const found = useCandidates(isWhole ? NO_WORDS : words)
  const candidates = isWhole ? datasets : found
  const { searches, similar, marked } = useMemo(() => {
    const { searches, datasets: similar } = findSimilar(words, candidates ?? [])
    return {
      searches,
      similar,
      marked: toWords(searches.map(({ text }) => text).join(' ')),
    }
  }, [words, candidates])
  return (
    <section class="no-match">
      <h2>No dataset has “{search}” in its name</h2>
      <p>The search looks for every word in the names of datasets.</p>
      <p class="actions">
        {searches.map(({ text, hasAllWords }, place) => (
          <button
            key={text}
            type="button"
            class={place === 0 ? 'primary' : ''}
            onClick={() => onSearch(text)}
          >
            {hasAllWords ? `Did you mean “${text}”?` : `Only “${text}”`}
          </button>
        ))}
        <button
          type="button"
          class={searches.length === 0 ? 'primary' : ''}
          onClick={() => onSearch('')}
        >
          Show all datasets
        </button>
      </p>
      {similar.length > 0 && (
        <>
          <h3 id="similar">Datasets with similar names</h3>
          <ul aria-labelledby="similar">
            <Rows rows={similar} words={marked} index={index} />
          </ul>
        </>
      )}
    </section>
  )
}

const NO_WORDS: readonly string[] = []
