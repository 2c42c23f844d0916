import { beforeAll, describe, expect, it } from 'vitest'
import { newHost, resetCatalogue, startIsolate } from './worker.ts'

type Isolate = Awaited<ReturnType<typeof startIsolate>>

let fetch: Isolate['fetch']

beforeAll(async () => {
  await resetCatalogue([{}])
  fetch = (await startIsolate()).fetch
})

const ANSWERS: [string, string, RequestInit, number][] = [
  ['a page', '/assets', {}, 200],
  ['a 401', '/assets', { headers: { Authorization: '' } }, 401],
  ['a 404', '/nowhere', {}, 404],
  ['a 405', '/assets', { method: 'POST' }, 405],
  ['a 422', '/assets?page[size]=0', {}, 422],
  ['a redirect', '/assets/', { redirect: 'manual' }, 308],
]

describe('every answer', () => {
  it.each(ANSWERS)('lets any origin read it: %s', async (_, path, init, status) => {
    const response = await fetch(newHost() + path, init)
    const { headers } = response
    expect(response.status).toBe(status)
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(headers.get('Access-Control-Allow-Credentials')).toBeNull()
    expect(headers.get('Access-Control-Expose-Headers')).toBe(
      'ETag,Age,Link,Retry-After,Cache-Status,Server-Timing,X-Request-Id',
    )
  })

  it.each(ANSWERS)('carries a request id: %s', async (_, path, init) => {
    const { headers } = await fetch(newHost() + path, init)
    expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

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
})

describe('methods and paths', () => {
  it('HEAD is GET without the body', async () => {
    const url = `${newHost()}/assets`
    const get = await fetch(url)
    const head = await fetch(url, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    expect(head.headers.get('ETag')).toBe(get.headers.get('ETag'))
  })

  it('OPTIONS is the preflight and needs no token', async () => {
    const response = await fetch(`${newHost()}/assets`, {
      method: 'OPTIONS',
      headers: {
        Authorization: '',
        Origin: 'https://map.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('Access-Control-Allow-Headers')).toBe('Authorization,If-None-Match')
    expect(response.headers.get('Access-Control-Allow-Methods')).toBe('GET,HEAD,OPTIONS')
    expect(response.headers.get('Access-Control-Max-Age')).toBe('86400')
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is a 405', async (method) => {
    const response = await fetch(`${newHost()}/assets`, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(await response.json()).toEqual({ detail: 'Method Not Allowed' })
  })

  it.each(['/nowhere', '/asset', '/assets/x', '/.edge-cache/x/revision'])(
    '%s is a 404',
    async (path) => {
      const response = await fetch(newHost() + path)
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({ detail: 'Not Found' })
    },
  )

  it('/assets/ redirects to /assets with its query', async () => {
    const host = newHost()
    const response = await fetch(`${host}/assets/?dataset=abc&page[size]=2`, { redirect: 'manual' })
    expect(response.status).toBe(308)
    expect(response.headers.get('Location')).toBe('/assets?dataset=abc&page[size]=2')
  })
})

describe('Server-Timing', () => {
  it('names auth and cache, and db where it was asked', async () => {
    const url = `${newHost()}/assets`
    const names = async () =>
      (await fetch(url)).headers
        .get('Server-Timing')
        ?.split(/, ?/)
        .map((entry) => entry.split(';')[0])
    expect(await names()).toEqual(['auth', 'cache', 'db'])
    expect(await names()).toEqual(['auth', 'cache'])
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

  it('in a query of 10,000 parameters', async () => {
    const search = Array.from({ length: 10_000 }, (_, n) => `p${n}=${n}`).join('&')
    expect((await fetch(`${newHost()}/assets?${search}`)).status).toBe(200)
  })
})
