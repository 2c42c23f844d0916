/** The chosen version: whether it has a map, and its assets or how they differ from another's. */

import { LinkTo } from '../ui/link-to.tsx'
import { Notice } from '../ui/notice.tsx'
import type { DatasetView } from '../view.ts'
import { AssetGroups } from './asset-groups.tsx'
import { CompareChoice } from './compare-choice.tsx'
import { Comparison } from './comparison.tsx'
import type { AssetSet, DatasetContent } from './load-dataset.ts'
import { useVersionAssets } from './use-version-assets.ts'
import { mapOf, newestMap } from './version-assets.ts'

type Props = { content: DatasetContent; view: DatasetView; chosen: string }

export function ChosenVersion({ content, view, chosen }: Props) {
  const { set, problem, retry } = useVersionAssets(content, chosen)
  const { versions } = content
  const other = versions.find((version) => version === view.compare && version !== chosen)
  return (
    <section class="chosen-version" aria-labelledby="assets">
      <div class="actions">
        <h2 id="assets">{other ? `${chosen} compared with ${other}` : `Assets of ${chosen}`}</h2>
        {versions.length > 1 && <CompareChoice {...{ versions, chosen, other, view }} />}
      </div>
      {problem && <Notice problem={problem} onRetry={retry} />}
      {!set && !problem && <span class="skeleton block" />}
      {set && other && <Comparison {...{ content, set, chosen, other, view }} />}
      {set && !other && (
        <>
          <NoMap content={content} set={set} chosen={chosen} />
          <AssetGroups set={set} view={view} />
          {set.total === 0 && <p>No assets are recorded for this version.</p>}
          {set.total > set.assets.length && <Rest {...{ content, set, chosen }} />}
        </>
      )}
    </section>
  )
}

type PartProps = { content: DatasetContent; set: AssetSet; chosen: string }

/** Leads to the newest version with a map if this one has none. */
function NoMap({ content: { dataset, versions, whole }, set, chosen }: PartProps) {
  if (!whole || mapOf(set.assets, set.defaultIds)) return null
  const map = newestMap(versions, whole.assets, whole.defaultIds)
  if (!map) return null
  const { version, asset_id: assetId } = map
  return (
    <p class="note">
      No map in {chosen}. The newest with a map is{' '}
      <LinkTo view={{ page: 'dataset', dataset, version, assetId }}>{version}</LinkTo>.
    </p>
  )
}

/** Leads to the listing, which has pages. */
function Rest({ content: { dataset }, set, chosen }: PartProps) {
  return (
    <p class="note">
      These are the first {set.assets.length} of {set.total} assets.{' '}
      <LinkTo view={{ page: 'assets', query: { dataset, version: chosen } }}>See all</LinkTo>.
    </p>
  )
}
