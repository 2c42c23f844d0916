/** What to do if no dataset matches. */

import { formatNumber } from '../ui/count.ts'
import type { Catalog } from './catalog-index.ts'
import { searchDatasets, toWords } from './dataset-search.ts'
import { closestWords } from './spelling.ts'
import type { Filters } from './use-filtered.ts'

type Props = {
  catalog: Catalog
  words: readonly string[]
  /** How many datasets match the search without the filters. */
  totalUnfiltered: number
  onSearch: (text: string) => void
  onFilters: (filters: Filters) => void
}

export function NoMatch({ catalog, words, totalUnfiltered, onSearch, onFilters }: Props) {
  if (totalUnfiltered > 0) {
    return (
      <section class="no-match">
        <h2>No dataset passes the filters</h2>
        <p>
          {formatNumber(totalUnfiltered)} {totalUnfiltered === 1 ? 'matches' : 'match'} without
          them.
        </p>
        <p class="actions">
          <button type="button" class="primary" onClick={() => onFilters({})}>
            Clear the filters
          </button>
        </p>
      </section>
    )
  }
  return (
    <section class="no-match">
      <h2>No dataset has “{words.join(' ')}” in its name</h2>
      <p>The search looks for every word in the names of datasets.</p>
      <p class="actions">
        {suggestions(catalog, words).map(({ text, label }) => (
          <button key={text} type="button" onClick={() => onSearch(text)}>
            {label}
          </button>
        ))}
        <button type="button" class="primary" onClick={() => onSearch('')}>
          Show all datasets
        </button>
      </p>
    </section>
  )
}

type Suggestion = { text: string; label: string }

/** The search as it may have been meant, and each of its words alone. */
function suggestions({ datasets, isWhole }: Catalog, words: readonly string[]): Suggestion[] {
  const meant = isWhole ? closestWords(words, datasets) : words
  const single =
    meant.length > 1 ? meant.map((word) => ({ text: word, label: `Only “${word}”` })) : []
  const search = meant.join(' ')
  return [{ text: search, label: `Did you mean “${search}”?` }, ...single].filter(
    ({ text }) =>
      text !== words.join(' ') && (!isWhole || searchDatasets(datasets, toWords(text)).length > 0),
  )
}
