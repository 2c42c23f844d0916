/** The map of a tile cache, or why there is none and which tile caches of the version have one. */

import { Fragment } from 'preact'
import type { Asset, TileJson } from '../../packages/client/src/client.ts'
import { MapPreview } from '../map/map-preview.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import { Notice } from '../ui/notice.tsx'
import type { Loaded } from '../ui/use-loaded.ts'
import { shortNames } from './asset-names.ts'
import { isVector, kindOf } from './asset-type.ts'
import { noMapReason } from './tiles.ts'

type Props = {
  asset: Asset
  tileJson: Loaded<TileJson | undefined>
  /** The assets of its version. */
  siblings: readonly Asset[]
}

export function AssetMap({ asset, tileJson, siblings }: Props) {
  const reason = noMapReason(asset)
  if (reason) return <NoMap reason={reason} siblings={siblings} />
  const { value, problem, retry } = tileJson
  if (problem && !value) return <Notice problem={problem} onRetry={retry} />
  const { metadata } = asset
  const fields = 'fields' in metadata ? (metadata.fields ?? []) : []
  return <MapPreview tileJson={value} isVector={isVector(asset.asset_type)} fields={fields} />
}

function NoMap({ reason, siblings }: { reason: string; siblings: readonly Asset[] }) {
  const drawn = siblings.filter(
    (other) => kindOf(other.asset_type) === 'tiles' && !noMapReason(other),
  )
  const names = shortNames(drawn)
  return (
    <div class="no-map">
      <p>{reason}</p>
      {drawn.length > 0 && (
        <p>
          On the map:{' '}
          {drawn.map(({ asset_id: id, dataset, version, asset_type: type }, index) => (
            <Fragment key={id}>
              {index > 0 && ', '}
              <LinkTo view={{ page: 'dataset', dataset, version, assetId: id }}>
                {type} <code>{names.get(id)}</code>
              </LinkTo>
            </Fragment>
          ))}
        </p>
      )}
    </div>
  )
}
