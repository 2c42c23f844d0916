/** GFW's types and statuses of assets. The explorer bundles this file, so it imports nothing. */

export const TILE_CACHE_TYPES = [
  'Dynamic vector tile cache',
  'Static vector tile cache',
  'Raster tile cache',
] as const

export const TABLE_TYPES = [
  'Database table',
  'Geo database table',
  'ESRI Shapefile',
  'Geopackage',
  'ndjson',
  'csv',
  'tsv',
  '1x1 grid',
] as const

/** GFW's asset types, in the order its documentation lists them. */
export const ASSET_TYPES = [...TILE_CACHE_TYPES, 'Raster tile set', ...TABLE_TYPES, 'COG'] as const
export type AssetType = (typeof ASSET_TYPES)[number]

export const ASSET_STATUSES = ['saved', 'pending', 'failed'] as const
