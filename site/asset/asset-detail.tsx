/** An asset: its URI, its map, how to use it, and its metadata. */

import { useCallback } from 'preact/hooks'
import type { Asset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { Copyable } from '../ui/copyable.tsx'
import { Notice } from '../ui/notice.tsx'
import { TypeBadge } from '../ui/type-badge.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { useTitle } from '../ui/use-title.ts'
import { AssetProperties } from './asset-properties.tsx'
import { BandTable } from './bands.tsx'
import { FieldTable } from './fields.tsx'
import { curlSnippet, pythonSnippet } from './snippets.ts'
import { TileCache } from './tile-cache.tsx'
import { noMapReason } from './tiles.ts'

type Props = {
  assetId: string
  /** The asset, if it is on the current page of the listing. */
  listed: Asset | undefined
}

export function AssetDetail({ assetId, listed }: Props) {
  const { client } = useApp()
  const {
    value: asset,
    problem,
    retry,
  } = useLoaded(
    useCallback(
      async (signal) => listed ?? client.getAsset(assetId, { signal }),
      [client, assetId, listed],
    ),
  )
  useTitle(asset ? `${asset.dataset} ${asset.version}` : 'Asset')
  if (problem) return <Notice problem={problem} onRetry={retry} />
  if (!asset) return <p role="status">Loading…</p>
  return <Details asset={asset} />
}

function Details({ asset }: { asset: Asset }) {
  const { metadata } = asset
  const { origin } = location
  const reason = noMapReason(asset)
  return (
    <>
      <h2>
        {asset.dataset} {asset.version}
      </h2>
      <p>
        <TypeBadge type={asset.asset_type} />
      </p>
      <Copyable label="Asset URI" text={asset.asset_uri} />
      {reason ? <p class="no-map">{reason}</p> : <TileCache asset={asset} />}
      <AssetProperties asset={asset} />
      {'fields' in metadata && <FieldTable fields={metadata.fields ?? []} />}
      {'bands' in metadata && <BandTable bands={metadata.bands ?? []} />}
      <h3>Use this asset</h3>
      <Copyable label="curl" text={curlSnippet(origin, asset)} />
      <Copyable label="Python" text={pythonSnippet(origin, asset)} />
    </>
  )
}
