/** Leads from a version without a map to the newest one that has one. */

import { Fragment } from 'preact'
import { TILE_CACHE_TYPES } from '../../src/api/asset-types.ts'
import { TOO_MANY } from '../read-pages.ts'
import { LinkTo } from '../ui/link-to.tsx'
import type { AssetSet, DatasetContent } from './load-dataset.ts'
import { type NewestMap, useNewestMap } from './use-newest-map.ts'
import { mapOf } from './version-assets.ts'

type Props = { content: DatasetContent; set: AssetSet; chosen: string }

export function NoMap({ content, set, chosen }: Props) {
  const hasMap = mapOf(set.assets, set.defaultIds) !== undefined
  const newest = useNewestMap(content, !hasMap)
  const isLeftOut = newest === 'unknown' || (newest === 'none' && content.whole)
  if (hasMap || isLeftOut) return null
  return (
    <p class="note">
      <Answer newest={newest} dataset={content.dataset} chosen={chosen} />
    </p>
  )
}

type AnswerProps = {
  newest: Exclude<NewestMap, 'unknown'> | undefined
  dataset: string
  chosen: string
}

function Answer({ newest, dataset, chosen }: AnswerProps) {
  if (!newest) return <>Looking for the newest version with a map…</>
  if (newest === 'none') return <>No version has a map.</>
  if (newest === TOO_MANY) {
    return (
      <>
        No map among these assets. The dataset has too many tile caches to look for the newest here;
        list them:{' '}
        {TILE_CACHE_TYPES.map((type, index) => (
          <Fragment key={type}>
            {index > 0 && ', '}
            <LinkTo view={{ page: 'assets', query: { dataset, asset_type: type } }}>{type}</LinkTo>
          </Fragment>
        ))}
        .
      </>
    )
  }
  const { version, asset_id: assetId } = newest
  const link = <LinkTo view={{ page: 'dataset', dataset, version, assetId }}>{version}</LinkTo>
  // The version has more assets than are listed, and the map is one of the others.
  if (version === chosen) return <>No map among the assets listed here, but {link} has one.</>
  return (
    <>
      No map in {chosen}. The newest with a map is {link}.
    </>
  )
}
