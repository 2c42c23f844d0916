import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newHost, resetCatalog, startIsolate } from '../../harness/worker.ts'

type Page = { data: Record<string, unknown>[]; meta: unknown }

async function list(search = ''): Promise<Page> {
  const { fetch } = await startIsolate()
  const response = await fetch(`${newHost()}/assets${search}`)
  expect(response.status).toBe(200)
  return response.json<Page>()
}

describe('the answer', () => {
  it("is the specification's example, key order included", async () => {
    await resetCatalog([
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

  it('is an empty page if nothing matches', async () => {
    await resetCatalog([])
    const host = newHost()
    const { fetch } = await startIsolate()
    const link = `${host}/assets?asset_uri=&page[number]=1&page[size]=25`
    expect(await (await fetch(`${host}/assets?asset_uri=`)).json()).toEqual({
      data: [],
      status: 'success',
      links: { self: link, first: link, last: link, prev: '', next: '' },
      meta: { size: '25', total_items: '0', total_pages: '1' },
    })
  })

  it('writes times in UTC, to the stored microsecond', async () => {
    const times = [
      ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
      ['2019-08-24T14:15:22Z', '2019-08-24T14:15:22Z'],
      ['2019-08-24T14:15:22.000001Z', '2019-08-24T14:15:22.000001Z'],
      ['2019-08-24T14:15:22.123Z', '2019-08-24T14:15:22.123000Z'],
      ['2019-08-24T16:15:22.5+02:00', '2019-08-24T14:15:22.500000Z'],
      ['2019-12-31T23:45:10-00:30', '2020-01-01T00:15:10Z'],
      ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
    ]
    await resetCatalog(
      times.map(([created_on = ''], index) => ({
        created_on,
        updated_on: times.at(-1 - index)?.[0] ?? '',
      })),
    )
    const { data } = await list()
    const written = times.map(([, time]) => time)
    expect(data.map(({ created_on }) => created_on)).toEqual(written)
    expect(data.map(({ updated_on }) => updated_on)).toEqual(written.toReversed())
  })
})

describe('filters', () => {
  beforeAll(() =>
    resetCatalog([
      { dataset: 'abc', version: 'v1', asset_uri: 's3://1', is_default: true },
      { dataset: 'abc', version: 'v2', asset_uri: 's3://2', is_latest: true },
      { dataset: 'abc', version: 'v2', asset_uri: 's3://3', is_latest: true, asset_type: 'COG' },
      { dataset: 'xyz', version: 'v2', asset_uri: 's3://4', status: 'failed' },
      { dataset: 'xyz', version: 'v2.1', asset_uri: 's3://ü {z}%', status: 'pending' },
      { dataset: 'xyz', version: 'v3', asset_uri: ' s3://1 ', status: 'pending' },
    ]),
  )

  // `listing.test.ts` covers each filter and each pair of filters.
  it.each([
    ['version=2.1', ['s3://ü {z}%']],
    ['dataset=xyz&version=latest', []],
    ['version=latest&is_latest=false', []],
    ['is_latest=false&version=latest&dataset=abc', []],
    ['version=latest&is_latest=true', ['s3://2', 's3://3']],
    ['version=latest&version=v1', ['s3://1']],
    [`asset_uri=${encodeURIComponent('s3://ü {z}%')}`, ['s3://ü {z}%']],
    ['asset_uri=s3://ü+{z}%25', ['s3://ü {z}%']],
    ['asset_uri=s3://', []],
    ['asset_uri=S3://1', []],
    ['asset_uri=s3://1', ['s3://1']],
    ['asset_uri=s3://1%20', []],
    ['asset_uri=%20s3://1%20', [' s3://1 ']],
    ['asset_uri=', []],
    ['is_default=yes', ['s3://1']],
    ['is_default=no', [' s3://1 ', 's3://2', 's3://3', 's3://4', 's3://ü {z}%']],
    ['dataset=abc&version=v2&asset_type=csv&is_latest=1&is_default=0&status=saved', ['s3://2']],
    ['dataset=abc&version=2&asset_type=COG&asset_uri=s3://3&is_latest=1&status=saved', ['s3://3']],
    ["asset_uri='; drop table assets; --", []],
  ])('%s matches %j', async (search, uris) => {
    const { data, meta } = await list(`?${search}`)
    expect(data.map(({ asset_uri }) => asset_uri).sort()).toEqual(uris)
    expect(meta).toEqual({ size: '25', total_items: `${uris.length}`, total_pages: '1' })
  })
})

describe('a page past the last is a 422:', () => {
  beforeAll(() => resetCatalog(Array.from({ length: 4 }, () => ({}))))

  it.each([
    ['page[size]=1', '5', 4],
    ['page[size]=4', '2', 1],
    ['page[size]=3', '3', 2],
    ['page[size]=1', '9223372036854775808', 4],
    ['page[size]=1000', '9223372036854775', 1],
    ['page[size]=1', '99999999999999999999999999', 4],
    ['status=failed', '2', 1],
    ['version=latest&is_latest=false', '2', 1],
  ])('%s, page %s of %i', async (search, number, pages) => {
    const { fetch } = await startIsolate()
    const response = await fetch(`${newHost()}/assets?${search}&page[number]=${number}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({
      detail: [
        {
          loc: ['query', 'page[number]'],
          msg: `Page number ${number} is larger than the total page count: ${pages}`,
          type: 'value_error.page',
        },
      ],
    })
  })
})

describe('conditional requests', () => {
  beforeEach(() => resetCatalog([{}]))

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
        expect([name, response.headers.get(name)]).toEqual([name, full.headers.get(name)])
        expect(response.headers.has(name)).toBe(true)
      }
      expect(response.headers.get('Cache-Status')).toMatch(
        /^assets; hit; ttl=(59|60); detail=memory$/,
      )
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
