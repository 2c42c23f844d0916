import { expect, it } from 'vitest'
import type { Asset } from '../../../packages/client/src/client.ts'
import { noMapReason } from '../../../site/asset/tiles.ts'

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

const TABLE = 'No map: a table has rows, not tiles. Query it as shown below.'
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

// Boundary: `satisfies` guarantees that the keys are asset types.
it.each(Object.entries(reasons) as [Asset['asset_type'], string | undefined][])(
  'gives the reason why %s has no map, if it has none',
  (asset_type, reason) => {
    expect(noMapReason({ ...asset, asset_type })).toBe(reason)
  },
)

it('gives the reason why tiles in a bucket, pending tiles, and failed tiles have no map', () => {
  const cache = { ...asset, asset_type: 'Raster tile cache' as const }
  expect(noMapReason({ ...cache, asset_uri: 's3://bucket/{z}' })).toMatch(/^No map: .*s3:/)
  expect(noMapReason({ ...cache, status: 'pending' })).toBe(
    'No map yet: the tiles are being generated.',
  )
  expect(noMapReason({ ...cache, status: 'failed' })).toBe('No map: generating the tiles failed.')
})
