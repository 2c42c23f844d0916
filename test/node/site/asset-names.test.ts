import { expect, it } from 'vitest'
import { shortNames, uriEnd } from '../../../site/asset/asset-names.ts'

function assetsAt(...uris: string[]) {
  return uris.map((uri, index) => ({ asset_id: `${index}`, asset_uri: uri, version: 'v1.13' }))
}

const LAKE = 's3://gfw-data-lake/umd_tree_cover_loss/v1.13/raster/epsg-4326'

it.each<[name: string, uris: string[], expected: string[]]>([
  [
    'files of one folder by their names',
    [`${LAKE}/cog/year__tcd10_2000.tif`, `${LAKE}/cog/year__tcd15_2000.tif`],
    ['year__tcd10_2000.tif', 'year__tcd15_2000.tif'],
  ],
  [
    'tile caches by their style',
    [
      'https://tiles.example/d/v1.13/tcd_30/{z}/{x}/{y}.png',
      'https://tiles.example/d/v1.13/tcd_75/{z}/{x}/{y}.png',
    ],
    ['tcd_30', 'tcd_75'],
  ],
  [
    'tile sets by every part that differs',
    [`${LAKE}/10/40000/year/geotiff/{tile_id}.tif`, `${LAKE}/8/32000/year/geotiff/{tile_id}.tif`],
    ['10/40000', '8/32000'],
  ],
  ['a lone asset by its last name', [`${LAKE}/10/40000/year/geotiff/{tile_id}.tif`], ['geotiff']],
  ['assets of one URI by its last name', ['s3://b/a.csv', 's3://b/a.csv'], ['a.csv', 'a.csv']],
])('tells apart %s', (_, uris, expected) => {
  expect([...shortNames(assetsAt(...uris)).values()]).toEqual(expected)
})

it('shows the URI after its version, if it names it', () => {
  const [lake, other] = assetsAt(`${LAKE}/cog/a.tif`, 's3://b/a.csv').map(uriEnd)
  expect([lake, other]).toEqual(['raster/epsg-4326/cog/a.tif', 's3://b/a.csv'])
})
