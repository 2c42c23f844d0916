import { beforeAll, describe, expect, it } from 'vitest'
import { newHost, resetCatalog, startIsolate } from '../harness/worker.ts'

type Isolate = Awaited<ReturnType<typeof startIsolate>>

/** Headers of every response, including preflights. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'ETag,Age,Link,Retry-After,Cache-Status,Server-Timing,X-Request-Id,WWW-Authenticate,Ignored-Parameters',
  'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
}
/** Headers of every response except preflights. */
const COMMON = {
  ...CORS,
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=15552000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
}
let fetch: Isolate['fetch']

beforeAll(async () => {
  await resetCatalog([{}])
  fetch = (await startIsolate()).fetch
})

function headersOf(response: Response): Record<string, string> {
  return Object.fromEntries(response.headers)
}

describe('X-Request-Id', () => {
  it.each(['a', 'A-1_b=c', 'x'.repeat(255)])('%s is kept', async (id) => {
    const { headers } = await fetch(`${newHost()}/assets`, { headers: { 'X-Request-Id': id } })
    expect(headers.get('X-Request-Id')).toBe(id)
  })

  it.each(['a b', 'a"b', 'é', 'x'.repeat(256), 'eyJhbGciOiJIUzI1NiJ9.e30.x'])(
    '%s is replaced',
    async (id) => {
      const { headers } = await fetch(`${newHost()}/assets`, { headers: { 'X-Request-Id': id } })
      expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
    },
  )

  it('is unique for each request', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await fetch(`${newHost()}/livez`)).headers.get('X-Request-Id')),
    )
    expect(new Set(ids).size).toBe(2)
  })
})

describe('methods and paths', () => {
  it('HEAD is GET without the body', async () => {
    const url = `${newHost()}/assets`
    const get = await fetch(url)
    const head = await fetch(url, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    expect(head.headers.get('ETag')).toMatch(/^"[\w-]{43}"$/)
    expect(head.headers.get('ETag')).toBe(get.headers.get('ETag'))
  })

  it.each([
    ['authorization', 'authorization'],
    [
      'content-type, x-api-key, traceparent,sentry-trace,baggage, cache-control,x-requested-with',
      'content-type,x-api-key,traceparent,sentry-trace,baggage,cache-control,x-requested-with',
    ],
  ])('OPTIONS is the preflight, needs no token, and allows %s', async (asked, allowed) => {
    const response = await fetch(`${newHost()}/assets`, {
      method: 'OPTIONS',
      headers: {
        Authorization: '',
        Origin: 'https://map.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': asked,
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('Access-Control-Allow-Headers')).toBe(allowed)
  })

  it.each([
    '/nowhere',
    '/asset',
    '/assets/x',
    '/dataset',
    '/dataset/abc/v1/fields',
    '/.edge-cache/x/revision',
  ])('%s is a 404', async (path) => {
    const response = await fetch(newHost() + path)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Not Found' })
  })

  it.each([
    ['/assets/?dataset=abc&page[size]=2', '/assets?dataset=abc&page[size]=2'],
    ['/assets/?', '/assets'],
    ['/%61ssets/?asset_uri=%2F', '/%61ssets?asset_uri=%2F'],
    ['/asset/x%2Fy/', '/asset/x%2Fy'],
    ['/asset/x/tilejson.json/?a=b', '/asset/x/tilejson.json?a=b'],
    ['/datasets/?page[number]=2', '/datasets?page[number]=2'],
    ['/dataset/abc/?a=b', '/dataset/abc?a=b'],
    ['/dataset/abc/latest/', '/dataset/abc/latest'],
    ['/dataset/abc/v1%2E8/assets/?status=saved', '/dataset/abc/v1%2E8/assets?status=saved'],
    ['/dataset/a%2Fb/v1/tilejson.json/', '/dataset/a%2Fb/v1/tilejson.json'],
    ['/openapi.json/', '/openapi.json'],
    ['/livez/', '/livez'],
    ['/readyz/', '/readyz'],
    ['/docs/?a=b', '/docs?a=b'],
  ])('%s redirects to %s, without a token', async (path, location) => {
    const init = { redirect: 'manual', headers: { Authorization: '' } } as const
    const response = await fetch(newHost() + path, init)
    expect(response.status).toBe(308)
    expect(headersOf(response)).toEqual({ ...COMMON, location })
  })

  it.each(['/assets//', '//assets/', '/nowhere/', '//evil.example/', '/\\evil.example/'])(
    '%s does not redirect',
    async (path) => {
      const response = await fetch(newHost() + path, { redirect: 'manual' })
      expect(response.status).toBe(404)
    },
  )
})

describe('security: plain HTTP', () => {
  const init = { redirect: 'manual' } as const

  it.each([
    ['GET', '/assets'],
    ['GET', '/assets/'],
    ['HEAD', '/assets'],
    ['POST', '/assets'],
    ['GET', '/openapi.json'],
    ['GET', '/livez'],
    ['GET', '/nowhere'],
  ])('is refused before the token is checked: %s %s', async (method, path) => {
    for (const Authorization of ['', 'Bearer x']) {
      const url = `http://${crypto.randomUUID()}.example${path}`
      const response = await fetch(url, { ...init, method, headers: { Authorization } })
      expect(response.status).toBe(403)
      expect(headersOf(response)).toEqual({
        ...COMMON,
        'cache-control': 'no-store',
        'content-type': 'application/json',
      })
      const body = method === 'HEAD' ? '' : '{"detail":"HTTPS is required"}'
      expect(await response.text()).toBe(body)
    }
  })

  it.each([
    ['http://a.example/', 'https://a.example/'],
    ['http://a.example:8080/?dataset=abc', 'https://a.example/?dataset=abc'],
    ['http://a.example/docs', 'https://a.example/docs'],
    ['http://a.example/docs/?a=b', 'https://a.example/docs/?a=b'],
  ])('redirects the page %s to %s', async (url, location) => {
    const response = await fetch(url, init)
    expect(response.status).toBe(308)
    expect(headersOf(response)).toEqual({ ...COMMON, location })
  })

  it.each([
    'localhost',
    'localhost:8787',
    '127.0.0.1:8787',
    '127.1',
    '127.9.9.9',
    '[::1]:8787',
    '[0:0::1]',
  ])('is answered on loopback: %s', async (host) => {
    expect((await fetch(`http://${host}/livez`, init)).status).toBe(200)
    expect((await fetch(`http://${host}/`, init)).status).toBe(200)
  })

  it.each([
    'localhost.example',
    '127.0.0.1.example',
    '10.0.0.1',
    '0.0.0.0',
    '[::2]',
    '128.0.0.1',
    'a.localhost.example',
  ])('is refused on other hosts: %s', async (host) => {
    const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'localhost' }
    expect((await fetch(`http://${host}/livez`, { ...init, headers })).status).toBe(403)
  })
})

describe('security: bad input is never a 500', () => {
  const nasty = [
    '%00',
    '%ff%fe',
    '%ED%A0%80',
    '%',
    '%zz',
    '%0d%0aSet-Cookie:%20x=1',
    "'%20or%201=1;%20drop%20table%20assets;--",
    '$1',
    '%7B%22a%22:1%7D',
    '..%2F..%2Fetc',
    '%E2%80%AE',
    'v%D9%A1',
    'abc%0A',
    '9223372036854775808',
    '-9223372036854775809',
    'NaN',
    'Infinity',
    'x'.repeat(100_000),
  ]
  const names = [
    'dataset',
    'version',
    'asset_type',
    'asset_uri',
    'is_latest',
    'is_default',
    'status',
    'page[number]',
    'page[size]',
    'unknown',
  ]

  it.each(names)('in %s', async (name) => {
    for (const value of nasty) {
      const response = await fetch(`${newHost()}/assets?${name}=${value}`)
      expect([200, 422], value.slice(0, 50)).toContain(response.status)
      expect(response.headers.get('Set-Cookie')).toBeNull()
      await response.json()
    }
  })

  it.each([
    ['/dataset/*', [404, 422]],
    ['/dataset/*/latest', [404, 422]],
    ['/dataset/abc/*', [404, 422]],
    ['/dataset/abc/*/assets', [404, 422]],
    ['/dataset/*/v1/tilejson.json', [404, 422]],
    ['/dataset/umd_tree_cover_loss/v1.8/assets?status=*', [422]],
    ['/dataset/umd_tree_cover_loss/v1.8/assets?asset_uri=*', [200, 422]],
    ['/dataset/umd_tree_cover_loss/v1.8/assets?page[number]=*', [422]],
    ['/dataset/umd_tree_cover_loss/v1.8/tilejson.json?asset_type=*', [422]],
    ['/dataset/umd_tree_cover_loss/v1.8/tilejson.json?asset_uri=*', [404, 422]],
    ['/dataset/umd_tree_cover_loss/v1.8/tilejson.json?is_default=*', [422]],
  ])('in %s', async (path, statuses) => {
    for (const value of nasty) {
      const response = await fetch(`${newHost()}${path.replace('*', () => value)}`)
      expect(statuses, value.slice(0, 50)).toContain(response.status)
      expect(response.headers.get('Set-Cookie')).toBeNull()
      await response.json()
    }
  })

  it('in a query of 10,000 parameters', async () => {
    const search = Array.from({ length: 10_000 }, (_, n) => `p${n}=${n}`).join('&')
    expect((await fetch(`${newHost()}/assets?${search}`)).status).toBe(200)
  })
})
