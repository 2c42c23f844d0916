/** Two versions side by side: their assets, and the fields of assets that both have. */

import type { Asset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { Notice } from '../ui/notice.tsx'
import type { DatasetView } from '../view.ts'
import { AssetLink } from './asset-link.tsx'
import { comparePairs, type Pair, type TypeComparison } from './compare-versions.ts'
import { FieldChanges } from './field-changes.tsx'
import type { AssetSet, DatasetContent } from './load-dataset.ts'
import { PartNote } from './part-note.tsx'
import { useVersionAssets } from './use-version-assets.ts'

type Props = {
  content: DatasetContent
  /** The assets of the chosen version. */
  set: AssetSet
  chosen: string
  other: string
  view: DatasetView
}

export function Comparison({ content, set, chosen, other, view }: Props) {
  const { set: otherSet, problem, retry } = useVersionAssets(content, other)
  const { show } = useApp()
  const { onlyDifferences: isBrief = false } = view
  if (problem) return <Notice problem={problem} onRetry={retry} />
  if (!otherSet) return <span class="skeleton block" />
  const { versions } = content
  const isOlder = versions.indexOf(other) > versions.indexOf(chosen)
  const [older, newer] = isOlder ? [other, chosen] : [chosen, other]
  const [before, after] = isOlder ? [otherSet, set] : [set, otherSet]
  const types = comparePairs(before.assets, after.assets)
  const pairs = types.flatMap((type) => type.pairs)
  const part = { dataset: content.dataset, use: 'compared, so others can seem added or removed' }
  return (
    <>
      <PartNote {...part} version={older} set={before} />
      <PartNote {...part} version={newer} set={after} />
      <div class="actions">
        <p role="status">{summary(pairs)}</p>
        <label class="end plain">
          <input
            type="checkbox"
            checked={isBrief}
            onChange={() => show({ ...view, onlyDifferences: !isBrief }, { replace: true })}
          />{' '}
          Only differences
        </label>
      </div>
      <table class="comparison">
        <caption class="visually-hidden">
          Assets of {older} and {newer}
        </caption>
        <thead>
          <tr>
            <th scope="col">{older}</th>
            <th scope="col">{newer}</th>
            <th scope="col">
              <span class="visually-hidden">Change</span>
            </th>
          </tr>
        </thead>
        {types.map((type) => (
          <TypeRows key={type.type} {...type} view={view} isBrief={isBrief} />
        ))}
      </table>
      {types.map(({ type, pairs }) =>
        pairs.map((pair) => (
          <FieldChanges
            key={`${pair.older?.asset_id} ${pair.newer?.asset_id}`}
            {...{ type, pair, older, newer, isBrief }}
          />
        )),
      )}
    </>
  )
}

type TypeRowsProps = TypeComparison & { view: DatasetView; isBrief: boolean }

function TypeRows({ type, pairs, view, isBrief }: TypeRowsProps) {
  const shown = isBrief ? pairs.filter((pair) => changeOf(pair) !== '') : pairs
  if (shown.length === 0) return null
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={3}>
          {type}
        </th>
      </tr>
      {shown.map((pair) => (
        <tr key={`${pair.older?.asset_id} ${pair.newer?.asset_id}`}>
          <Cell asset={pair.older} name={pair.olderName} view={view} />
          <Cell asset={pair.newer} name={pair.newerName} view={view} />
          <td>
            {changeOf(pair) && <span class={`badge ${changeOf(pair)}`}>{changeOf(pair)}</span>}
          </td>
        </tr>
      ))}
    </tbody>
  )
}

type CellProps = { asset: Asset | undefined; name: string; view: DatasetView }

function Cell({ asset, name, view }: CellProps) {
  if (!asset) return <td class="muted">–</td>
  const { asset_id: assetId } = asset
  return (
    <td data-asset={assetId}>
      <AssetLink assetId={assetId} name={name} view={view} />
    </td>
  )
}

function changeOf({ older, newer }: Pair): 'added' | 'removed' | '' {
  if (older && newer) return ''
  return newer ? 'added' : 'removed'
}

function summary(pairs: Pair[]): string {
  const counts = Object.groupBy(pairs, changeOf)
  const added = counts.added?.length ?? 0
  const removed = counts.removed?.length ?? 0
  return `${added} added, ${removed} removed, ${pairs.length - added - removed} in both.`
}
