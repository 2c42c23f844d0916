/** The list of datasets: by prefix, or the best match first if there is a search. */

import { useMemo } from 'preact/hooks'
import type { Dataset } from '../../packages/client/src/client.ts'
import type { AssetType } from '../../src/api/asset-types.ts'
import { groupByPrefix } from './dataset-groups.ts'
import { DatasetRow } from './dataset-row.tsx'
import type { Index } from './use-filtered.ts'

const NO_TYPES: readonly AssetType[] = []

type Props = {
  rows: readonly Dataset[]
  /** The words that the rows match, joined by blanks. */
  search: string
  index: Index
  /** More rows can follow, so that single ones may not be single. */
  isPart: boolean
}

export function DatasetList({ rows, search, index, isPart }: Props) {
  const words = useMemo(() => search.split(' ').filter(Boolean), [search])
  const groups = useMemo(
    () => (search === '' ? groupByPrefix(rows, isPart ? 1 : undefined) : []),
    [rows, search, isPart],
  )
  if (search !== '') {
    return (
      <ul class="dataset-list" aria-label="Datasets, the best match first">
        <Rows rows={rows} words={words} index={index} />
      </ul>
    )
  }
  return groups.map(({ prefix = 'Other', items }) => (
    <section key={prefix} class="dataset-group" aria-labelledby={`group-${prefix}`}>
      <h2 id={`group-${prefix}`}>
        {prefix} <small>{items.length}</small>
      </h2>
      <ul class="dataset-list">
        <Rows rows={items} words={words} index={index} />
      </ul>
    </section>
  ))
}

type RowsProps = Pick<Props, 'rows' | 'index'> & { words: readonly string[] }

/** The items of a list of datasets. */
export function Rows({ rows, words, index: { types, mapped, isTypesLoading } }: RowsProps) {
  return rows.map((row) => {
    const { dataset, versions, latest } = row
    const newest = versions.findLast((version) => mapped?.get(dataset)?.has(version))
    return (
      <DatasetRow
        key={dataset}
        dataset={row}
        words={words}
        types={types && (types.get(dataset) ?? NO_TYPES)}
        isLoading={isTypesLoading}
        mapVersion={newest === latest ? undefined : newest}
      />
    )
  })
}
