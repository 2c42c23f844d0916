/** The client with a stubbed `fetch`. `test/worker/client.test.ts` runs it against the Worker. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type CatalogClient, createClient } from '../../../packages/client/src/client.ts'
import { errorOf, idsOf } from '../../harness/catalog-client.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A `fetch` that returns the responses in turn; `requests` are its arguments. */
function answerWith(...answers: (() => Response)[]) {
  const requests: { url: string; init: RequestInit }[] = []
  async function fetch(url: string, init: RequestInit): Promise<Response> {
    requests.push({ url, init })
    const answer = answers.shift()
    if (!answer) throw new Error('one request too many')
    return answer()
  }
  return { fetch, requests }
}

function pageOf(assetIds: string[], next = ''): () => Response {
  const data = assetIds.map((asset_id) => ({ asset_id }))
  return () => Response.json({ data, links: { next } })
}

function busy(headers: Record<string, string> = {}, status = 503): () => Response {
  return () => Response.json({ detail: 'Service Unavailable' }, { status, headers })
}

describe('a request', () => {
  const assetId = 'a/../b?c'
  const next = 'https://x.example/listing?page[number]=2'
  it.each<[string, (catalog: CatalogClient) => Promise<unknown>, string]>([
    ['listAssets', (catalog) => catalog.listAssets(), '/assets?'],
    [
      'listAssets with filters',
      (catalog) => catalog.listAssets({ version: 'latest', is_latest: false, status: undefined }),
      '/assets?version=latest&is_latest=false',
    ],
    ['getAsset', (catalog) => catalog.getAsset(assetId), '/asset/a%2F..%2Fb%3Fc'],
    ['tileJson', (catalog) => catalog.tileJson(assetId), '/asset/a%2F..%2Fb%3Fc/tilejson.json'],
    [
      'listDatasets',
      (catalog) => catalog.listDatasets({ 'page[size]': 7 }),
      '/datasets?page%5Bsize%5D=7',
    ],
    ['getDataset', (catalog) => catalog.getDataset('a/../b?c'), '/dataset/a%2F..%2Fb%3Fc'],
    [
      'getVersion',
      (catalog) => catalog.getVersion({ dataset: 'a/b', version: '../c?' }),
      '/dataset/a%2Fb/..%2Fc%3F',
    ],
    [
      'listVersionAssets',
      (catalog) => catalog.listVersionAssets({ dataset: 'abc', version: 'v1', 'page[size]': 7 }),
      '/dataset/abc/v1/assets?page%5Bsize%5D=7',
    ],
    [
      'versionTileJson',
      (catalog) => catalog.versionTileJson({ dataset: 'abc', version: 'latest', is_default: true }),
      '/dataset/abc/latest/tilejson.json?is_default=true',
    ],
    ['eachAsset', (catalog) => catalog.eachAsset({ dataset: 'abc' }).next(), '/assets?dataset=abc'],
    ['eachDataset', (catalog) => catalog.eachDataset().next(), '/datasets?'],
    ['eachDataset without a signal', (catalog) => catalog.eachDataset({}, {}).next(), '/datasets?'],
  ])('by %s goes to its path', async (_, call, path) => {
    const { fetch, requests } = answerWith(pageOf(['1']))
    await call(createClient({ baseUrl: 'https://x.example', token: 'a.b-c_d~e+f/g==', fetch }))
    expect(requests).toEqual([
      {
        url: `https://x.example${path}`,
        init: {
          headers: { Authorization: 'Bearer a.b-c_d~e+f/g==' },
          redirect: 'manual',
          signal: null,
        },
      },
    ])
  })

  it('for the next page keeps the path of the listing', async () => {
    const { fetch, requests } = answerWith(pageOf(['1'], next), pageOf(['2'], next), pageOf(['3']))
    const datasets = createClient({ baseUrl: 'https://x.example', fetch }).eachDataset()
    const read: unknown[] = []
    for await (const dataset of datasets) read.push(dataset)
    expect(read).toEqual([{ asset_id: '1' }, { asset_id: '2' }, { asset_id: '3' }])
    expect(requests.map(({ url }) => url)).toEqual([
      'https://x.example/datasets?',
      'https://x.example/datasets?page[number]=2',
      'https://x.example/datasets?page[number]=2',
    ])
  })

  it('uses the global fetch by default', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json({ data: {} }))
    await createClient({ baseUrl: 'https://x.example' }).listAssets()
    expect(fetch).toHaveBeenCalledExactlyOnceWith('https://x.example/assets?', {
      headers: {},
      redirect: 'manual',
      signal: null,
    })
  })

  it('for an asset resolves to the asset, and for TileJSON to the whole body', async () => {
    const body = { data: { asset_id: '1' }, status: 'success' }
    const { fetch } = answerWith(
      () => Response.json(body),
      () => Response.json(body),
    )
    const catalog = createClient({ baseUrl: 'https://x.example', fetch })
    expect(await catalog.getAsset('1')).toEqual({ asset_id: '1' })
    expect(await catalog.tileJson('1')).toEqual(body)
  })
})

describe('CatalogError', () => {
  it('has the status, every fault, and the request id', async () => {
    const detail = [
      { loc: ['query', 'version'], msg: 'no version', type: 'a' },
      { loc: ['query', 'page[size]'], msg: 'too large', type: 'b' },
      { loc: ['path', 'datasets', 2], msg: 'unknown', type: 'c' },
    ]
    const headers = { 'X-Request-Id': 'id-1', 'Retry-After': '9' }
    const { fetch } = answerWith(() => Response.json({ detail }, { status: 422, headers }))
    const error = await errorOf(createClient({ baseUrl: 'https://x.example', fetch }).listAssets())
    expect({ ...error, message: error.message }).toEqual({
      name: 'CatalogError',
      message: '422 version: no version; page[size]: too large; 2: unknown',
      status: 422,
      detail: 'version: no version; page[size]: too large; 2: unknown',
      faults: detail,
      retryAfterSeconds: 9,
      requestId: 'id-1',
    })
  })

  it('leaves out faults, Retry-After and the request id if the response has none', async () => {
    const { fetch } = answerWith(() => Response.json({ detail: 'Not Found' }, { status: 404 }))
    const error = await errorOf(createClient({ baseUrl: 'https://x.example', fetch }).listAssets())
    expect({ ...error, message: error.message }).toEqual({
      name: 'CatalogError',
      message: '404 Not Found',
      status: 404,
      detail: 'Not Found',
      faults: [],
      retryAfterSeconds: undefined,
      requestId: undefined,
    })
  })

  it.each([
    ['HTML of a proxy', () => new Response('<!doctype html>', { status: 502 }), 502],
    ['HTML with 200', () => new Response('<!doctype html>'), 200],
    ['an empty body', () => new Response(null, { status: 204 }), 204],
    ['JSON null', () => Response.json(null), 200],
    ['a client error of a proxy', () => new Response('', { status: 400 }), 400],
    ['JSON of another API', () => Response.json({ message: 'Forbidden' }, { status: 403 }), 403],
  ])('says that %s is not an answer of the API', async (_, answer, status) => {
    const { fetch } = answerWith(answer)
    const error = await errorOf(createClient({ baseUrl: 'https://x.example', fetch }).listAssets())
    expect(error.message).toBe(`${status} not an answer of the API`)
    expect(error.status).toBe(status)
  })

  it('is not thrown if fetch rejects: its error is, without a retry', async () => {
    const failure = new TypeError('fetch failed')
    const fetch = vi.fn(() => Promise.reject(failure))
    const catalog = createClient({ baseUrl: 'https://x.example', fetch })
    await expect(catalog.listAssets()).rejects.toBe(failure)
    expect(fetch).toHaveBeenCalledTimes(1)
  })
})

describe('the token', () => {
  it('is requested again for every request', async () => {
    const { fetch, requests } = answerWith(
      pageOf(['1'], 'https://x.example/assets?page[number]=2'),
      pageOf(['2']),
    )
    const tokens = ['first', 'second']
    const token = async () => tokens.shift() ?? ''
    await idsOf(createClient({ baseUrl: 'https://x.example', token, fetch }).eachAsset())
    expect(requests.map(({ init }) => init.headers)).toEqual([
      { Authorization: 'Bearer first' },
      { Authorization: 'Bearer second' },
    ])
  })

  it.each([
    'https://evil.example/assets?page[number]=2',
    'http://x.example/assets?page[number]=2',
    'https://x.example:444/assets?page[number]=2',
    'https://x.example@evil.example/?page[number]=2',
  ])('is sent to baseUrl only if the next page is %s', async (next) => {
    const { fetch, requests } = answerWith(pageOf(['1'], next), pageOf(['2']))
    const assets = createClient({ baseUrl: 'https://x.example', token: 't', fetch }).eachAsset()
    expect(await idsOf(assets)).toEqual(['1', '2'])
    expect(requests.map(({ url }) => url)).toEqual([
      'https://x.example/assets?',
      'https://x.example/assets?page[number]=2',
    ])
  })

  it('is not sent to a next page that is not an absolute URL', async () => {
    const { fetch, requests } = answerWith(pageOf(['1'], '//evil.example/assets?page[number]=2'))
    const assets = createClient({ baseUrl: 'https://x.example', token: 't', fetch }).eachAsset()
    await expect(idsOf(assets)).rejects.toThrow(TypeError)
    expect(requests).toHaveLength(1)
  })

  it.each([
    ['https://x.example', 'https://x.example/assets?'],
    ['https://x.example/gfw/', 'https://x.example/gfw/assets?'],
    ['https://x.example/gfw//', 'https://x.example/gfw/assets?'],
    ['https://user:password@x.example/gfw?key=1#part', 'https://x.example/gfw/assets?'],
  ])('is sent to paths of %s, also behind a proxy', async (baseUrl, endpoint) => {
    const { fetch, requests } = answerWith(
      pageOf(['1'], 'http://inside.example/assets?dataset=abc&page[number]=2'),
      pageOf(['2']),
    )
    const catalog = createClient({ baseUrl, token: 'secret', fetch })
    await idsOf(catalog.eachAsset({ dataset: 'abc' }))
    expect(requests.map(({ url }) => url)).toEqual([
      `${endpoint}dataset=abc`,
      `${endpoint}dataset=abc&page[number]=2`,
    ])
  })

  it.each([
    ['Node and Workers', () => Response.redirect('https://evil.example/', 302), 302],
    ['browsers', () => Response.error(), 0],
  ])('does not follow a redirect in %s', async (_, answer, status) => {
    const { fetch, requests } = answerWith(answer)
    const catalog = createClient({ baseUrl: 'http://x.example', token: 'secret', fetch })
    const error = await errorOf(catalog.listAssets())
    expect(error.message).toBe(`${status} a redirect, not followed`)
    expect(requests).toHaveLength(1)
  })

  it.each(['eyJ.eyJ.x\ny', 'Bearer eyJ.eyJ.x', 'eyJ.eyJ.x\r\nX-Evil: 1', 'eyJ.é'])(
    '%j is refused before it is sent, and not quoted',
    async (token) => {
      const { fetch, requests } = answerWith()
      const catalog = createClient({ baseUrl: 'https://x.example', token, fetch })
      await expect(catalog.listAssets()).rejects.toThrow(
        new TypeError('The token is not a bearer token'),
      )
      expect(requests).toEqual([])
    },
  )

  it('is optional', async () => {
    const { fetch, requests } = answerWith(pageOf([]))
    await createClient({ baseUrl: 'https://x.example', token: () => '', fetch }).listAssets()
    expect(requests.map(({ init }) => init.headers)).toEqual([{}])
  })
})

describe('a retry', () => {
  const START = Date.UTC(2026, 2, 1)

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: START })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    ['a 429 with seconds', busy({ 'Retry-After': '7' }, 429), 7000],
    ['a 503 with seconds', busy({ 'Retry-After': '7' }), 7000],
    ['a 503 with an HTTP date', busy({ 'Retry-After': 'Sun, 01 Mar 2026 00:00:07 GMT' }), 7000],
    ['a 503 without Retry-After', busy(), 1000],
    ['a 503 with an invalid Retry-After', busy({ 'Retry-After': 'soon' }), 1000],
    [
      'a 503 with a Retry-After that only begins with seconds',
      busy({ 'Retry-After': '7 s' }),
      1000,
    ],
  ])('follows %s', async (_, answer, ms) => {
    const { fetch, requests } = answerWith(answer, pageOf(['1']))
    const page = createClient({ baseUrl: 'https://x.example', fetch }).listAssets()
    await vi.advanceTimersByTimeAsync(ms - 1)
    expect(requests.length).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(requests.length).toBe(2)
    expect(await page).toEqual({ data: [{ asset_id: '1' }], links: { next: '' } })
  })

  it('follows at once if Retry-After is in the past', async () => {
    const past = busy({ 'Retry-After': 'Sat, 28 Feb 2026 00:00:00 GMT' })
    const { fetch } = answerWith(past, pageOf(['1']))
    const page = createClient({ baseUrl: 'https://x.example', fetch }).listAssets()
    await vi.advanceTimersByTimeAsync(0)
    expect(await page).toEqual({ data: [{ asset_id: '1' }], links: { next: '' } })
  })

  it('has a delay of 0 if Retry-After is in the past', async () => {
    const { fetch } = answerWith(busy({ 'Retry-After': 'Sat, 28 Feb 2026 00:00:00 GMT' }))
    const catalog = createClient({ baseUrl: 'https://x.example', fetch, retries: 0 })
    expect((await errorOf(catalog.listAssets())).retryAfterSeconds).toBe(0)
  })

  it('is sent three times by default, with doubling delays', async () => {
    const { fetch, requests } = answerWith(busy(), busy(), busy(), busy())
    const error = errorOf(createClient({ baseUrl: 'https://x.example', fetch }).listAssets())
    await vi.advanceTimersByTimeAsync(1000 + 2000 + 4000)
    expect((await error).status).toBe(503)
    expect(requests.length).toBe(4)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not sent if the total delay would exceed a minute', async () => {
    const { fetch, requests } = answerWith(
      busy({ 'Retry-After': '40' }),
      busy({ 'Retry-After': '21' }),
    )
    const error = errorOf(createClient({ baseUrl: 'https://x.example', fetch }).listAssets())
    await vi.advanceTimersByTimeAsync(40_000)
    expect((await error).retryAfterSeconds).toBe(21)
    expect(requests.length).toBe(2)
  })

  it('is sent if the total delay is a minute', async () => {
    const { fetch, requests } = answerWith(
      busy({ 'Retry-After': '40' }),
      busy({ 'Retry-After': '20' }),
      pageOf(['1']),
    )
    const page = createClient({ baseUrl: 'https://x.example', fetch }).listAssets()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await page).toEqual({ data: [{ asset_id: '1' }], links: { next: '' } })
    expect(requests).toHaveLength(3)
  })

  it('honors the options retries and maxWaitSeconds', async () => {
    const { fetch, requests } = answerWith(
      busy({ 'Retry-After': '300' }),
      busy({ 'Retry-After': '300' }),
    )
    const options = { baseUrl: 'https://x.example', fetch, retries: 1, maxWaitSeconds: 600 }
    const error = errorOf(createClient(options).listAssets())
    await vi.advanceTimersByTimeAsync(300_000)
    expect((await error).status).toBe(503)
    expect(requests.length).toBe(2)
  })

  it('does not follow a 500', async () => {
    const { fetch, requests } = answerWith(busy({ 'Retry-After': '1' }, 500))
    const error = errorOf(createClient({ baseUrl: 'https://x.example', fetch }).listAssets())
    expect((await error).status).toBe(500)
    expect(requests.length).toBe(1)
  })

  it('is canceled by the signal, and leaves no timer', async () => {
    const { fetch, requests } = answerWith(busy({ 'Retry-After': '7' }))
    const stop = new AbortController()
    const page = createClient({ baseUrl: 'https://x.example', fetch }).listAssets(
      {},
      { signal: stop.signal },
    )
    const outcome = expect(page).rejects.toThrow('enough')
    await vi.advanceTimersByTimeAsync(3000)
    expect(vi.getTimerCount()).toBe(1)
    stop.abort(new Error('enough'))
    expect(vi.getTimerCount()).toBe(0)
    await outcome
    expect(requests.length).toBe(1)
  })
})

describe('a signal', () => {
  it('has no listener after a delay', async () => {
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    const { fetch } = answerWith(busy({ 'Retry-After': '0' }), pageOf([]))
    await createClient({ baseUrl: 'https://x.example', fetch }).listAssets({}, { signal })
    const [type, listener] = added.mock.lastCall ?? []
    expect(type).toBe('abort')
    expect(removed).toHaveBeenCalledExactlyOnceWith('abort', listener)
  })

  it('that is already aborted prevents the request', async () => {
    const { fetch, requests } = answerWith()
    const catalog = createClient({ baseUrl: 'https://x.example', fetch })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(catalog.listAssets({}, { signal })).rejects.toThrow('enough')
    expect(requests).toEqual([])
  })

  it('is passed to fetch', async () => {
    const { fetch, requests } = answerWith(pageOf([]))
    const { signal } = new AbortController()
    await createClient({ baseUrl: 'https://x.example', fetch }).listAssets({}, { signal })
    expect(requests.map(({ init }) => init.signal === signal)).toEqual([true])
  })
})

it('throws if baseUrl is not a URL', () => {
  expect(() => createClient({ baseUrl: 'catalog.example' })).toThrow(TypeError)
})
