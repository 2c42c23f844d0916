import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { ASSET_TYPES } from '../src/asset-types.ts'
import { type AssetRow, newHost, resetCatalogue, startIsolate } from './worker.ts'

type Page = {
  data: (Record<string, unknown> & { asset_id: string; metadata: Record<string, unknown> })[]
  status: string
  links: Record<'self' | 'first' | 'last' | 'prev' | 'next', string>
  meta: Record<'size' | 'total_items' | 'total_pages', string>
}

async function list(search = '', fetch?: (url: string) => Promise<Response>): Promise<Page> {
  const get = fetch ?? (await startIsolate()).fetch
  const response = await get(`${newHost()}/assets${search}`)
  expect(response.status).toBe(200)
  return response.json<Page>()
}

const FIELD = {
  name: 'iso',
  alias: 'Country',
  description: null,
  data_type: 'text',
  unit: null,
  is_feature_info: true,
  is_filter: true,
}

describe('the answer', () => {
  it("is the specification's example, key order included", async () => {
    await resetCatalogue([
      {
        asset_id: 'b4695157-0d1d-4da0-8f9e-5c53149389e4',
        dataset: 'umd_tree_cover_loss',
        version: 'v1.8',
        asset_type: 'Dynamic vector tile cache',
        asset_uri: 'https://tiles.example/umd_tree_cover_loss/v1.8/dynamic/{z}/{x}/{y}.pbf',
        status: 'saved',
        metadata: {
          id: '497f6eca-6276-4993-bfeb-53cbbbba6f08',
          fields: [{ data_type: 'text', alias: 'Country', name: 'iso' }],
          tags: ['forest'],
        },
      },
    ])
    const host = newHost()
    const { fetch } = await startIsolate()
    const response = await fetch(`${host}/assets`)
    expect(await response.text()).toBe(
      `{"data":[{"created_on":"2019-08-24T14:15:22Z","updated_on":"2019-08-24T14:15:22Z","asset_id":"b4695157-0d1d-4da0-8f9e-5c53149389e4","dataset":"umd_tree_cover_loss","version":"v1.8","asset_type":"Dynamic vector tile cache","asset_uri":"https://tiles.example/umd_tree_cover_loss/v1.8/dynamic/{z}/{x}/{y}.pbf","status":"saved","is_managed":true,"is_downloadable":true,"metadata":{"tags":["forest"],"min_zoom":0,"max_zoom":22,"fields":[{"name":"iso","alias":"Country","description":null,"data_type":"text","unit":null,"is_feature_info":true,"is_filter":true}],"id":"497f6eca-6276-4993-bfeb-53cbbbba6f08"}}],"status":"success","links":{"self":"${host}/assets?page[number]=1&page[size]=25","first":"${host}/assets?page[number]=1&page[size]=25","last":"${host}/assets?page[number]=1&page[size]=25","prev":"","next":""},"meta":{"size":"25","total_items":"1","total_pages":"1"}}`,
    )
    expect(response.headers.get('Content-Type')).toBe('application/json')
    expect(response.headers.get('Cache-Control')).toBe('private, max-age=60')
    expect(response.headers.get('Link')).toBe(
      `<${host}/assets?page[number]=1&page[size]=25>; rel="first", <${host}/assets?page[number]=1&page[size]=25>; rel="last", </asset/b4695157-0d1d-4da0-8f9e-5c53149389e4/tilejson.json>; rel="tilejson", <${host}/openapi.json>; rel="service-desc"`,
    )
  })

  it('of no match is a page without items', async () => {
    await resetCatalogue([])
    const page = await list('?asset_uri=')
    expect(page.data).toEqual([])
    expect(page.meta).toEqual({ size: '25', total_items: '0', total_pages: '1' })
    expect([page.links.prev, page.links.next]).toEqual(['', ''])
    expect(page.links.first).toBe(page.links.last)
  })

  it.each([
    ['2019-08-24T14:15:22Z', '2019-08-24T14:15:22Z'],
    ['2019-08-24T14:15:22.123Z', '2019-08-24T14:15:22.123000Z'],
    ['2019-08-24T14:15:22.000001Z', '2019-08-24T14:15:22.000001Z'],
    ['2019-08-24T16:15:22.5+02:00', '2019-08-24T14:15:22.500000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ])('writes the time %s as %s', async (created_on, written) => {
    await resetCatalogue([{ created_on }])
    expect((await list()).data[0]?.created_on).toBe(written)
  })
})

describe('metadata', () => {
  const tileCache = ['tags', 'min_zoom', 'max_zoom', 'fields', 'id']
  const table = ['tags', 'fields', 'id']
  const keys: Record<string, string[]> = {
    'Dynamic vector tile cache': tileCache,
    'Static vector tile cache': tileCache,
    'Raster tile cache': tileCache,
    'Raster tile set': ['tags', 'bands', 'resolution', 'id'],
    'Database table': table,
    'Geo database table': table,
    'ESRI Shapefile': table,
    Geopackage: table,
    ndjson: table,
    csv: table,
    tsv: table,
    '1x1 grid': table,
    COG: ['tags', 'bands', 'block_size', 'resampling', 'id'],
  }

  it.each(ASSET_TYPES)('of a %s has all its keys, in order', async (asset_type) => {
    await resetCatalogue([
      { asset_type, metadata: { tags: ['a'], unknown: 1 } },
      { asset_type, metadata: {}, created_on: '2020-01-01T00:00:00Z' },
    ])
    const [recorded, none] = (await list()).data
    expect(Object.keys(recorded?.metadata ?? {})).toEqual(keys[asset_type])
    expect(recorded?.metadata.tags).toEqual(['a'])
    expect(recorded?.metadata.id).toBeNull()
    expect(none?.metadata).toEqual({})
  })

  it('has zooms 0 and 22 only for a dynamic vector tile cache that recorded none', async () => {
    const metadata = { tags: [] }
    await resetCatalogue([
      { asset_type: 'Dynamic vector tile cache', metadata },
      { asset_type: 'Dynamic vector tile cache', metadata: { min_zoom: 3, max_zoom: 12 } },
      { asset_type: 'Static vector tile cache', metadata },
    ])
    const zooms = (await list('?page[size]=3')).data.map(
      ({ asset_type, metadata: { min_zoom, max_zoom } }) => [asset_type, min_zoom, max_zoom],
    )
    expect(zooms.sort()).toEqual([
      ['Dynamic vector tile cache', 0, 22],
      ['Dynamic vector tile cache', 3, 12],
      ['Static vector tile cache', null, null],
    ])
  })

  it('keeps fields in order and fills in what is not recorded', async () => {
    const fields = [{ name: 'z', is_filter: false }, FIELD]
    await resetCatalogue([{ asset_type: 'csv', metadata: { fields } }])
    const [asset] = (await list()).data
    expect(JSON.stringify(asset?.metadata.fields)).toBe(
      JSON.stringify([
        {
          name: 'z',
          alias: null,
          description: null,
          data_type: null,
          unit: null,
          is_feature_info: true,
          is_filter: false,
        },
        FIELD,
      ]),
    )
  })

  it('keeps recorded numbers and JSON of bands', async () => {
    const statistics = { min: 0, max: 1.5, histogram: null }
    const values_table = { rows: [{ value: 1, meaning: null }], default_meaning: null }
    await resetCatalogue([
      {
        asset_type: 'Raster tile set',
        metadata: {
          resolution: 27.83,
          bands: [{ pixel_meaning: 'b', statistics, values_table, no_data_value: '0' }],
        },
      },
    ])
    const [asset] = (await list()).data
    expect(asset?.metadata).toEqual({
      tags: null,
      bands: [
        {
          pixel_meaning: 'b',
          unit: null,
          description: null,
          statistics,
          values_table,
          data_type: null,
          compression: null,
          no_data_value: '0',
        },
      ],
      resolution: 27.83,
      id: null,
    })
  })
})

describe('filters', () => {
  beforeEach(() =>
    resetCatalogue([
      { dataset: 'abc', version: 'v1', asset_uri: 's3://1', is_default: true },
      { dataset: 'abc', version: 'v2', asset_uri: 's3://2', is_latest: true },
      { dataset: 'abc', version: 'v2', asset_uri: 's3://3', is_latest: true, asset_type: 'COG' },
      { dataset: 'xyz', version: 'v2', asset_uri: 's3://4', status: 'failed' },
      { dataset: 'xyz', version: 'v2.1', asset_uri: 's3://ü {z}%', status: 'pending' },
    ]),
  )

  it.each([
    ['', 5],
    ['dataset=abc', 3],
    ['version=v2', 3],
    ['version=2.1', 1],
    ['version=latest', 2],
    ['dataset=xyz&version=latest', 0],
    ['asset_type=COG', 1],
    [`asset_uri=${encodeURIComponent('s3://ü {z}%')}`, 1],
    ['asset_uri=s3://', 0],
    ['is_latest=true', 2],
    ['is_latest=false', 3],
    ['is_default=yes', 1],
    ['is_default=no', 4],
    ['status=failed', 1],
    ['dataset=abc&version=v2&asset_type=csv&is_latest=1&is_default=0&status=saved', 1],
    ["asset_uri='; drop table assets; --", 0],
  ])('%s matches %i', async (search, matches) => {
    const page = await list(`?${search}`)
    expect(page.data).toHaveLength(matches)
    expect(page.meta.total_items).toBe(`${matches}`)
  })

  it('are kept in every link', async () => {
    const { links } = await list('?dataset=abc&is_latest=Y&version=2&page[size]=1')
    const base = links.self.slice(0, links.self.indexOf('?'))
    const page = (number: number) =>
      `${base}?dataset=abc&version=v2&is_latest=true&page[number]=${number}&page[size]=1`
    expect(links).toEqual({
      self: page(1),
      first: page(1),
      last: page(2),
      prev: '',
      next: page(2),
    })
  })
})

describe('pages', () => {
  it.each(['5', '9223372036854775808', '99999999999999999999999999'])(
    'past the last: %s is a 422',
    async (number) => {
      await resetCatalogue(Array.from({ length: 4 }, () => ({})))
      const { fetch } = await startIsolate()
      const response = await fetch(`${newHost()}/assets?page[size]=1&page[number]=${number}`)
      expect(response.status).toBe(422)
      expect(await response.json()).toEqual({
        detail: [
          {
            loc: ['query', 'page[number]'],
            msg: `Page number ${number} is larger than the total page count: 4`,
            type: 'value_error.page',
          },
        ],
      })
    },
  )

  it('visit each matching asset once, forwards and back, whatever ties created_on has', async () => {
    const { fetch } = await startIsolate()
    const row = fc.record({
      created_on: fc.constantFrom('2020-01-01T00:00:00Z', '2020-01-01T00:00:00.000001Z'),
      asset_type: fc.constantFrom('csv', 'COG'),
      status: fc.constantFrom('saved', 'failed'),
      version: fc.constantFrom('v1', 'v2'),
    })
    const search = fc.constantFrom('', 'asset_type=csv', 'status=saved&version=v1', 'version=2')
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        search,
        fc.integer({ min: 1, max: 12 }),
        async (rows: AssetRow[], filters, size) => {
          await resetCatalogue(rows)
          const host = newHost()
          const forwards = await crawl(
            fetch,
            `${host}/assets?${filters}&page[size]=${size}`,
            'next',
          )
          const ids = forwards.flatMap((page) => page.data.map((asset) => asset.asset_id))
          expect(new Set(ids).size).toBe(ids.length)
          expect(`${ids.length}`).toBe(forwards[0]?.meta.total_items)
          expect(ids.length).toBe(rows.filter((asset) => matches(asset, filters)).length)
          const last = forwards[0]?.links.last ?? ''
          const back = await crawl(fetch, last, 'prev')
          expect(back.reverse()).toEqual(forwards)
        },
      ),
      { numRuns: 60 },
    )
  })

  async function crawl(
    fetch: (url: string) => Promise<Response>,
    from: string,
    direction: 'next' | 'prev',
  ): Promise<Page[]> {
    const pages: Page[] = []
    for (let url = from; url; ) {
      const response = await fetch(url)
      expect(response.status).toBe(200)
      const page = await response.json<Page>()
      const self = await fetch(page.links.self)
      expect(await self.json()).toEqual(page)
      pages.push(page)
      url = page.links[direction]
    }
    return pages
  }

  function matches(asset: AssetRow, filters: string): boolean {
    const wanted = new URLSearchParams(filters)
    const version = wanted.get('version')?.replace(/^v?/, 'v')
    return (
      (wanted.get('asset_type') ?? asset.asset_type) === asset.asset_type &&
      (wanted.get('status') ?? asset.status) === asset.status &&
      (version ?? asset.version) === asset.version
    )
  }
})

describe('conditional requests', () => {
  beforeEach(() => resetCatalogue([{}]))

  it('are answered 304 with the same headers, from the cache', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    const full = await fetch(url)
    const etag = full.headers.get('ETag') ?? ''
    expect(etag).toMatch(/^"[\w-]{43}"$/)
    for (const condition of [etag, `W/${etag}`, `"x", W/"y,z" , ${etag}`, '*']) {
      const response = await fetch(url, { headers: { 'If-None-Match': condition } })
      expect(response.status).toBe(304)
      expect(await response.text()).toBe('')
      for (const name of ['ETag', 'Cache-Control', 'Link', 'Access-Control-Allow-Origin']) {
        expect(response.headers.get(name)).toBe(full.headers.get(name))
      }
      expect(response.headers.get('Cache-Status')).toMatch(/^assets; hit; ttl=(59|60)$/)
      expect(response.headers.get('Access-Control-Expose-Headers')).toContain('ETag')
    }
  })

  it.each(['"x"', 'W/"x"', '', 'x', '""'])('%s is answered in full', async (condition) => {
    const { fetch } = await startIsolate()
    const response = await fetch(`${newHost()}/assets`, { headers: { 'If-None-Match': condition } })
    expect(response.status).toBe(200)
  })

  it('get another tag for another body', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    const [one, two] = [await fetch(`${host}/assets`), await fetch(`${host}/assets?page[size]=2`)]
    expect(one.headers.get('ETag')).not.toBe(two.headers.get('ETag'))
  })
})
