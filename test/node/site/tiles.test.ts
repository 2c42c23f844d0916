import { expect, it } from 'vitest'
import type { Asset } from '../../../packages/client/src/client.ts'
import { noMapReason } from '../../../site/tiles.ts'

const https = 'https://tiles.example/{z}/{x}/{y}'
const asset = {
  created_on: '2026-01-01T00:00:00Z',
  updated_on: '2026-01-01T00:00:00Z',
  asset_id: 'a7b766ef-0594-5826-a9a3-e72bd9d491d2',
  dataset: 'fires',
  version: 'v1',
  is_managed: true,
  is_downloadable: true,
  metadata: {},
  status: 'saved' as const,
  asset_uri: https,
}

const TABLE =
  'No map: a table has rows, not tiles. Query it at its URI; a tile cache of its version can be drawn.'
const reasons = {
  'Dynamic vector tile cache': undefined,
  'Static vector tile cache': undefined,
  'Raster tile cache': undefined,
  'Raster tile set': 'No map: an asset of type Raster tile set is a file, not tiles.',
  'Database table': TABLE,
  'Geo database table': TABLE,
  'ESRI Shapefile': 'No map: an asset of type ESRI Shapefile is a file, not tiles.',
  Geopackage: 'No map: an asset of type Geopackage is a file, not tiles.',
  ndjson: 'No map: an asset of type ndjson is a file, not tiles.',
  csv: 'No map: an asset of type csv is a file, not tiles.',
  tsv: 'No map: an asset of type tsv is a file, not tiles.',
  '1x1 grid': 'No map: an asset of type 1x1 grid is a file, not tiles.',
  COG: 'No map: an asset of type COG is a file, not tiles.',
} satisfies Record<Asset['asset_type'], string | undefined>

// Boundary: the keys of `reasons` are its type's.
it.each(Object.entries(reasons) as [Asset['asset_type'], string | undefined][])(
  'a %s has a map, or a reason why not',
  (asset_type, reason) => {
    expect(noMapReason({ ...asset, asset_type })).toBe(reason)
  },
)

it('tiles in a bucket, that are being made or that failed have none', () => {
  const cache = { ...asset, asset_type: 'Raster tile cache' as const }
  expect(noMapReason({ ...cache, asset_uri: 's3://bucket/{z}' })).toMatch(/^No map: .*s3:/)
  expect(noMapReason({ ...cache, status: 'pending' })).toBe('No map yet: the tiles are being made.')
  expect(noMapReason({ ...cache, status: 'failed' })).toBe('No map: making the tiles failed.')
})
