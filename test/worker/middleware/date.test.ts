/** `Date` is sent where nothing in front of the Worker sends it. */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import { resetCatalog, startIsolate } from '../../harness/worker.ts'

const NOW = 'Mon, 02 Mar 2026 03:04:05 GMT'

let isolate: Awaited<ReturnType<typeof startIsolate>>
beforeAll(async () => {
  await resetCatalog([{}])
  isolate = await startIsolate()
})

async function dateOf(url: string, init?: RequestInit) {
  vi.setSystemTime(NOW)
  const { status, headers } = await isolate.fetch(url, init)
  return [status, headers.get('Date')]
}

describe('Date', () => {
  it.each<[number, string, RequestInit]>([
    [200, '/assets', {}],
    [200, '/assets', { method: 'HEAD' }],
    [304, '/assets', { headers: { 'If-None-Match': '*' } }],
    [308, '/assets/', {}],
    [401, '/assets', { headers: { Authorization: '' } }],
    [404, '/nowhere', {}],
    [405, '/assets', { method: 'POST' }],
    [422, '/assets?page[size]=0', {}],
    [200, '/openapi.json', {}],
    [200, '/livez', {}],
  ])('comes with the %i of http://127.0.0.1%s', async (status, path, init) => {
    expect(await dateOf(`http://127.0.0.1:8787${path}`, init)).toEqual([status, NOW])
  })

  it.each(['http://localhost:8787', 'http://[::1]:8787'])('comes with %s', async (origin) => {
    expect(await dateOf(`${origin}/assets`)).toEqual([200, NOW])
  })

  it.each(['https://api.example', 'https://127.0.0.1.example'])(
    'is left to Cloudflare for %s',
    async (origin) => {
      expect(await dateOf(`${origin}/assets`)).toEqual([200, null])
    },
  )

  it('is that of the response, not of the stored page', async () => {
    const url = 'http://127.0.0.1:8788/assets'
    expect(await dateOf(url)).toEqual([200, NOW])
    vi.setSystemTime('Mon, 02 Mar 2026 03:04:12 GMT')
    const { headers } = await isolate.fetch(url)
    expect(headers.get('Cache-Status')).toMatch(/^assets; hit/)
    expect([headers.get('Date'), headers.get('Age')]).toEqual([
      'Mon, 02 Mar 2026 03:04:12 GMT',
      '7',
    ])
  })
})
