import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type AssetFilters,
  type ClientOptions,
  createClient,
} from '../../packages/client/src/client.ts'
import { errorOf, idsOf } from '../harness/catalog-client.ts'
import {
  newHost,
  resetCatalog,
  type Settings,
  signToken,
  spyOnNetwork,
  startIsolate,
} from '../harness/worker.ts'

const CSV = {
  asset_id: '00000000-0000-4000-8000-000000000001',
  dataset: 'umd_tree_cover_loss',
  version: 'v1.8',
  asset_type: 'csv',
  asset_uri: 's3://test/1.csv',
  is_default: true,
  created_on: '2019-01-01T00:00:00Z',
}
const TILE_CACHE = {
  asset_id: '00000000-0000-4000-8000-000000000002',
  dataset: 'umd_tree_cover_loss',
  version: 'v1.12',
  asset_type: 'Raster tile cache',
  asset_uri: 'https://tiles.example/{z}/{x}/{y}.png',
  is_latest: true,
  metadata: { min_zoom: 0, max_zoom: 12 },
  created_on: '2019-01-02T00:00:00Z',
}
const TILE_SET = {
  asset_id: '00000000-0000-4000-8000-000000000003',
  dataset: 'wdpa_protected_areas',
  version: 'v202008',
  asset_type: 'Raster tile set',
  asset_uri: 's3://test/3/{tile_id}.tif',
  status: 'pending',
  metadata: { bands: [{ pixel_meaning: 'year' }] },
  created_on: '2019-01-03T00:00:00Z',
}
const PENDING_TILE_CACHE = {
  asset_id: '00000000-0000-4000-8000-000000000004',
  dataset: 'wdpa_protected_areas',
  version: 'v202009',
  asset_type: 'Raster tile cache',
  asset_uri: 'https://tiles.example/pending/{z}/{x}/{y}.png',
  status: 'pending',
  created_on: '2019-01-04T00:00:00Z',
}

beforeAll(() => resetCatalog([CSV, TILE_CACHE, TILE_SET, PENDING_TILE_CACHE]))
afterEach(() => {
  vi.restoreAllMocks()
})

/** A client of a new isolate of the Worker, and the URLs of its requests. */
async function connect(options: Partial<ClientOptions> = {}, settings: Settings = {}) {
  const isolate = await startIsolate(settings)
  const urls: string[] = []
  const catalog = createClient({
    baseUrl: newHost(),
    token: await signToken(),
    fetch(url, init) {
      urls.push(url)
      // The isolate adds a valid token to requests without the header.
      const headers = new Headers(init.headers)
      if (!headers.has('Authorization')) headers.set('Authorization', '')
      return isolate.fetch(url, { ...init, headers })
    },
    ...options,
  })
  return { catalog, urls }
}

describe('a listing', () => {
  it('has a page, links and counts', async () => {
    const { catalog } = await connect({ baseUrl: 'https://client-page.example/' })
    expect(await catalog.listAssets({ asset_type: 'Raster tile set' })).toEqual({
      data: [
        {
          created_on: '2019-01-03T00:00:00Z',
          updated_on: '2019-08-24T14:15:22Z',
          asset_id: '00000000-0000-4000-8000-000000000003',
          dataset: 'wdpa_protected_areas',
          version: 'v202008',
          asset_type: 'Raster tile set',
          asset_uri: 's3://test/3/{tile_id}.tif',
          status: 'pending',
          is_managed: true,
          is_downloadable: true,
          metadata: {
            tags: null,
            bands: [
              {
                pixel_meaning: 'year',
                unit: null,
                description: null,
                statistics: null,
                values_table: null,
                data_type: null,
                compression: null,
                no_data_value: null,
              },
            ],
            resolution: null,
            id: null,
          },
        },
      ],
      status: 'success',
      links: {
        self: 'https://client-page.example/assets?asset_type=Raster%20tile%20set&page[number]=1&page[size]=25',
        first:
          'https://client-page.example/assets?asset_type=Raster%20tile%20set&page[number]=1&page[size]=25',
        last: 'https://client-page.example/assets?asset_type=Raster%20tile%20set&page[number]=1&page[size]=25',
        prev: '',
        next: '',
      },
      meta: { size: '25', total_items: '1', total_pages: '1' },
    })
  })

  it('is iterated page by page to the end, each asset once', async () => {
    const { catalog, urls } = await connect()
    expect(await idsOf(catalog.eachAsset({ 'page[size]': 2 }))).toEqual([
      '00000000-0000-4000-8000-000000000001',
      '00000000-0000-4000-8000-000000000002',
      '00000000-0000-4000-8000-000000000003',
      '00000000-0000-4000-8000-000000000004',
    ])
    expect(urls.length).toBe(2)
  })

  it('is iterated from the requested page on', async () => {
    const { catalog } = await connect()
    expect(await idsOf(catalog.eachAsset({ 'page[size]': 1, 'page[number]': 2 }))).toEqual([
      '00000000-0000-4000-8000-000000000002',
      '00000000-0000-4000-8000-000000000003',
      '00000000-0000-4000-8000-000000000004',
    ])
  })

  const csv = '00000000-0000-4000-8000-000000000001'
  const tileCache = '00000000-0000-4000-8000-000000000002'
  const tileSet = '00000000-0000-4000-8000-000000000003'
  const pending = '00000000-0000-4000-8000-000000000004'
  const filters: [AssetFilters, string[]][] = [
    [{ dataset: 'umd_tree_cover_loss' }, [csv, tileCache]],
    [{ version: 'v1.12' }, [tileCache]],
    [{ version: 'latest' }, [tileCache]],
    [{ asset_type: 'csv' }, [csv]],
    [{ asset_uri: 'https://tiles.example/{z}/{x}/{y}.png' }, [tileCache]],
    [{ is_latest: true }, [tileCache]],
    [{ is_latest: false }, [csv, tileSet, pending]],
    [{ is_default: true }, [csv]],
    [{ status: 'pending' }, [tileSet, pending]],
    [{ status: 'failed' }, []],
    [{ dataset: 'umd_tree_cover_loss', is_latest: undefined, is_default: false }, [tileCache]],
  ]
  it.each(filters)('keeps the filters %j on every page', async (filter, ids) => {
    const { catalog } = await connect()
    expect(await idsOf(catalog.eachAsset({ ...filter, 'page[size]': 1 }))).toEqual(ids)
  })

  it('requests a page when its first asset is needed, and none after the iteration ends', async () => {
    const { catalog, urls } = await connect()
    const assets = catalog.eachAsset({ 'page[size]': 1 })
    expect(urls.length).toBe(0)
    for await (const asset of assets) {
      if (asset.asset_id === tileCache) break
      expect(urls.length).toBe(1)
    }
    expect(urls.length).toBe(2)
    expect(await assets.next()).toEqual({ done: true, value: undefined })
    expect(urls.length).toBe(2)
  })
})

describe('an asset', () => {
  it('is returned by id', async () => {
    const { catalog } = await connect()
    expect(await catalog.getAsset('00000000-0000-4000-8000-000000000001')).toEqual({
      created_on: '2019-01-01T00:00:00Z',
      updated_on: '2019-08-24T14:15:22Z',
      asset_id: '00000000-0000-4000-8000-000000000001',
      dataset: 'umd_tree_cover_loss',
      version: 'v1.8',
      asset_type: 'csv',
      asset_uri: 's3://test/1.csv',
      status: 'saved',
      is_managed: true,
      is_downloadable: true,
      metadata: {},
    })
  })

  it('has TileJSON if it is a tile cache', async () => {
    const { catalog } = await connect()
    expect(await catalog.tileJson('00000000-0000-4000-8000-000000000002')).toEqual({
      tilejson: '3.0.0',
      tiles: ['https://tiles.example/{z}/{x}/{y}.png'],
      scheme: 'xyz',
      name: 'umd_tree_cover_loss v1.12',
      version: '1.12.0',
      minzoom: 0,
      maxzoom: 12,
      tileSize: 256,
    })
  })

  it.each([
    [
      'an unknown id',
      'ffffffff-0000-4000-8000-000000000000',
      '404 Could not find requested asset ffffffff-0000-4000-8000-000000000000',
    ],
    ['an invalid id', 'a/../b', '422 asset_id: value is not a valid uuid'],
    ['an id that is a path', '../datasets', '422 asset_id: value is not a valid uuid'],
  ])('is an error for %s', async (_, assetId, message) => {
    const { catalog } = await connect()
    expect((await errorOf(catalog.getAsset(assetId))).message).toBe(message)
    expect((await errorOf(catalog.tileJson(assetId))).message).toBe(message)
  })

  it('has no TileJSON if it is not a tile cache', async () => {
    const { catalog } = await connect()
    const error = await errorOf(catalog.tileJson('00000000-0000-4000-8000-000000000001'))
    expect(error.message).toBe('404 No tiles: the asset is of type csv')
  })

  it('has no TileJSON while it is pending', async () => {
    const { catalog } = await connect()
    const error = await errorOf(catalog.tileJson('00000000-0000-4000-8000-000000000004'))
    expect(error.message).toBe("409 No tiles: the asset's status is pending")
  })
})

describe('the datasets', () => {
  it('are listed', async () => {
    const { catalog } = await connect({ baseUrl: 'https://client-datasets.example' })
    expect(await catalog.listDatasets({ 'page[size]': 1, 'page[number]': 2 })).toEqual({
      data: [{ dataset: 'wdpa_protected_areas', versions: ['v202008', 'v202009'], latest: null }],
      status: 'success',
      links: {
        self: 'https://client-datasets.example/datasets?page[number]=2&page[size]=1',
        first: 'https://client-datasets.example/datasets?page[number]=1&page[size]=1',
        last: 'https://client-datasets.example/datasets?page[number]=2&page[size]=1',
        prev: 'https://client-datasets.example/datasets?page[number]=1&page[size]=1',
        next: '',
      },
      meta: { size: '1', total_items: '2', total_pages: '2' },
    })
  })

  it('are found by words of their names', async () => {
    const { catalog } = await connect()
    const { data, links } = await catalog.listDatasets({ search: 'Protected areas' })
    expect(data.map(({ dataset }) => dataset)).toEqual(['wdpa_protected_areas'])
    expect(links.self).toContain('?search=protected%20areas&')
  })

  it('are iterated page by page', async () => {
    const { catalog, urls } = await connect()
    const latest: (string | null)[] = []
    for await (const dataset of catalog.eachDataset({ 'page[size]': 1 })) {
      latest.push(dataset.latest)
    }
    expect(latest).toEqual(['v1.12', null])
    expect(urls.length).toBe(2)
  })
})

describe('a dataset and its version', () => {
  const tileCache = '00000000-0000-4000-8000-000000000002'
  const name = { dataset: 'umd_tree_cover_loss', version: 'latest' }

  it('are returned by name', async () => {
    const { catalog } = await connect()
    expect(await catalog.getDataset('umd_tree_cover_loss')).toEqual({
      dataset: 'umd_tree_cover_loss',
      versions: ['v1.8', 'v1.12'],
      latest: 'v1.12',
    })
    expect(await catalog.getVersion(name)).toEqual({
      dataset: 'umd_tree_cover_loss',
      version: 'v1.12',
      is_latest: true,
      assets: [['Raster tile cache', 'https://tiles.example/{z}/{x}/{y}.png']],
    })
  })

  it('have the assets of the version, and its TileJSON', async () => {
    const { catalog } = await connect()
    const { data, meta } = await catalog.listVersionAssets({ ...name, is_default: false })
    expect([data.map(({ asset_id: id }) => id), meta.total_items]).toEqual([[tileCache], '1'])
    expect(await catalog.versionTileJson({ ...name, asset_type: 'Raster tile cache' })).toEqual(
      await catalog.tileJson(tileCache),
    )
  })

  it.each([
    [{ dataset: 'unknown', version: 'v1' }, '404 Dataset with name unknown does not exist'],
    [
      { dataset: 'wdpa_protected_areas', version: 'latest' },
      '404 Dataset with name wdpa_protected_areas has no latest version',
    ],
    [
      { dataset: 'umd_tree_cover_loss/latest', version: 'v1' },
      '422 dataset: string does not match regex "^[a-z][a-z0-9_-]{2,}$"',
    ],
  ])('are an error for %j', async (unknown, message) => {
    const { catalog } = await connect()
    const errors = await Promise.all([
      errorOf(catalog.getVersion(unknown)),
      errorOf(catalog.listVersionAssets(unknown)),
      errorOf(catalog.versionTileJson(unknown)),
    ])
    expect(errors.map((error) => error.message)).toEqual([message, message, message])
  })
})

describe('an error', () => {
  it('is a 401 without a token', async () => {
    const { catalog } = await connect({ token: undefined })
    const error = await errorOf(catalog.listAssets())
    expect(error).toMatchObject({
      name: 'CatalogError',
      message: '401 Not authenticated',
      status: 401,
      detail: 'Not authenticated',
      faults: [],
      retryAfterSeconds: undefined,
    })
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('says what is wrong with the token, and does not contain it', async () => {
    const token = await signToken('another-secret-of-more-than-32-bytes-in-all')
    const { catalog } = await connect({ token })
    const error = await errorOf(catalog.listAssets())
    expect(error.message).toBe('401 The signature does not match')
    expect(JSON.stringify(error) + error.stack).not.toContain(token)
  })

  it('is a 422 with every fault for an invalid query', async () => {
    const { catalog } = await connect()
    const error = await errorOf(
      catalog.listAssets({ version: 'eight', 'page[number]': 1.5, 'page[size]': 0 }),
    )
    expect(error.status).toBe(422)
    expect(error.message).toBe(
      '422 version: string does not match regex "^v\\d{1,8}(\\.\\d{1,3}){0,2}$|^latest$"; page[number]: value is not a valid integer; page[size]: ensure this value is greater than or equal to 1',
    )
    expect(error.faults).toEqual([
      {
        loc: ['query', 'version'],
        msg: 'string does not match regex "^v\\d{1,8}(\\.\\d{1,3}){0,2}$|^latest$"',
        type: 'value_error.str.regex',
      },
      {
        loc: ['query', 'page[number]'],
        msg: 'value is not a valid integer',
        type: 'type_error.integer',
      },
      {
        loc: ['query', 'page[size]'],
        msg: 'ensure this value is greater than or equal to 1',
        type: 'value_error.number.not_ge',
      },
    ])
  })

  it('is a 429 with the seconds to wait over the rate limit', async () => {
    const limit = vi.fn(async () => ({ success: false }))
    const { catalog } = await connect({ retries: 0 }, { RATE_LIMITER: { limit } })
    expect(await errorOf(catalog.listAssets())).toMatchObject({
      message: '429 Too Many Requests',
      retryAfterSeconds: 60,
    })
    expect(limit).toHaveBeenCalledTimes(1)
  })

  it('is a 503 with the seconds to wait if the database is down', async () => {
    const { catalog } = await connect({ retries: 0 })
    spyOnNetwork().mockRejectedValue(new TypeError('connection refused'))
    expect(await errorOf(catalog.listAssets())).toMatchObject({
      message: '503 Service Unavailable',
      retryAfterSeconds: 5,
    })
  })
})

describe('a signal', () => {
  it('ends an iteration in the middle of a page', async () => {
    const { catalog, urls } = await connect()
    const stop = new AbortController()
    const ids: string[] = []
    async function readAll() {
      for await (const asset of catalog.eachAsset({}, { signal: stop.signal })) {
        ids.push(asset.asset_id)
        stop.abort(new Error('enough'))
      }
    }
    await expect(readAll()).rejects.toThrow('enough')
    expect(ids).toEqual(['00000000-0000-4000-8000-000000000001'])
    expect(urls.length).toBe(1)
  })
})

describe('the type of an asset', () => {
  it('discriminates the shape of its metadata', async () => {
    const { catalog } = await connect()
    const meanings: (string | null | undefined)[] = []
    for await (const asset of catalog.eachAsset()) {
      if (asset.asset_type !== 'Raster tile set') continue
      meanings.push(...(asset.metadata.bands ?? []).map((band) => band?.pixel_meaning))
    }
    expect(meanings).toEqual(['year'])
  })
})
