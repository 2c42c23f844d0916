/** `GET /dataset/{dataset}/{version}`, and what all paths with a version have in common. */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import { insertAssets, newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

const TILES = 'https://tiles.example/loss/{z}/{x}/{y}.pbf'

beforeAll(async () => {
  await resetCatalog([
    {
      dataset: 'loss',
      version: 'v1.12',
      is_latest: true,
      asset_id: '2b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c',
      asset_uri: 's3://é "\\ loss.csv',
    },
    {
      dataset: 'loss',
      version: 'v1.12',
      asset_id: '1b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c',
      asset_type: 'Static vector tile cache',
      asset_uri: TILES,
      status: 'pending',
    },
    {
      dataset: 'loss',
      version: 'v1.12',
      asset_type: 'COG',
      asset_uri: 's3://first.tif',
      created_on: '2019-08-24T14:15:21Z',
    },
    { dataset: 'loss', version: 'v1.9', asset_uri: 's3://old.csv' },
    { dataset: 'gain', version: 'v1.12', asset_uri: 's3://gain.csv' },
  ])
  await query("insert into versions (dataset, version) values ('loss', 'v3')")
})

async function get(path: string): Promise<Response> {
  return (await startIsolate()).fetch(`${newHost()}${path}`)
}

describe('GET /dataset/{dataset}/{version}', () => {
  const latest = {
    dataset: 'loss',
    version: 'v1.12',
    is_latest: true,
    assets: [
      ['COG', 's3://first.tif'],
      ['Static vector tile cache', TILES],
      ['csv', 's3://é "\\ loss.csv'],
    ],
  }

  it.each([
    ['loss/v1.12', latest],
    ['loss/1.12', latest],
    ['loss/latest', latest],
    [
      'loss/v1.9',
      { dataset: 'loss', version: 'v1.9', is_latest: false, assets: [['csv', 's3://old.csv']] },
    ],
    ['loss/v3', { dataset: 'loss', version: 'v3', is_latest: false, assets: [] }],
  ])('%s lists all assets in the order of listings', async (path, data) => {
    const response = await get(`/dataset/${path}`)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe(JSON.stringify({ data, status: 'success' }))
  })

  it('lists at most 10,000 assets', async () => {
    const insert = (from: number, to: number) =>
      query(
        `insert into assets (dataset, version, asset_type, asset_uri, created_on)
         select 'many', 'v1', 'csv', 's3://many/' || n, timestamptz '2020-01-01Z' + n * interval '1 s'
         from generate_series($1::int, $2::int) as n`,
        [`${from}`, `${to}`],
      )
    await query("insert into versions (dataset, version) values ('many', 'v1')")
    // They would take most of the time.
    await query('alter table assets disable trigger all')
    await insert(1, 10_000)
    await query('alter table assets enable trigger all')
    await query('select public.refresh_catalog()')
    const { data } = await (await get('/dataset/many/v1')).json<{ data: { assets: string[][] } }>()
    expect(data.assets.length).toBe(10_000)
    expect([data.assets[0], data.assets.at(-1)]).toEqual([
      ['csv', 's3://many/1'],
      ['csv', 's3://many/10000'],
    ])
    await insert(10_001, 10_001)
    const response = await get('/dataset/many/v1')
    expect([response.status, await response.json()]).toEqual([422, TOO_MANY('many', 'v1')])
    expect((await get('/dataset/many/v1/assets?page[size]=1000')).status).toBe(200)
  })

  it.each([
    ['6 MiB', 'x', 3200],
    // Neon's limit is 10 MiB, in which each backslash counts four times.
    ["what fits into Neon's answer", '\\', 1350],
  ])('refuses a body over %s', async (_, character, assets) => {
    const dataset = `large_${assets}`
    await query('insert into versions (dataset, version, is_latest) values ($1, $2, true)', [
      dataset,
      'v1',
    ])
    await query(
      `insert into assets (dataset, version, asset_type, asset_uri)
       select $1, 'v1', 'csv', rpad('s3://' || $1 || n || '/', 2048, $2)
       from generate_series(1, $3::int) as n`,
      [dataset, character, `${assets}`],
    )
    const response = await get(`/dataset/${dataset}/latest`)
    expect([response.status, await response.json()]).toEqual([422, TOO_MANY(dataset, 'latest')])
  })

  function TOO_MANY(dataset: string, version: string) {
    const msg = `The version has too many assets for one answer; ask for pages of /dataset/${dataset}/${version}/assets`
    return { detail: [{ loc: ['path', 'version'], msg, type: 'value_error.version_bytes' }] }
  }
})

describe.each(['', '/assets', '/tilejson.json'])('/dataset/{dataset}/{version}%s', (rest) => {
  it.each([
    ['los/v1.12', 'Dataset with name los does not exist'],
    ['los/latest', 'Dataset with name los does not exist'],
    ['loss/v1.1', 'Version with name loss.v1.1 does not exist'],
    ['loss/1.1', 'Version with name loss.v1.1 does not exist'],
    ['loss/v01.12', 'Version with name loss.v01.12 does not exist'],
    ['gain/v1.9', 'Version with name gain.v1.9 does not exist'],
    ['gain/latest', 'Dataset with name gain has no latest version'],
  ])('answers 404 that names what is missing: %s', async (path, detail) => {
    const response = await get(`/dataset/${path}${rest}`)
    expect([response.status, await response.json()]).toEqual([404, { detail }])
    expect(response.headers.get('Cache-Control')).toBe('no-store')
  })

  it('finds a version that is added after a 404', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    const dataset = `added${rest.replaceAll(/\W/g, '_')}`
    const urls = ['v1', 'latest'].map((version) => `${host}/dataset/${dataset}/${version}${rest}`)
    for (const url of urls) expect((await fetch(url)).status).toBe(404)
    await insertAssets([
      {
        dataset,
        version: 'v1',
        is_latest: true,
        asset_type: 'Raster tile cache',
        asset_uri: `https://tiles.example/${dataset}/{z}/{x}/{y}.png`,
      },
    ])
    for (const url of urls) expect((await fetch(url)).status).toBe(200)
  })

  it('follows the latest version within the freshness promise', async () => {
    const { fetch } = await startIsolate()
    const dataset = `moving${rest.replaceAll(/\W/g, '_')}`
    const uri = (version: string) => `https://tiles.example/${dataset}/${version}/{z}/{x}/{y}.png`
    await insertAssets(
      ['v1', 'v2'].map((version) => ({
        dataset,
        version,
        is_latest: version === 'v1',
        asset_type: 'Raster tile cache',
        asset_uri: uri(version),
      })),
    )
    const url = `${newHost()}/dataset/${dataset}/latest${rest}`
    expect(await (await fetch(url)).text()).toContain(JSON.stringify(uri('v1')))
    await query('update versions set is_latest = false where dataset = $1', [dataset])
    await query("update versions set is_latest = true where dataset = $1 and version = 'v2'", [
      dataset,
    ])
    vi.setSystemTime(Date.now() + 61_000)
    const answer = await (await fetch(url)).text()
    expect(answer).toContain(JSON.stringify(uri('v2')))
    expect(answer).not.toContain(JSON.stringify(uri('v1')))
  })

  it('names the faults of dataset and version', async () => {
    const response = await get(`/dataset/Loss/v1.2.3.4${rest}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({
      detail: [
        {
          loc: ['path', 'dataset'],
          msg: 'string does not match regex "^[a-z][a-z0-9_-]{2,}$"',
          type: 'value_error.str.regex',
        },
        VERSION_FAULT,
      ],
    })
  })

  it.each([
    'v',
    'v1.',
    'V1',
    'Latest',
    'latest%00',
    '%00',
    'v1%0A',
    '%20v1',
    'v1%2Fassets',
    'v%D9%A1',
    '%ff',
    '%zz',
    "v1'--",
    'v1%22',
    'v123456789',
    '-1',
    '1e1',
    '0x10',
    '1'.repeat(1_000_000),
  ])('answers 422 to a version that is none (%#)', async (version) => {
    const response = await get(`/dataset/loss/${version}${rest}`)
    expect([response.status, await response.json()]).toEqual([422, { detail: [VERSION_FAULT] }])
  })
})

const VERSION_FAULT = {
  loc: ['path', 'version'],
  msg: 'string does not match regex "^v\\d{1,8}(\\.\\d{1,3}){0,2}$|^latest$"',
  type: 'value_error.str.regex',
}

it.each(['/dataset/loss/v1.12', '/dataset/loss/latest'])(
  '%s is one answer for each spelling of the path',
  async (path) => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(host + path)
    const spelled = path.replace('loss', '%6Coss').replace('/v1.12', '/1%2E12')
    const response = await fetch(`${host}${spelled}?utm=x`)
    expect(response.headers.get('Cache-Status')).toMatch(/^assets; hit; ttl=/)
  },
)
