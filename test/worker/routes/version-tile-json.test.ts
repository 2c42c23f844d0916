import { beforeAll, describe, expect, it } from 'vitest'
import {
  type AssetRow,
  insertAssets,
  newHost,
  resetCatalog,
  startIsolate,
} from '../../harness/worker.ts'

const RASTER = '0b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c'
const DYNAMIC = '1b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c'
const STATIC = '2b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c'
const OTHER_STATIC = '3b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c'

const uri = (name: string) => `https://tiles.example/${name}/{z}/{x}/{y}`
const ofLoss = { dataset: 'loss', version: 'v2', is_latest: true }

beforeAll(() =>
  resetCatalog([
    {
      ...ofLoss,
      version: 'v1',
      is_latest: false,
      asset_id: RASTER,
      asset_type: 'Raster tile cache',
      asset_uri: uri('raster'),
      metadata: { min_zoom: 3, max_zoom: 12 },
    },
    { ...ofLoss, version: 'v1', is_latest: false, asset_type: 'csv' },
    {
      ...ofLoss,
      version: 'v1',
      is_latest: false,
      asset_type: 'Static vector tile cache',
      asset_uri: uri('pending'),
      status: 'pending',
    },
    {
      ...ofLoss,
      asset_id: DYNAMIC,
      asset_type: 'Dynamic vector tile cache',
      asset_uri: uri('dynamic'),
      metadata: { fields: [{ name: 'iso', data_type: 'text' }] },
    },
    {
      ...ofLoss,
      asset_id: STATIC,
      asset_type: 'Static vector tile cache',
      asset_uri: uri('static'),
      is_default: true,
    },
    {
      ...ofLoss,
      asset_id: OTHER_STATIC,
      asset_type: 'Static vector tile cache',
      asset_uri: uri('other'),
    },
    { ...ofLoss, version: 'v3', is_latest: false, asset_type: 'Raster tile set' },
    {
      ...ofLoss,
      version: 'v4',
      is_latest: false,
      asset_type: 'Raster tile cache',
      asset_uri: 's3://tiles/{z}/{x}/{y}.png',
    },
  ]),
)

async function get(path: string): Promise<Response> {
  return (await startIsolate()).fetch(`https://api.example${path}`)
}

describe('GET /dataset/{dataset}/{version}/tilejson.json', () => {
  it.each([
    ['v1', RASTER],
    ['1?utm=x', RASTER],
    ['v1?is_default=false', RASTER],
    ['latest?asset_type=Dynamic%20vector%20tile%20cache', DYNAMIC],
    ['v2?is_default=yes', STATIC],
    ['latest?is_default=true&asset_type=Static+vector+tile+cache', STATIC],
    [`v2?asset_uri=${encodeURIComponent(uri('other'))}`, OTHER_STATIC],
    ['v2?is_default=false&asset_type=Static+vector+tile+cache', OTHER_STATIC],
  ])('is that of the one saved tile cache that is left: %s', async (path, assetId) => {
    const [version = '', search = ''] = path.split('?')
    const response = await get(`/dataset/loss/${version}/tilejson.json?${search}`)
    const ofAsset = await get(`/asset/${assetId}/tilejson.json`)
    expect([response.status, ofAsset.status]).toEqual([200, 200])
    expect(await response.text()).toBe(await ofAsset.text())
    expect(response.headers.get('Link')).toBe(
      '<https://api.example/openapi.json>; rel="service-desc"',
    )
  })

  it.each([
    ['v3', '', 'No tiles: loss.v3 has no saved tile cache'],
    [
      'v1',
      '?asset_type=Static%20vector%20tile%20cache',
      'No tiles: loss.v1 has no saved tile cache that matches the query',
    ],
    ['v1', '?asset_type=csv', 'No tiles: loss.v1 has no saved tile cache that matches the query'],
    [
      'latest',
      '?asset_uri=',
      'No tiles: loss.latest has no saved tile cache that matches the query',
    ],
    ['v4', '', 'No tiles: asset_uri is no https tile URL'],
  ])('answers 404 that says what is missing: %s%s', async (version, search, detail) => {
    const response = await get(`/dataset/loss/${version}/tilejson.json${search}`)
    expect([response.status, await response.json()]).toEqual([404, { detail }])
    expect(response.headers.get('Cache-Control')).toBe('no-store')
  })

  it.each([
    ['', 3, ['Dynamic dynamic', 'Static static', 'Static other'], [DYNAMIC, STATIC, OTHER_STATIC]],
    ['?is_default=0', 2, ['Dynamic dynamic', 'Static other'], [DYNAMIC, OTHER_STATIC]],
  ])(
    'answers 409 that names the candidates and links each: %s',
    async (search, count, names, ids) => {
      const response = await get(`/dataset/loss/latest/tilejson.json${search}`)
      const named = names.map((name) => {
        const [type, tiles = ''] = name.split(' ')
        return `${type} vector tile cache ${uri(tiles)}`
      })
      expect([response.status, await response.json()]).toEqual([
        409,
        {
          detail: `${count} tile caches match, ask for one by asset_type, is_default or asset_uri: ${named.join(', ')}`,
        },
      ])
      expect(response.headers.get('Cache-Control')).toBe('no-store')
      expect(response.headers.get('Link')).toBe(
        [
          ...ids.map((id) => `</asset/${id}/tilejson.json>; rel="tilejson"`),
          '<https://api.example/openapi.json>; rel="service-desc"',
        ].join(', '),
      )
    },
  )

  it('names and links at most 25 candidates, however large their metadata is', async () => {
    const rows = (count: number): AssetRow[] =>
      Array.from({ length: count }, (_, n) => ({
        dataset: `many_${count}`,
        version: 'v1',
        asset_type: 'Raster tile cache',
        asset_uri: `${uri(`many_${count}_${n + 10}`)}${'x'.repeat(1900)}`,
        created_on: `2020-01-01T00:00:${n + 10}Z`,
        metadata: { tags: ['x'.repeat(500_000)] },
      }))
    for (const count of [25, 26]) {
      for (const row of rows(count)) await insertAssets([row])
      const response = await get(`/dataset/many_${count}/v1/tilejson.json`)
      const { detail } = await response.json<{ detail: string }>()
      const link = response.headers.get('Link') ?? ''
      expect(response.status).toBe(409)
      expect(detail).toMatch(
        count === 25 ? /^25 tile caches match/ : /^More than 25 tile caches match/,
      )
      expect(detail.match(/many_\d+_\d+/g)).toEqual(
        Array.from({ length: 25 }, (_, n) => `many_${count}_${n + 10}`),
      )
      expect([...link.matchAll(/rel="tilejson"/g)].length).toBe(25)
      expect(`Link: ${link}\r\n`.length).toBeLessThan(4096)
    }
  })

  it('is one answer for each spelling of the query, and none of other parameters', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    const path = `${host}/dataset/loss/v2/tilejson.json`
    await fetch(`${path}?asset_type=Static%20vector%20tile%20cache&is_default=true`)
    const response = await fetch(
      `${path}?page[size]=0&is_default=no&is_default=Y&status=x&asset%5Ftype=Static+vector+tile+cache`,
    )
    expect([response.status, response.headers.get('Cache-Status')]).toEqual([
      200,
      expect.stringMatching(/^assets; hit; ttl=/),
    ])
  })

  it('answers 422 with all faults', async () => {
    const response = await get(
      '/dataset/l/latest/tilejson.json?asset_type=tiles&is_default=&asset_uri=%00',
    )
    expect(response.status).toBe(422)
    const { detail } = await response.json<{ detail: { loc: string[]; type: string }[] }>()
    expect(detail.map(({ loc, type }) => [...loc, type])).toEqual([
      ['path', 'dataset', 'value_error.str.regex'],
      ['query', 'asset_type', 'type_error.enum'],
      ['query', 'asset_uri', 'value_error.str.nul'],
      ['query', 'is_default', 'type_error.bool'],
    ])
  })
})
