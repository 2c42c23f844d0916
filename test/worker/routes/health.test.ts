import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startDataCenter } from '../../harness/data-center.ts'
import { newHost, resetCatalog, spyOnNetwork, startIsolate } from '../../harness/worker.ts'

const NO_TOKEN = { headers: { Authorization: '' } }

beforeAll(() => resetCatalog([]))
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
  it('is 200 if the database answers, checked once in 30 seconds', async () => {
    const { fetch } = await startIsolate()
    const network = spyOnNetwork()
    const url = `${newHost()}/readyz`
    const responses = await Promise.all(Array.from({ length: 20 }, () => fetch(url, NO_TOKEN)))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    const policies = responses.map(({ headers }) => headers.get('Cache-Control'))
    expect(new Set(policies)).toEqual(new Set(['no-store']))
    vi.setSystemTime(Date.now() + 29_999)
    await fetch(url, NO_TOKEN)
    expect(network).toHaveBeenCalledTimes(1)
    vi.setSystemTime(Date.now() + 1)
    await fetch(url, NO_TOKEN)
    expect(network).toHaveBeenCalledTimes(2)
  })

  it('shares its result with the other isolates of a data center', async () => {
    const network = spyOnNetwork()
    const url = `${newHost()}/readyz`
    await (await startIsolate()).fetch(url, NO_TOKEN)
    vi.setSystemTime(Date.now() + 29_999)
    const { fetch } = await startIsolate()
    expect((await fetch(url, NO_TOKEN)).status).toBe(200)
    expect(network).toHaveBeenCalledTimes(1)
    // The age counts from the check, not from when this isolate read the result.
    vi.setSystemTime(Date.now() + 1)
    await fetch(url, NO_TOKEN)
    expect(network).toHaveBeenCalledTimes(2)
  })

  it('is a 503 without details if the database is down, also kept for 30 seconds', async () => {
    const network = spyOnNetwork().mockRejectedValue(new TypeError('connection refused'))
    const url = `${newHost()}/readyz`
    for (let isolate = 0; isolate < 2; isolate++) {
      const { fetch } = await startIsolate()
      for (let n = 0; n < 3; n++) {
        const response = await fetch(url, NO_TOKEN)
        expect(response.status).toBe(503)
        expect(await response.json()).toEqual({ detail: 'Service Unavailable' })
        expect(response.headers.get('Cache-Control')).toBe('no-store')
      }
    }
    // The call and its retry.
    expect(network).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['nonsense', 'nonsense'],
    ['dated in the future', JSON.stringify({ isReady: true, at: 8e15 })],
    ['without a date', JSON.stringify({ isReady: true })],
  ])('checks the database if the stored result is %s', async (_, body) => {
    const dataCenter = startDataCenter()
    const url = `${newHost()}/readyz`
    const network = spyOnNetwork()
    const statusOf = async () => (await (await startIsolate()).fetch(url, NO_TOKEN)).status
    expect([await statusOf(), await statusOf()]).toEqual([200, 200])
    expect(network).toHaveBeenCalledTimes(1)
    dataCenter.damageBy((stored) => ({ ...stored, body }))
    expect(await statusOf()).toBe(200)
    expect(network).toHaveBeenCalledTimes(2)
  })

  it('is a 503 after 5 seconds, for a compute that wakes up', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.abort())
    spyOnNetwork().mockImplementation(async (_, init) => {
      init?.signal?.throwIfAborted()
      return new Response()
    })
    const { fetch } = await startIsolate({ DATABASE_TIMEOUT_MS: 60_000 })
    expect((await fetch(`${newHost()}/readyz`, NO_TOKEN)).status).toBe(503)
    expect(timeout.mock.calls).toEqual([[5000]])
  })
})

describe.each(['/livez', '/readyz'])('%s', (path) => {
  it('refuses other methods', async () => {
    const { fetch } = await startIsolate()
    expect((await fetch(newHost() + path, { method: 'POST' })).status).toBe(405)
  })
})
