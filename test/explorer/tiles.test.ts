import { expect, it } from 'vitest'
import { whyNoMap } from '../../explorer/tiles.ts'
import { ASSET_TYPES } from '../../src/asset-types.ts'

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

it.each(ASSET_TYPES)('a %s has a map, or a reason why not', (asset_type) => {
  const hasMap = whyNoMap({ ...asset, asset_type }) === undefined
  expect(hasMap).toBe(asset_type.endsWith('tile cache'))
})

it('tiles in a bucket, that are being made or that failed have none', () => {
  const cache = { ...asset, asset_type: 'Raster tile cache' as const }
  expect(whyNoMap({ ...cache, asset_uri: 's3://bucket/{z}' })).toMatch(/^No map: .*s3:/)
  expect(whyNoMap({ ...cache, status: 'pending' })).toBe('No map yet: the tiles are being made.')
  expect(whyNoMap({ ...cache, status: 'failed' })).toBe('No map: making the tiles failed.')
})
