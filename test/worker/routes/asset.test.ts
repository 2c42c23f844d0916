import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  insertAssets,
  newHost,
  resetCatalog,
  spyOnNetwork,
  startIsolate,
} from '../../harness/worker.ts'

const STATIC = '0b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c'
const CSV = '2b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c'
const UNKNOWN = 'ffffffff-8d39-4d8c-9d0f-2f1c2f3a4b5c'

const metadataId = '497f6eca-6276-4993-bfeb-53cbbbba6f08'
const iso = {
  name: 'iso',
  alias: 'Country',
  description: null,
  data_type: 'text',
  unit: null,
  is_feature_info: true,
  is_filter: true,
}

beforeAll(() =>
  resetCatalog([
    {
      asset_id: STATIC,
      asset_type: 'Static vector tile cache',
      asset_uri: 'https://tiles.example/loss/{z}/{x}/{y}.pbf',
      metadata: {
        tags: null,
        min_zoom: 0,
        max_zoom: 9,
        fields: [iso, { ...iso, name: 'area', data_type: null }],
        id: metadataId,
      },
    },
    { asset_id: CSV, asset_uri: 's3://bucket/loss.csv' },
  ]),
)

async function get(path: string, init?: RequestInit): Promise<Response> {
  return (await startIsolate()).fetch(`https://api.example${path}`, init)
}

describe('GET /asset/{asset_id}', () => {
  it('returns the asset as in a listing', async () => {
    const response = await get(`/asset/${STATIC}`)
    expect(response.status).toBe(200)
    const [listed] = await get('/assets?asset_type=Static%20vector%20tile%20cache')
      .then((page) => page.json<{ data: unknown[] }>())
      .then(({ data }) => data)
    const text = await response.text()
    expect(text).toBe(JSON.stringify({ data: listed, status: 'success' }))
    expect(JSON.parse(text)).toEqual({
      data: {
        created_on: '2019-08-24T14:15:22Z',
        updated_on: '2019-08-24T14:15:22Z',
        asset_id: STATIC,
        dataset: 'umd_tree_cover_loss',
        version: 'v1.8',
        asset_type: 'Static vector tile cache',
        asset_uri: 'https://tiles.example/loss/{z}/{x}/{y}.pbf',
        status: 'saved',
        is_managed: true,
        is_downloadable: true,
        metadata: {
          tags: null,
          min_zoom: 0,
          max_zoom: 9,
          fields: [iso, { ...iso, name: 'area', data_type: null }],
          id: metadataId,
        },
      },
      status: 'success',
    })
  })

  it('accepts an id in any case', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(`${host}/asset/${CSV}`)
    const response = await fetch(`${host}/asset/${CSV.toUpperCase()}`)
    expect(response.headers.get('Cache-Status')).toMatch(/^assets; hit; ttl=/)
    expect(await response.json()).toMatchObject({ data: { asset_id: CSV } })
  })

  it('answers 404 for an unknown id', async () => {
    const response = await get(`/asset/${UNKNOWN}`)
    expect(response.status).toBe(404)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(await response.json()).toEqual({ detail: `Could not find requested asset ${UNKNOWN}` })
  })

  it.each([
    'abc',
    '1',
    `${CSV}0`,
    `{${CSV}}`,
    CSV.replaceAll('-', ''),
    '%00',
    '%ZZ',
    `${CSV}%0A`,
    `%20${CSV}`,
  ])('answers 422 to the id %s', async (id) => {
    const response = await get(`/asset/${id}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({
      detail: [
        { loc: ['path', 'asset_id'], msg: 'value is not a valid uuid', type: 'type_error.uuid' },
      ],
    })
  })

  it('finds an asset added after a 404', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    const id = crypto.randomUUID()
    expect((await fetch(`${host}/asset/${id}`)).status).toBe(404)
    await insertAssets([{ asset_id: id, dataset: 'added_later' }])
    expect((await fetch(`${host}/asset/${id}`)).status).toBe(200)
  })
})

describe.each([
  `/asset/${STATIC}`,
  `/asset/${STATIC}/tilejson.json`,
  '/datasets',
  '/dataset/umd_tree_cover_loss',
  '/dataset/umd_tree_cover_loss/v1.8',
  '/dataset/umd_tree_cover_loss/v1.8/assets',
  '/dataset/umd_tree_cover_loss/v1.8/tilejson.json',
])('%s', (path) => {
  it('costs one database call, then none, then answers 304', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}${path}`
    const network = spyOnNetwork()
    const cold = await fetch(url)
    expect(cold.status).toBe(200)
    expect(cold.headers.get('Cache-Status')).toBe('assets; fwd=uri-miss; stored')
    expect(network).toHaveBeenCalledTimes(1)
    const warm = await fetch(url)
    expect(warm.headers.get('Cache-Status')).toMatch(/^assets; hit; ttl=\d+; detail=memory$/)
    expect(await warm.text()).toBe(await cold.text())
    const etag = warm.headers.get('ETag') ?? ''
    const same = await fetch(url, { headers: { 'If-None-Match': `W/${etag}` } })
    expect(same.status).toBe(304)
    expect(same.headers.get('Link')).toContain('/openapi.json>; rel="service-desc"')
    expect(same.headers.get('Link')).toBe(warm.headers.get('Link'))
    expect(network).toHaveBeenCalledTimes(1)
    vi.restoreAllMocks()
  })

  it('is served stale while the database is down', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}${path}`
    await fetch(url)
    vi.useFakeTimers({ now: Date.now() + 90_000, toFake: ['Date'] })
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('down'))
    const stale = await fetch(url)
    expect(stale.status).toBe(200)
    expect(stale.headers.get('Cache-Status')).toMatch(
      /^assets; hit; ttl=-\d+; detail=database-down$/,
    )
    expect((await fetch(`${newHost()}${path}`)).status).toBe(503)
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('needs a token and is rate limited', async () => {
    const anonymous = await get(path, { headers: { Authorization: '' } })
    expect(anonymous.status).toBe(401)
    expect(await anonymous.json()).toEqual({ detail: 'Not authenticated' })
    const limit = async () => ({ success: false })
    const { fetch } = await startIsolate({ RATE_LIMITER: { limit } })
    expect((await fetch(`${newHost()}${path}`)).status).toBe(429)
  })

  it('answers only GET, HEAD and OPTIONS', async () => {
    const head = await get(path, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    expect((await get(path, { method: 'OPTIONS' })).status).toBe(204)
    const post = await get(path, { method: 'POST' })
    expect(post.status).toBe(405)
    expect(post.headers.get('Allow')).toBe('GET, HEAD, OPTIONS')
  })
})
