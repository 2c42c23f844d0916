/** An asset: its URI, its map, how to use it, what is recorded of it, and the rest of its version. */

import { useCallback } from 'preact/hooks'
import type { Asset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { readFirstPage } from '../read-pages.ts'
import { BreakableName } from '../ui/breakable-name.tsx'
import { Notice } from '../ui/notice.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { TypeBadge } from '../ui/type-badge.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { useTitle } from '../ui/use-title.ts'
import { AssetMap } from './asset-map.tsx'
import { meaningOf, shortNames } from './asset-names.ts'
import { AssetProperties } from './asset-properties.tsx'
import { AssetSkeleton, RecipeSkeleton } from './asset-skeleton.tsx'
import { AssetUri } from './asset-uri.tsx'
import { BandTable } from './bands.tsx'
import { FieldTable } from './fields.tsx'
import { RecipeTabs } from './recipe-tabs.tsx'
import { SiblingAssets } from './sibling-assets.tsx'
import { noMapReason } from './tiles.ts'

type Props = {
  assetId: string
  /** The asset, if it is on the current page of the listing. */
  listed: Asset | undefined
  /** The assets of its version, if they are loaded. */
  ofVersion?: readonly Asset[] | undefined
}

export function AssetDetail({ assetId, listed, ofVersion }: Props) {
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
  const shown = asset ?? listed
  if (problem) return <Notice problem={problem} onRetry={retry} />
  if (!shown) return <AssetSkeleton />
  return <Details asset={shown} ofVersion={ofVersion} />
}

type DetailsProps = { asset: Asset; ofVersion: readonly Asset[] | undefined }

function Details({ asset, ofVersion }: DetailsProps) {
  const { dataset, version, asset_type: type, status, metadata } = asset
  const siblings = useSiblings(asset, ofVersion)
  const tileJson = useTileJson(asset)
  const alike = siblings.filter((other) => other.asset_type === type)
  const name = shortNames(alike.length > 0 ? alike : [asset]).get(asset.asset_id) ?? ''
  useTitle(`${dataset} ${version} ${name}`)
  return (
    <article class="asset">
      <header>
        <h2>
          <BreakableName name={dataset} /> <span class="version">{version}</span>
        </h2>
        <p class="asset-badges">
          <TypeBadge type={type} />
          <code>{name}</code>
          <span class="muted">{meaningOf(name)}</span>
          <StatusBadge status={status} />
        </p>
      </header>
      <AssetUri asset={asset} />
      <AssetMap asset={asset} tileJson={tileJson} siblings={siblings} />
      <section>
        <h3>Use</h3>
        {tileJson.isLoading && !tileJson.value && !noMapReason(asset) ? (
          <RecipeSkeleton />
        ) : (
          <RecipeTabs asset={asset} tileJson={tileJson.value} />
        )}
      </section>
      {'fields' in metadata && <FieldTable fields={metadata.fields ?? []} />}
      {'bands' in metadata && <BandTable bands={metadata.bands ?? []} />}
      <AssetProperties asset={asset} />
      <SiblingAssets asset={asset} siblings={siblings} />
    </article>
  )
}

/** The assets of the same version, the asset itself among them. */
function useSiblings(
  { dataset, version }: Asset,
  ofVersion: readonly Asset[] | undefined,
): readonly Asset[] {
  const { client } = useApp()
  const { value } = useLoaded(
    useCallback(
      async (signal) =>
        ofVersion ? undefined : readFirstPage(client, { dataset, version }, signal),
      [client, dataset, version, ofVersion],
    ),
  )
  return ofVersion ?? value?.data ?? []
}

/** Loads nothing for an asset without a map. */
function useTileJson(asset: Asset) {
  const { client } = useApp()
  const { asset_id: id } = asset
  const hasMap = !noMapReason(asset)
  return useLoaded(
    useCallback(
      async (signal) => (hasMap ? client.tileJson(id, { signal }) : undefined),
      [client, id, hasMap],
    ),
  )
}
