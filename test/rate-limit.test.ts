import { env } from 'cloudflare:workers'
import { type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  collectLogs,
  newHost,
  resetCatalogue,
  SECRET,
  spyOnNetwork,
  startIsolate,
} from './worker.ts'

beforeAll(() => resetCatalogue([{}]))

function tokenOf(sub: unknown): Promise<string> {
  return new SignJWT({ sub } as JWTPayload)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET))
}

function currentMinute(): number {
  return Math.floor(Date.now() / 60_000)
}

describe('the rate limit', () => {
  it('is 600 requests a minute of one subject, and of no other', async () => {
    vi.useRealTimers()
    const { fetch } = await startIsolate({ RATE_LIMITER: env.RATE_LIMITER })
    const url = `${newHost()}/assets`
    const ask = async (subject: string) => {
      const headers = { Authorization: `Bearer ${await tokenOf(subject)}` }
      return (await fetch(url, { headers })).status
    }
    // The binding counts by the clock's minutes: a try in which a new one begins says nothing.
    for (let isOneMinute = false; !isOneMinute; ) {
      const minute = currentMinute()
      const subject = crypto.randomUUID()
      const counted = Array.from({ length: 597 }, () => env.RATE_LIMITER.limit({ key: subject }))
      const allowed = (await Promise.all(counted)).map(({ success }) => success)
      const statuses = [await ask(subject), await ask(subject), await ask(subject)]
      const beyond = [await ask(subject), await ask('other')]
      isOneMinute = currentMinute() === minute
      if (!isOneMinute) continue
      expect(new Set(allowed)).toEqual(new Set([true]))
      expect(statuses).toEqual([200, 200, 200])
      expect(beyond).toEqual([429, 200])
    }
  })

  it('is answered with Retry-After and CORS, before any cache or database', async () => {
    const limit = vi.fn(async () => ({ success: false }))
    const { fetch } = await startIsolate({ RATE_LIMITER: { limit } })
    const match = vi.spyOn(caches.default, 'match')
    const network = spyOnNetwork()
    const response = await fetch(`${newHost()}/assets?page[size]=0`)
    expect(response.status).toBe(429)
    expect(await response.json()).toEqual({ detail: 'Too Many Requests' })
    expect(response.headers.get('Retry-After')).toBe('60')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(response.headers.get('Access-Control-Expose-Headers')).toContain('Retry-After')
    expect(limit).toHaveBeenCalledWith({ key: 'tester' })
    expect(match).not.toHaveBeenCalled()
    expect(network).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  it('lets requests pass where the binding fails, and logs it', async () => {
    const log = collectLogs()
    const limit = () => Promise.reject(new Error('binding is broken'))
    const { fetch } = await startIsolate({ RATE_LIMITER: { limit } })
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
    expect(log.of('rate limit failed')).toEqual([
      { level: 'warn', message: 'rate limit failed', error: 'Error' },
    ])
  })

  it.each([
    [123, '123'],
    [true, 'true'],
    [null, ''],
    [undefined, ''],
  ])('counts the subject %j too', async (subject, key) => {
    const limit = vi.fn(async () => ({ success: false }))
    const { fetch } = await startIsolate({ RATE_LIMITER: { limit } })
    const headers = { Authorization: `Bearer ${await tokenOf(subject)}` }
    expect((await fetch(`${newHost()}/assets`, { headers })).status).toBe(429)
    expect(limit).toHaveBeenCalledWith({ key })
  })

  it('may be configured away', async () => {
    const { fetch } = await startIsolate({ RATE_LIMITER: undefined as unknown as RateLimit })
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
  })

  it('is not asked for a request without a good token', async () => {
    const limit = vi.fn(async () => ({ success: true }))
    const { fetch } = await startIsolate({ RATE_LIMITER: { limit } })
    await fetch(`${newHost()}/assets`, { headers: { Authorization: 'Bearer a.b.c' } })
    expect(limit).not.toHaveBeenCalled()
  })
})
