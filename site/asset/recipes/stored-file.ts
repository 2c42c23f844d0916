/** The location of an asset's file, in the forms that different tools expect. */

import type { Asset } from '../../../packages/client/src/client.ts'

const GFW_API = 'https://data-api.globalforestwatch.org'

/**
 * Buckets that bill who reads them. They answer 403 to requests without an AWS account, so also to
 * `https://gfw-data-lake.s3.amazonaws.com/…`.
 */
const REQUESTER_PAYS = ['gfw-data-lake']

export const SAMPLE_TILE = '00N_060W'
export const TILE_NOTE = '00N_060W is the tile whose top left corner is at 0° N, 60° W.'
const TILE_ID = '{tile_id}'

export const AWS_NOTE =
  'The bucket is “requester pays”: AWS bills your account for the transfer, and refuses requests without one.'
export const KEY_NOTE = 'GFW_API_KEY holds a key of GFW’s API, which is free.'

export type StoredFile = {
  /** The URI; of a tile set, that of the sample tile. */
  uri: string
  /** GDAL's name of it. */
  gdalPath: string
  isRequesterPays: boolean
  /** The list of a tile set's tiles, with GDAL's names in its field `name`. */
  tileIndex: string | undefined
  /** The URL of GFW's API that redirects to the file. It needs an API key. */
  downloadUrl: string | undefined
}

/** Undefined if the URI is neither in a bucket nor an `https` URL. */
export function storedFile(asset: Asset): StoredFile | undefined {
  const uri = asset.asset_uri.replace(TILE_ID, SAMPLE_TILE)
  const gdalPath = toGdalPath(uri)
  if (!gdalPath) return undefined
  const isTileSet = asset.asset_uri.includes(TILE_ID)
  return {
    uri,
    gdalPath,
    isRequesterPays: uri.startsWith('s3://') && REQUESTER_PAYS.includes(URL.parse(uri)?.host ?? ''),
    tileIndex: isTileSet ? gdalPath.replace(/[^/]+$/, 'tiles.geojson') : undefined,
    downloadUrl: downloadUrl(asset),
  }
}

function toGdalPath(uri: string): string | undefined {
  if (uri.startsWith('s3://')) return uri.replace('s3://', '/vsis3/')
  if (uri.startsWith('https://')) return `/vsicurl/${uri}`
  return undefined
}

function downloadUrl({ dataset, version, asset_type: type, asset_uri: uri }: Asset) {
  const url = `${GFW_API}/dataset/${dataset}/${version}/download`
  if (type === 'ESRI Shapefile') return `${url}/shp`
  if (type === 'Geopackage') return `${url}/gpkg`
  const [, grid, pixels] = /\/raster\/epsg-4326\/(\w+\/\d+)\/([^/]+)\/geotiff\//.exec(uri) ?? []
  if (!grid || !pixels) return undefined
  return `${url}/geotiff?grid=${grid}&tile_id=${SAMPLE_TILE}&pixel_meaning=${encodeURIComponent(pixels)}`
}
