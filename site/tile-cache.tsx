/** The map of a tile cache, its TileJSON, and a MapLibre source to copy. */

import { useCallback } from 'preact/hooks'
import type { Asset, CatalogClient } from '../packages/client/src/client.ts'
import { Copyable } from './copyable.tsx'
import { MapPreview } from './map-preview.tsx'
import { Notice } from './notice.tsx'
import { mapLibreSnippet } from './snippets.ts'
import { useLoaded } from './use-loaded.ts'

type Props = { client: CatalogClient; asset: Asset }

export function TileCache({ client, asset }: Props) {
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
    </>
  )
}
