/** A dataset: its versions, and the assets of the chosen one. */

import { useCallback } from 'preact/hooks'
import { useApp } from '../app.ts'
import { AssetDetail } from '../asset/asset-detail.tsx'
import { shortNames } from '../asset/asset-names.ts'
import { DetailPane } from '../ui/detail-pane.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import { Notice } from '../ui/notice.tsx'
import { TypeBadge } from '../ui/type-badge.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { useTitle } from '../ui/use-title.ts'
import type { DatasetView } from '../view.ts'

export function DatasetPage({ view }: { view: DatasetView }) {
  const { client, show } = useApp()
  const { dataset, version = 'latest', assetId } = view
  const page = useLoaded(
    useCallback(
      (signal) => client.listVersionAssets({ dataset, version, 'page[size]': 1000 }, { signal }),
      [client, dataset, version],
    ),
  )
  useTitle(dataset)
  const assets = page.value?.data ?? []
  const names = shortNames(assets)
  return (
    <div class="split">
      <div>
        <h1>{dataset}</h1>
        {page.problem && <Notice problem={page.problem} onRetry={page.retry} />}
        <ul>
          {assets.map((asset) => (
            <li key={asset.asset_id}>
              <LinkTo view={{ ...view, assetId: asset.asset_id }}>
                {names.get(asset.asset_id)}
              </LinkTo>{' '}
              <TypeBadge type={asset.asset_type} />
            </li>
          ))}
        </ul>
      </div>
      {assetId && (
        <DetailPane label="Asset" onClose={() => show({ ...view, assetId: undefined })}>
          <AssetDetail
            key={assetId}
            assetId={assetId}
            listed={assets.find((asset) => asset.asset_id === assetId)}
          />
        </DetailPane>
      )}
    </div>
  )
}
