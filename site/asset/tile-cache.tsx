/** The map of a tile cache, its TileJSON, and map sources to copy. */

import { useCallback } from 'preact/hooks'
import type { Asset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { MapPreview } from '../map/map-preview.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Notice } from '../ui/notice.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { latestTileJsonUrl, mapLibreSnippet } from './snippets.ts'

type Props = { asset: Asset }

export function TileCache({ asset }: Props) {
  const { client } = useApp()
  const { asset_id: id, metadata } = asset
  const {
    value: tileJson,
    problem,
    retry,
  } = useLoaded(useCallback((signal) => client.tileJson(id, { signal }), [client, id]))
  if (problem) return <Notice problem={problem} onRetry={retry} />
  if (!tileJson) return <p role="status">Loading the TileJSON…</p>
  const fields = 'fields' in metadata ? (metadata.fields ?? []) : []
  return (
    <>
      <MapPreview tileJson={tileJson} fields={fields} />
      <details>
        <summary>Open TileJSON</summary>
        <Copyable label="TileJSON" text={JSON.stringify(tileJson, null, 2)} />
      </details>
      <Copyable label="MapLibre source" text={mapLibreSnippet(tileJson)} />
      <LatestSource asset={asset} />
    </>
  )
}

/** Shown if the latest version has one tile cache of this type: with several, the URL answers 409. */
function LatestSource({ asset }: Props) {
  const { client } = useApp()
  const { dataset, asset_type } = asset
  const { value: latest } = useLoaded(
    useCallback(
      (signal) => {
        const only = { version: 'latest', status: 'saved', 'page[size]': 1 } as const
        return client.listAssets({ dataset, asset_type, ...only }, { signal })
      },
      [client, dataset, asset_type],
    ),
  )
  if (latest?.meta.total_items !== '1') return null
  return (
    <Copyable
      label="Map source URL of the latest version"
      text={latestTileJsonUrl(location.origin, asset)}
    />
  )
}
