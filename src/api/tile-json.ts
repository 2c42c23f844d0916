/** TileJSON 3.0.0 (https://github.com/mapbox/tilejson-spec) of tile cache assets. */

import { conflict, notFound } from '../errors.ts'
import { TILE_CACHE_TYPES } from './asset-types.ts'
import type { Link } from './links.ts'
import type { Field } from './metadata.ts'
import type { Asset, TileJson } from './resource.ts'

type TileCache = Extract<Asset, { asset_type: (typeof TILE_CACHE_TYPES)[number] }>

const noMetadata = { min_zoom: null, max_zoom: null, fields: null }

/** The default page size. The `Link` header of more assets would exceed 4 KiB. */
const MAX_LINKS = 25

/**
 * The width of GFW's raster tiles in pixels. TileJSON has no such key, but MapLibre reads it, and would
 * assume 512 without it. OpenLayers and Leaflet assume 256.
 */
const RASTER_TILE_SIZE = 256

/**
 * The asset as a source for map libraries. `bounds`, `center`, `description` and `attribution` are left
 * out, because GFW's metadata of assets does not record them.
 *
 * @throws {ApiError} 404 if its type or URI is not that of a tile cache; 409 if it is pending or has
 *   failed
 */
export function toTileJson(asset: Asset): TileJson {
  if (!isTileCache(asset)) throw notFound(`No tiles: the asset is of type ${asset.asset_type}`)
  if (asset.status !== 'saved') throw conflict(`No tiles: the asset's status is ${asset.status}`)
  if (!isTileUrl(asset.asset_uri)) throw notFound('No tiles: asset_uri is no https tile URL')
  const { dataset, asset_type: type, asset_uri: uri, metadata } = asset
  const { min_zoom, max_zoom, fields } = 'fields' in metadata ? metadata : noMetadata
  return {
    tilejson: '3.0.0',
    tiles: [uri],
    scheme: 'xyz',
    name: `${dataset} ${asset.version}`,
    version: semver(asset.version),
    ...zooms(min_zoom, max_zoom),
    ...(type === 'Raster tile cache'
      ? { tileSize: RASTER_TILE_SIZE }
      : { vector_layers: vectorLayers(dataset, fields) }),
  }
}

/** Links to the TileJSON of the saved tile caches among the assets; relative, so that they are short. */
export function tileJsonLinks(assets: Asset[]): Link[] {
  return assets
    .filter((asset) => isTileCache(asset) && asset.status === 'saved' && isTileUrl(asset.asset_uri))
    .slice(0, MAX_LINKS)
    .map(({ asset_id: id }) => ({ rel: 'tilejson', href: `/asset/${id}/tilejson.json` }))
}

/**
 * GFW's tile caches have one layer, named like the dataset. It is listed even without fields, because
 * MapLibre reports an error for each drawn layer that is not listed.
 */
function vectorLayers(dataset: string, fields: (Field | null)[] | null): TileJson['vector_layers'] {
  const types = (fields ?? []).flatMap((field) =>
    typeof field?.name === 'string' ? [[field.name, field.data_type ?? '']] : [],
  )
  return [{ id: dataset, fields: Object.fromEntries(types) }]
}

/** Left out if the minimum exceeds the maximum, which TileJSON forbids. */
function zooms(min: number | null, max: number | null): Pick<TileJson, 'minzoom' | 'maxzoom'> {
  if (min !== null && max !== null && min > max) return {}
  return { minzoom: min ?? undefined, maxzoom: max ?? undefined }
}

function isTileCache(asset: Asset): asset is TileCache {
  return TILE_CACHE_TYPES.some((type) => type === asset.asset_type)
}

function isTileUrl(uri: string): boolean {
  return (
    URL.parse(uri)?.protocol === 'https:' &&
    ['{z}', '{x}', '{y}'].every((part) => uri.includes(part))
  )
}

/** `v1.8` becomes `1.8.0`. Left out if a part has leading zeros, which semver forbids. */
function semver(version: string): string | undefined {
  const parts = version.slice(1).split('.')
  if (parts.some((part) => /^0\d/.test(part))) return undefined
  return [...parts, '0', '0'].slice(0, 3).join('.')
}
