import * as fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { listing, SAMPLE_ASSETS, SAMPLE_URI, storeSample } from '../../harness/sample-catalog.ts'
import { insertAssets, newHost, query, spyOnNetwork, startIsolate } from '../../harness/worker.ts'

const CRAWLED = Array.from({ length: 20 }, (_, n) => ({
  dataset: 'crawled',
  version: 'v1',
  asset_id: crypto.randomUUID(),
  asset_type: n % 2 ? 'csv' : 'Raster tile cache',
  asset_uri: `https://tiles.example/${n}/{z}/{x}/{y}.png`,
  created_on: `2020-01-01T00:00:${10 + n}Z`,
}))

beforeAll(async () => {
  await storeSample(SAMPLE_ASSETS)
  await insertAssets(CRAWLED)
})
afterEach(() => {
  vi.restoreAllMocks()
})

async function get(url: string): Promise<Response> {
  return (await startIsolate()).fetch(url)
}

describe('GET /dataset/{dataset}/{version}/assets', () => {
  it('is the page of /assets with the dataset and the version, with links to its own path', async () => {
    const host = newHost()
    const filters = 'is_default=false&status=saved&page[number]=2&page[size]=1'
    const own = await get(`${host}/dataset/crawled/1/assets?${filters}`)
    const other = await get(`${host}/assets?dataset=crawled&version=v1&${filters}`)
    expect([own.status, other.status]).toEqual([200, 200])
    const toOwn = (text: string | null) =>
      text?.replaceAll('/assets?dataset=crawled&version=v1&', '/dataset/crawled/v1/assets?')
    expect(own.headers.get('Link')).toBe(toOwn(other.headers.get('Link')))
    const text = await own.text()
    expect(text).toBe(toOwn(await other.text()))
    const link = (number: number) =>
      `${host}/dataset/crawled/v1/assets?is_default=false&status=saved&page[number]=${number}&page[size]=1`
    expect(JSON.parse(text).links).toEqual({
      self: link(2),
      first: link(1),
      last: link(20),
      prev: link(1),
      next: link(3),
    })
  })

  it('keeps latest in its links', async () => {
    const host = newHost()
    const { links, data } = await (await get(`${host}/dataset/umd_loss/latest/assets`)).json<{
      links: { self: string }
      data: { version: string }[]
    }>()
    expect(links.self).toBe(`${host}/dataset/umd_loss/latest/assets?page[number]=1&page[size]=25`)
    expect(new Set(data.map(({ version }) => version))).toEqual(new Set(['v1.10']))
  })

  it('is empty if the filters leave no asset of the version', async () => {
    const host = newHost()
    const link = `${host}/dataset/umd_loss/v2/assets?asset_uri=s3%3A%2F%2Fnone&page[number]=1&page[size]=25`
    expect(
      await (await get(`${host}/dataset/umd_loss/v2/assets?asset_uri=s3://none`)).json(),
    ).toEqual({
      data: [],
      status: 'success',
      links: { self: link, first: link, last: link, prev: '', next: '' },
      meta: { size: '25', total_items: '0', total_pages: '1' },
    })
  })

  it.each(['dataset=abc&version=v9', 'dataset=&version=', 'version=%00'])(
    'ignores ?%s, also in the cache key',
    async (search) => {
      const { fetch } = await startIsolate()
      const url = `${newHost()}/dataset/abc/v1.10/assets`
      const plain = await (await fetch(url)).text()
      const response = await fetch(`${url}?${search}`)
      expect(await response.text()).toBe(plain)
      expect(response.headers.get('Cache-Status')).toMatch(/^assets; hit; ttl=/)
    },
  )

  it('names the faults of the path and of the query at once', async () => {
    const response = await get(`${newHost()}/dataset/x/latest/assets?page[size]=0&is_default=maybe`)
    expect([response.status, await response.json()]).toEqual([
      422,
      {
        detail: [
          {
            loc: ['path', 'dataset'],
            msg: 'string does not match regex "^[a-z][a-z0-9_-]{2,}$"',
            type: 'value_error.str.regex',
          },
          {
            loc: ['query', 'is_default'],
            msg: 'value could not be parsed to a boolean',
            type: 'type_error.bool',
          },
          {
            loc: ['query', 'page[size]'],
            msg: 'ensure this value is greater than or equal to 1',
            type: 'value_error.number.not_ge',
          },
        ],
      },
    ])
  })

  it('is a 422 past the last page', async () => {
    const response = await get(`${newHost()}/dataset/abc/v1.10/assets?page[number]=2`)
    expect([response.status, await response.json()]).toEqual([
      422,
      {
        detail: [
          {
            loc: ['query', 'page[number]'],
            msg: 'Page number 2 is larger than the total page count: 1',
            type: 'value_error.page',
          },
        ],
      },
    ])
  })

  it('suggests a page size that fits if a page is too large', async () => {
    await query("insert into versions (dataset, version) values ('large', 'v1')")
    await query(
      `insert into assets (dataset, version, asset_type, asset_uri, metadata)
       select 'large', 'v1', 'csv', 's3://large/' || n,
         jsonb_build_object('tags', jsonb_build_array(repeat('x', 900000)))
       from generate_series(1, 9) as n`,
    )
    const url = `${newHost()}/dataset/large/v1/assets`
    const response = await get(url)
    expect([response.status, await response.json()]).toEqual([
      422,
      {
        detail: [
          {
            loc: ['query', 'page[size]'],
            msg: 'A page of 25 of these assets is larger than 6 MiB; ask for at most 5',
            type: 'value_error.page_bytes',
          },
        ],
      },
    ])
    expect((await get(`${url}?page[size]=5`)).status).toBe(200)
    await query("delete from assets where dataset = 'large'")
    await query("delete from versions where dataset = 'large'")
  })

  it('reads ahead in a crawl, and visits each asset once', async () => {
    const { fetch } = await startIsolate()
    const network = spyOnNetwork()
    const ids: string[] = []
    let pages = 0
    for (let url = `${newHost()}/dataset/crawled/v1/assets?page[size]=1`; url !== ''; pages++) {
      const page = await (await fetch(url)).json<{
        data: { asset_id: string }[]
        links: { next: string }
      }>()
      ids.push(...page.data.map(({ asset_id }) => asset_id))
      url = page.links.next
    }
    expect(ids).toEqual(CRAWLED.map(({ asset_id }) => asset_id))
    expect(pages).toBe(20)
    // The first page, then up to eight with each call.
    expect(network).toHaveBeenCalledTimes(4)
  })
})

/** Versions in paths, those of the sample and others, and what they match. */
const VERSIONS = ['v1.9', 'v1.10', 'v2', 'v20240301', 'latest', 'v7']
const STORED = new Map([
  ['umd_loss', ['v1.9', 'v1.10', 'v2']],
  ['umd-loss', ['v1.10', 'v2']],
  ['umd0loss', ['v2', 'v20240301']],
  ['abc', ['v1.10']],
])
const LATEST = new Map([
  ['umd_loss', 'v1.10'],
  ['umd-loss', 'v2'],
  ['abc', 'v1.10'],
])

it('answers any version and filters as the model does', async () => {
  const { fetch } = await startIsolate()
  const host = newHost()
  const filters = fc.record(
    {
      asset_type: fc.constantFrom('csv', 'COG', 'Raster tile set', 'Raster tile cache'),
      asset_uri: fc.constant(SAMPLE_URI),
      is_latest: fc.boolean(),
      is_default: fc.boolean(),
      status: fc.constantFrom('saved', 'pending', 'failed'),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...STORED.keys(), 'unknown'),
      fc.constantFrom(...VERSIONS),
      filters,
      async (dataset, version, wanted) => {
        const search = new URLSearchParams(
          Object.entries(wanted).map(([name, value]): [string, string] => [name, `${value}`]),
        )
        const url = `${host}/dataset/${dataset}/${version}/assets?${search}&page[size]=1000`
        const response = await fetch(url)
        const named = version === 'latest' ? LATEST.get(dataset) : version
        const exists = STORED.get(dataset)?.some((stored) => stored === named) ?? false
        const { is_latest, is_default, ...onWire } = wanted
        const matching = listing(
          SAMPLE_ASSETS,
          (asset) =>
            asset.wire.dataset === dataset &&
            asset.wire.version === named &&
            (is_latest ?? asset.is_latest) === asset.is_latest &&
            (is_default ?? asset.is_default) === asset.is_default &&
            Object.entries(onWire).every(
              ([name, value]) =>
                new Map<string, unknown>(Object.entries(asset.wire)).get(name) === value,
            ),
        )
        const { data } = await response.json<{ data?: unknown[] }>()
        expect([response.status, data]).toEqual(exists ? [200, matching] : [404, undefined])
      },
    ),
    { numRuns: 200 },
  )
})
