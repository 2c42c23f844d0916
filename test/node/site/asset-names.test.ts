import fc from 'fast-check'
import { expect, it } from 'vitest'
import { meaningOf, shortNames, uriEnd } from '../../../site/asset/asset-names.ts'

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
  ['a lone tile set by its pixels', [`${LAKE}/10/40000/year/geotiff/{tile_id}.tif`], ['year']],
  ['a lone table by its last name', ['https://api.example/dataset/d/v1.13/query'], ['query']],
  [
    'equal ends by the whole URI',
    ['https://a.example/v1.13/x.csv', 'https://b.example/v1.13/x.csv'],
    ['https://a.example/v1.13/x.csv', 'https://b.example/v1.13/x.csv'],
  ],
  [
    'a path that repeats its end by the whole end',
    ['s3://b/v1.13/a', 's3://b/v1.13/a/a'],
    ['a', 'a/a'],
  ],
  ['assets of one URI by its last name', ['s3://b/a.csv', 's3://b/a.csv'], ['a.csv', 'a.csv']],
])('tells apart %s', (_, uris, expected) => {
  expect([...shortNames(assetsAt(...uris)).values()]).toEqual(expected)
})

it('shows the URI after its version, if it names it', () => {
  const [lake, other] = assetsAt(`${LAKE}/cog/a.tif`, 's3://b/a.csv').map(uriEnd)
  expect([lake, other]).toEqual(['raster/epsg-4326/cog/a.tif', 's3://b/a.csv'])
})

it('gives different URIs different names', () => {
  const segment = fc.constantFrom('a', 'b', 'v1.13', '{z}', 'geotiff')
  const uri = fc
    .array(segment, { minLength: 1, maxLength: 5 })
    .map((path) => `s3://${path.join('/')}`)
  fc.assert(
    fc.property(fc.uniqueArray(uri, { minLength: 1, maxLength: 6 }), (uris) => {
      const names = [...shortNames(assetsAt(...uris)).values()]
      expect(new Set(names).size).toBe(uris.length)
      expect(names.filter((name) => name === '')).toEqual([])
    }),
  )
})

it.each([
  ['tcd_30', 30],
  ['year__tcd75_2000.tif', 75],
  ['driver__loss_tcd_30.tif', 30],
  ['tcd_0', 0],
])('the name %s says that trees count from %i %% of density', (name, percent) => {
  expect(meaningOf(name)).toBe(`tree cover density threshold ${percent} %`)
})

it.each(['default', 'tcd_masked_net_flux.tif', 'ttcd_30', 'tcd_2000'])(
  'the name %s stands for itself',
  (name) => {
    expect(meaningOf(name)).toBeUndefined()
  },
)
