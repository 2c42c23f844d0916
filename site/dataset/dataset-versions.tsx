/** The page of a dataset that exists. */

import { useCallback, useMemo } from 'preact/hooks'
import { useApp } from '../app.ts'
import { AssetDetail } from '../asset/asset-detail.tsx'
import { DetailPane } from '../ui/detail-pane.tsx'
import { useMedia } from '../ui/use-media.ts'
import { useWalk } from '../ui/use-walk.ts'
import type { DatasetView } from '../view.ts'
import { ChosenVersion } from './chosen-version.tsx'
import { counterpart } from './compare-versions.ts'
import { DatasetHeader } from './dataset-header.tsx'
import type { DatasetContent } from './load-dataset.ts'
import { UnknownVersion } from './unknown-version.tsx'
import { VersionList } from './version-list.tsx'

/** Enough room for the versions beside the assets; with an open asset, for three columns. */
const TWO_COLUMNS = '(min-width: 48rem)'
const THREE_COLUMNS = '(min-width: 84rem)'

type Props = { content: DatasetContent; view: DatasetView }

export function DatasetVersions({ content, view }: Props) {
  const { show } = useApp()
  const { assetId } = view
  const isColumn = useMedia(assetId ? THREE_COLUMNS : TWO_COLUMNS)
  const close = useCallback(() => show({ ...view, assetId: undefined }), [show, view])
  const open = useCallback(
    (id: string) => show({ ...view, assetId: id }, { replace: true }),
    [show, view],
  )
  const list = useWalk<HTMLDivElement>({ assetId, onOpen: open, onClose: close })

  const { dataset, versions, whole } = content
  const asset = whole?.assets.find((candidate) => candidate.asset_id === assetId)
  const chosen = chosenVersion(content, view, asset?.version)
  const byVersion = useMemo(
    () => Map.groupBy(whole?.assets ?? [], ({ version }) => version),
    [whole],
  )
  const siblings = asset && byVersion.get(asset.version)

  /** Another version shows the same asset, if it has it. */
  function viewOf(version: string): DatasetView {
    const others = byVersion.get(version) ?? []
    const same = asset && siblings && counterpart(asset, siblings, others)
    return { page: 'dataset', dataset, version, assetId: same?.asset_id }
  }

  return (
    <div class="split">
      <div class="dataset">
        <DatasetHeader {...{ content, view, chosen, asset, siblings }} />
        <div class={isColumn ? 'dataset-columns' : 'dataset-rows'}>
          <VersionList {...{ content, byVersion, chosen, viewOf, isColumn }} />
          <div ref={list}>
            {versions.includes(chosen) ? (
              <ChosenVersion key={chosen} content={content} view={view} chosen={chosen} />
            ) : (
              <UnknownVersion content={content} version={chosen} />
            )}
          </div>
        </div>
      </div>
      {assetId && (
        <DetailPane label="Asset" onClose={close}>
          <AssetDetail key={assetId} assetId={assetId} listed={asset} ofVersion={siblings} />
        </DetailPane>
      )}
    </div>
  )
}

/** The version of the URL, or else that of the open asset, or else the latest. */
function chosenVersion(
  { latest = '' }: DatasetContent,
  { version }: DatasetView,
  ofAsset: string | undefined,
): string {
  if (version === undefined) return ofAsset ?? latest
  return version === 'latest' ? latest : version
}
