import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { newHost, resetCatalogue, spyOnNetwork, startIsolate } from './worker.ts'

const NO_TOKEN = { headers: { Authorization: '' } }

beforeAll(() => resetCatalogue([]))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('GET /livez', () => {
  it('answers without a token, a cache or a database', async () => {
    const { fetch } = await startIsolate({ DATABASE_URL: '' })
    const network = spyOnNetwork()
    const response = await fetch(`${newHost()}/livez`, NO_TOKEN)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok' })
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(network).not.toHaveBeenCalled()
  })
})

describe('GET /readyz', () => {
  it('is 200 where the database answers, asked once in 5 seconds', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { fetch } = await startIsolate()
    const network = spyOnNetwork()
    const url = `${newHost()}/readyz`
    const responses = await Promise.all(Array.from({ length: 20 }, () => fetch(url, NO_TOKEN)))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    expect(responses[0]?.headers.get('Cache-Control')).toBe('no-store')
    vi.setSystemTime(Date.now() + 4_999)
    await fetch(url, NO_TOKEN)
    expect(network).toHaveBeenCalledTimes(1)
    vi.setSystemTime(Date.now() + 1)
    await fetch(url, NO_TOKEN)
    expect(network).toHaveBeenCalledTimes(2)
  })

  it('is a 503 without error text where it is down, kept for 5 seconds too', async () => {
    const { fetch } = await startIsolate()
    const network = spyOnNetwork().mockRejectedValue(new TypeError('connection refused'))
    const url = `${newHost()}/readyz`
    for (let n = 0; n < 3; n++) {
      const response = await fetch(url, NO_TOKEN)
      expect(response.status).toBe(503)
      expect(await response.json()).toEqual({ detail: 'Service Unavailable' })
      expect(response.headers.get('Cache-Control')).toBe('no-store')
    }
    expect(network).toHaveBeenCalledTimes(2)
  })

  it('is a 503 after a second where the database hangs', async () => {
    const { fetch } = await startIsolate({ DATABASE_TIMEOUT_MS: 60_000 })
    spyOnNetwork().mockImplementation(
      (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        }),
    )
    expect((await fetch(`${newHost()}/readyz`, NO_TOKEN)).status).toBe(503)
  })
})

describe.each(['/livez', '/readyz'])('%s', (path) => {
  it('refuses other methods', async () => {
    const { fetch } = await startIsolate()
    expect((await fetch(newHost() + path, { method: 'POST' })).status).toBe(405)
  })
})
