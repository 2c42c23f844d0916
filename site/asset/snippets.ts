/** Snippets that use an asset in other tools. They read the token from the environment variable TOKEN. */

import type { Asset, TileJson } from '../../packages/client/src/client.ts'

export function curlSnippet(origin: string, { asset_id: id }: Asset): string {
  return `curl -s -H "Authorization: Bearer $TOKEN" '${origin}/asset/${id}'`
}

export function pythonSnippet(origin: string, { asset_id: id }: Asset): string {
  return `import os

import requests

answer = requests.get(
    "${origin}/asset/${id}",
    headers={"Authorization": f"Bearer {os.environ['TOKEN']}"},
    timeout=30,
)
answer.raise_for_status()
asset = answer.json()["data"]
print(asset["asset_uri"])`
}

/** A MapLibre source made from the TileJSON, because loading the TileJSON itself needs the token. */
export function mapLibreSnippet({
  name,
  tiles,
  minzoom,
  maxzoom,
  tileSize,
  vector_layers,
}: TileJson): string {
  const source = { type: vector_layers ? 'vector' : 'raster', tiles, minzoom, maxzoom, tileSize }
  return `map.addSource(${JSON.stringify(name)}, ${JSON.stringify(source, null, 2)})`
}

/** The TileJSON URL of the only tile cache of this type in the dataset's latest version. */
export function latestTileJsonUrl(origin: string, { dataset, asset_type }: Asset): string {
  return `${origin}/dataset/${dataset}/latest/tilejson.json?${new URLSearchParams({ asset_type })}`
}
