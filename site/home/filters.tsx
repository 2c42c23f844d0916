/** The filters of the list of datasets, which apply at once. */

import type { Dataset } from '../../packages/client/src/client.ts'
import { ORDERED_TYPES } from '../asset/asset-type.ts'
import { formatNumber } from '../ui/count.ts'
import { type Filters, type Index, matches } from './use-filtered.ts'

type Props = {
  filters: Filters
  /** The datasets that match the search. */
  rows: readonly Dataset[]
  index: Index
  onChange: (filters: Filters) => void
}

export function FilterBar({ filters, rows, index, onChange }: Props) {
  const { type, hasMap = false } = filters
  const isKnown = type === undefined || ORDERED_TYPES.some((known) => known === type)
  const types: readonly string[] = isKnown ? ORDERED_TYPES : [type, ...ORDERED_TYPES]
  const count = (counted: Filters) => countMatches(rows, counted, index)
  return (
    <fieldset class="filters">
      <legend class="visually-hidden">Filters</legend>
      <label>
        Type of the latest version{' '}
        <select
          value={type ?? ''}
          onChange={({ currentTarget }) =>
            onChange({ hasMap, type: currentTarget.value || undefined })
          }
        >
          <option value="">any</option>
          {types.map((name) => (
            <option key={name} value={name}>
              {name} {count({ type: name, hasMap })}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={hasMap}
          onChange={({ currentTarget }) => onChange({ type, hasMap: currentTarget.checked })}
        />{' '}
        Has a map <small>{count({ type, hasMap: true })}</small>
      </label>
    </fieldset>
  )
}

function countMatches(rows: readonly Dataset[], filters: Filters, index: Index): string {
  const { types, mapped } = index
  if (!types || (filters.hasMap && !mapped)) return ''
  const count = rows.filter((dataset) => matches(dataset, filters, types, mapped)).length
  return `(${formatNumber(count)})`
}
