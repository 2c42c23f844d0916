/** This API: how to read the asset, and the TileJSON of a tile cache. They take the token from TOKEN. */

import type { Asset, TileJson } from '../../../packages/client/src/client.ts'
import { blocks, type Recipe } from './recipe.ts'

export function catalogApiRecipe(origin: string, { asset_id: id }: Asset): Recipe {
  const url = `${origin}/asset/${id}`
  const python = `import os

import requests

answer = requests.get(
    "${url}",
    headers={"Authorization": f"Bearer {os.environ['TOKEN']}"},
    timeout=30,
)
answer.raise_for_status()
asset = answer.json()["data"]
print(asset["asset_uri"])`
  return {
    id: 'api',
    label: 'This API',
    blocks: [
      { label: 'curl', text: curl(url), note: 'TOKEN holds the token of this API.' },
      { label: 'Python', text: python },
    ],
  }
}

export function tileJsonRecipe(url: string, tileJson: TileJson, latestUrl?: string): Recipe {
  return {
    id: 'tilejson',
    label: 'TileJSON',
    blocks: blocks(
      {
        label: 'TileJSON',
        text: JSON.stringify(tileJson, null, 2),
        fileName: `${tileJson.name.replaceAll(' ', '-')}.json`,
      },
      {
        label: 'URL of this TileJSON',
        text: url,
        note: 'It needs the token of this API.',
      },
      latestUrl === undefined
        ? undefined
        : {
            label: 'URL of the latest version’s TileJSON',
            text: latestUrl,
            note: 'It stays the same when a new version is published. It needs the token of this API.',
          },
      { label: 'curl', text: curl(latestUrl ?? url) },
    ),
  }
}

/** The TileJSON URL of the only tile cache of this type in the dataset's latest version. */
export function latestTileJsonUrl(origin: string, { dataset, asset_type }: Asset): string {
  return `${origin}/dataset/${dataset}/latest/tilejson.json?${new URLSearchParams({ asset_type })}`
}

function curl(url: string): string {
  return `curl -s -H "Authorization: Bearer $TOKEN" '${url}'`
}
