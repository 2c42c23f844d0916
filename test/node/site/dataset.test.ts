import { describe, expect, it } from 'vitest'
import type { Asset, AssetFilters, CatalogClient } from '../../../packages/client/src/client.ts'
import { CatalogError } from '../../../packages/client/src/client.ts'
import { compareFields, comparePairs, counterpart } from '../../../site/dataset/compare-versions.ts'
import { loadDataset } from '../../../site/dataset/load-dataset.ts'
import { countTypes, groupByType, mapOf, newestMap } from '../../../site/dataset/version-assets.ts'

const LAKE = 's3://gfw-data-lake/d'
const TILES = 'https://tiles.example/d'

function toAsset(asset: Partial<Asset> & Pick<Asset, 'version' | 'asset_uri'>): Asset {
  const { version, asset_uri } = asset
  // Boundary: the type of the whole is a union by `asset_type`.
  return {
    asset_id: `${version} ${asset_uri}`,
    dataset: 'd',
    asset_type: 'Raster tile cache',
    status: 'saved',
    is_managed: true,
    is_downloadable: true,
    created_on: '2026-01-01T00:00:00',
    updated_on: '2026-01-01T00:00:00',
    metadata: {},
    ...asset,
  } as Asset
}

function tiles(version: string, style: string, other: Partial<Asset> = {}): Asset {
  return toAsset({ version, asset_uri: `${TILES}/${version}/${style}/{z}/{x}/{y}.png`, ...other })
}

function cog(version: string, name: string): Asset {
  const asset_uri = `${LAKE}/${version}/raster/epsg-4326/cog/${name}`
  return toAsset({ version, asset_type: 'COG', asset_uri })
}

function table(version: string, fields: [name: string, type: string | null][]): Asset {
  const toField = ([name, data_type]: [string, string | null]) => ({
    name,
    data_type,
    alias: null,
    description: null,
    unit: null,
    is_feature_info: true,
    is_filter: true,
  })
  return toAsset({
    version,
    asset_type: 'Database table',
    asset_uri: `https://api.example/dataset/d/${version}/query`,
    metadata: { fields: fields.map(toField) },
  })
}

describe('the assets of a version', () => {
  it('are grouped by type, what maps draw first, and sorted by the numbers in their names', () => {
    const assets = [cog('v1', 'b.tif'), tiles('v1', 'tcd_100'), tiles('v1', 'tcd_30')]
    const groups = groupByType(assets).map(({ type, assets }) => [type, assets.map((a) => a.name)])
    expect(groups).toEqual([
      ['Raster tile cache', ['tcd_30', 'tcd_100']],
      ['COG', ['b.tif']],
    ])
    expect(countTypes(assets)).toEqual([
      { type: 'Raster tile cache', count: 2 },
      { type: 'COG', count: 1 },
    ])
  })

  it('have the map of the default asset, then of the one named default, then of the first', () => {
    const [first, named, flagged] = [tiles('v1', 'a'), tiles('v1', 'default'), tiles('v1', 'x')]
    const all = [flagged, named, first]
    expect(mapOf(all, new Set([flagged.asset_id]))).toBe(flagged)
    expect(mapOf(all, new Set())).toBe(named)
    expect(mapOf([flagged, first], new Set())).toBe(first)
  })

  it('have no map without saved tiles', () => {
    const pending = tiles('v1', 'default', { status: 'pending' })
    expect(mapOf([pending, cog('v1', 'a.tif')], new Set())).toBeUndefined()
  })

  it('have no map, but an older version has', () => {
    const old = tiles('v1', 'default')
    const newer = tiles('v2', 'default')
    const assets = [cog('v3', 'a.tif'), newer, old]
    expect(newestMap(['v3', 'v2', 'v1'], assets, new Set())).toBe(newer)
    expect(newestMap(['v3', 'v1'], assets, new Set())).toBe(old)
    expect(newestMap(['v3'], assets, new Set())).toBeUndefined()
  })
})

describe('the comparison of two versions', () => {
  it('matches assets by path, tells which were added and removed', () => {
    const older = [tiles('v1', 'tcd_30'), tiles('v1', 'tcd_75')]
    const newer = [tiles('v2', 'default'), tiles('v2', 'tcd_30')]
    const pairs = comparePairs(older, newer).map(({ type, pairs }) => [
      type,
      pairs.map((pair) => [pair.olderName, pair.newerName]),
    ])
    expect(pairs).toEqual([
      [
        'Raster tile cache',
        [
          ['', 'default'],
          ['tcd_30', 'tcd_30'],
          ['tcd_75', ''],
        ],
      ],
    ])
  })

  it('matches a lone asset with one that has other names beside it', () => {
    const older = [tiles('v1', 'tcd_30')]
    const newer = [tiles('v2', 'tcd_30'), tiles('v2', 'tcd_75')]
    expect(counterpart(older[0] as Asset, older, newer)).toBe(newer[0])
  })

  it('matches files that repeat the version in their name', () => {
    const [older] = [cog('v202010', 'd_v202010.tif')]
    const [newer, other] = [cog('v202407', 'd_v202407.tif'), cog('v202407', 'other.tif')]
    expect(counterpart(older, [older], [other, newer])).toBe(newer)
  })

  it('matches by short name if the paths differ', () => {
    const older = toAsset({
      version: 'v1',
      asset_uri: `${LAKE}/v1/10/40000/year/geotiff/{tile_id}.tif`,
    })
    const newer = toAsset({
      version: 'v2',
      asset_uri: `${LAKE}/v2/8/32000/year/geotiff/{tile_id}.tif`,
    })
    expect(counterpart(older, [older], [newer])).toBe(newer)
  })

  it('does not match another type', () => {
    expect(
      counterpart(cog('v1', 'default'), [cog('v1', 'default')], [tiles('v2', 'default')]),
    ).toBe(undefined)
  })

  it('lists added, removed and equal fields, and those whose type changed', () => {
    const older = table('v1', [
      ['id', 'integer'],
      ['name', 'text'],
      ['area', null],
    ])
    const newer = table('v2', [
      ['id', 'bigint'],
      ['name', 'text'],
      ['iso', 'text'],
    ])
    expect(compareFields(older, newer)).toEqual([
      { name: 'id', change: 'changed', older: 'integer', newer: 'bigint' },
      { name: 'name', change: 'same', older: 'text', newer: 'text' },
      { name: 'iso', change: 'added', older: undefined, newer: 'text' },
      { name: 'area', change: 'removed', older: 'not recorded', newer: undefined },
    ])
  })
})

describe('loading a dataset', () => {
  function clientOf(assets: Asset[], total = assets.length): CatalogClient {
    const client: Partial<CatalogClient> = {
      getDataset: async (dataset) => {
        if (dataset !== 'd') throw new CatalogError(new Response('', { status: 404 }), {})
        return { dataset, versions: ['v1', 'v2'], latest: 'v1' }
      },
      listAssets: async (filters) => {
        const data = filters?.is_default ? assets.slice(0, 1) : assets
        const meta = {
          size: `${filters?.['page[size]']}`,
          total_items: `${total}`,
          total_pages: '1',
        }
        const links = { self: '', first: '', last: '', prev: '', next: '' }
        return { data, status: 'success', links, meta }
      },
    }
    // Boundary: a test calls no other method.
    return client as CatalogClient
  }
  const { signal } = new AbortController()
  const assets = [tiles('v1', 'a'), tiles('v2', 'b')]

  it('gives the versions, newest first, and all assets with the default ones', async () => {
    expect(await loadDataset(clientOf(assets), 'd', signal)).toEqual({
      dataset: 'd',
      versions: ['v2', 'v1'],
      latest: 'v1',
      total: 2,
      pageSize: 1000,
      whole: {
        assets,
        defaultIds: new Set([`v1 ${TILES}/v1/a/{z}/{x}/{y}.png`]),
        total: 2,
        pageSize: 1000,
      },
    })
  })

  it('gives no assets if they do not fit a page', async () => {
    const content = await loadDataset(clientOf(assets, 1001), 'd', signal)
    expect(content).toEqual({
      dataset: 'd',
      versions: ['v2', 'v1'],
      latest: 'v1',
      total: 1001,
      pageSize: 1000,
      whole: undefined,
    })
  })

  it('asks for a smaller page if the metadata of a large one is too much', async () => {
    const client = clientOf(assets, 1001)
    const refusal = [{ loc: ['query'], msg: 'too large', type: 'value_error.page_bytes' }]
    const isLarge = (filters?: AssetFilters) => filters?.['page[size]'] === 1000
    const content = await loadDataset(
      {
        ...client,
        listAssets: async (filters) => {
          if (!isLarge(filters)) return client.listAssets(filters)
          throw new CatalogError(new Response('', { status: 422 }), { detail: refusal })
        },
      },
      'd',
      signal,
    )
    expect(content).toMatchObject({ total: 1001, pageSize: 100, whole: undefined })
  })

  it('gives nothing for an unknown dataset', async () => {
    expect(await loadDataset(clientOf(assets), 'x', signal)).toBeUndefined()
  })
})
