/** Text to copy: an asset in other people's tools. The token is theirs to fill in. Pure. */

import type { Asset, TileJson } from '../packages/client/src/client.ts'

/** The API's answer of the asset, on the command line. */
export function curlSnippet(origin: string, { asset_id: id }: Asset): string {
  return `curl -s -H "Authorization: Bearer $TOKEN" '${origin}/asset/${id}'`
}

/** The asset, in Python with requests. */
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

/** A MapLibre source that needs no token: what TileJSON says, written out. */
export function mapLibreSnippet({
  name,
  tiles,
  minzoom,
  maxzoom,
  vector_layers,
}: TileJson): string {
  const source = { type: vector_layers ? 'vector' : 'raster', tiles, minzoom, maxzoom }
  const options = vector_layers ? source : { ...source, tileSize: 256 }
  return `map.addSource(${JSON.stringify(name)}, ${JSON.stringify(options, null, 2)})`
}
