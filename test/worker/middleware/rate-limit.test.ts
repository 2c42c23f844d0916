import { env } from 'cloudflare:workers'
import { type JWTPayload, SignJWT } from 'jose'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  collectLogs,
  newHost,
  resetCatalog,
  SECRET,
  spyOnNetwork,
  startIsolate,
} from '../../harness/worker.ts'

type Isolate = Awaited<ReturnType<typeof startIsolate>>

/** An isolate that allows no request. */
let limited: Isolate
beforeAll(async () => {
  await resetCatalog([{}])
  limited = await startIsolate({ RATE_LIMITER: limitOf(0) })
})
afterEach(() => {
  vi.restoreAllMocks()
})

function tokenOf(sub: unknown, claims: JWTPayload = {}): Promise<string> {
  return new SignJWT({ ...claims, sub } as JWTPayload)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET))
}

function currentMinute(): number {
  return Math.floor(Date.now() / 60_000)
}

/** A binding that allows this many requests per key. */
function limitOf(allowed: number): RateLimit {
  const counts = new Map<string, number>()
  return {
    async limit({ key }) {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= allowed }
    },
  }
}

/** A request: the `sub` of its token, and its client address. */
type Caller = { sub?: unknown; from: string; path?: string; method?: string; claims?: JWTPayload }

async function statusesOf({ fetch }: Isolate, callers: Caller[]): Promise<number[]> {
  const host = newHost()
  const statuses: number[] = []
  for (const { sub, from, path = '/assets', method = 'GET', claims } of callers) {
    const headers = {
      Authorization: `Bearer ${await tokenOf(sub, claims)}`,
      'CF-Connecting-IP': from,
      'X-Forwarded-For': from,
      'X-Real-IP': from,
    }
    statuses.push((await fetch(host + path, { method, headers })).status)
  }
  return statuses
}

describe('the rate limit', () => {
  it('is 600 requests per minute and subject', async () => {
    vi.useRealTimers()
    const { fetch } = await startIsolate({ RATE_LIMITER: env.RATE_LIMITER })
    const url = `${newHost()}/assets`
    const ask = async (subject: string) => {
      const headers = { Authorization: `Bearer ${await tokenOf(subject)}` }
      return (await fetch(url, { headers })).status
    }
    // The binding counts by clock minute, so an attempt that spans two is repeated.
    let statuses: number[] | undefined
    while (!statuses) {
      const minute = currentMinute()
      const subject = crypto.randomUUID()
      const first = await ask(subject)
      // The Worker uses the subject as the key.
      const counted = Array.from({ length: 597 }, () => env.RATE_LIMITER.limit({ key: subject }))
      await Promise.all(counted)
      const tried = [first, await ask(subject), await ask(subject), await ask(subject)]
      const other = await ask(`other than ${subject}`)
      if (currentMinute() === minute) statuses = [...tried, other]
    }
    expect(statuses).toEqual([200, 200, 200, 429, 200])
  })

  const long = 'x'.repeat(4000)
  it.each<[string, Caller[], number[]]>([
    [
      'two subjects behind one address, separately',
      [
        { sub: 'one', from: '192.0.2.1' },
        { sub: 'two', from: '192.0.2.1' },
      ],
      [200, 200],
    ],
    [
      'one subject behind two addresses, together',
      [
        { sub: 'one', from: '192.0.2.1' },
        { sub: 'one', from: '198.51.100.2' },
      ],
      [200, 429],
    ],
    [
      'two tokens of one subject, together',
      [
        { sub: 'one', from: '192.0.2.1', claims: { jti: 'first' } },
        { sub: 'one', from: '192.0.2.1', claims: { jti: 'second' } },
      ],
      [200, 429],
    ],
    [
      'tokens without a subject, together',
      [
        { from: '192.0.2.1', claims: { jti: 'first' } },
        { from: '198.51.100.2', claims: { jti: 'second' } },
        { sub: null, from: '198.51.100.2' },
        { sub: 'one', from: '192.0.2.1' },
      ],
      [200, 429, 429, 200],
    ],
    [
      'numbers and booleans as subjects, by their text',
      [
        { sub: 123, from: '192.0.2.1' },
        { sub: '123', from: '192.0.2.1' },
        { sub: 124, from: '192.0.2.1' },
        { sub: true, from: '192.0.2.1' },
        { sub: 'true', from: '192.0.2.1' },
      ],
      [200, 429, 200, 200, 429],
    ],
    [
      'subjects that differ in case, separately',
      [
        { sub: 'one', from: '192.0.2.1' },
        { sub: 'One', from: '192.0.2.1' },
      ],
      [200, 200],
    ],
    [
      'long subjects, by all characters',
      [
        { sub: `${long}a`, from: '192.0.2.1' },
        { sub: `${long}b`, from: '192.0.2.1' },
        { sub: `${long}a`, from: '192.0.2.1' },
      ],
      [200, 200, 429],
    ],
    [
      'all paths and methods, together',
      [
        { sub: 'one', from: '192.0.2.1', path: '/assets', method: 'HEAD' },
        { sub: 'one', from: '192.0.2.1', path: '/assets' },
        { sub: 'one', from: '192.0.2.1', path: '/datasets' },
        { sub: 'one', from: '192.0.2.1', path: '/asset/x' },
        { sub: 'one', from: '192.0.2.1', path: '/asset/x/tilejson.json' },
      ],
      [200, 429, 429, 429, 429],
    ],
  ])('counts %s', async (_, callers, statuses) => {
    const isolate = await startIsolate({ RATE_LIMITER: limitOf(1) })
    expect(await statusesOf(isolate, callers)).toEqual(statuses)
  })

  it.each([
    ['a request without a token', '/assets', { headers: { Authorization: '' } }, 401],
    ['a bad token', '/assets', { headers: { Authorization: 'Bearer a.b.c' } }, 401],
    ['the preflight', '/assets', { method: 'OPTIONS' }, 204],
    ['another method', '/assets', { method: 'POST' }, 405],
    ['a redirect', '/assets/', { redirect: 'manual' as const }, 308],
    ['an unknown path', '/nowhere', {}, 404],
    ['the description', '/openapi.json', {}, 200],
    ['a probe', '/livez', {}, 200],
  ])('does not count %s', async (_, path, init, status) => {
    expect((await limited.fetch(newHost() + path, init)).status).toBe(status)
  })

  it.each(['/assets', '/datasets', '/asset/x', '/asset/x/tilejson.json'])(
    'is checked before query, cache and database of %s',
    async (path) => {
      const cache = vi.spyOn(caches, 'open')
      const network = spyOnNetwork()
      const response = await limited.fetch(`${newHost()}${path}?page[size]=0`)
      expect(response.status).toBe(429)
      expect(await response.json()).toEqual({ detail: 'Too Many Requests' })
      expect(response.headers.get('Retry-After')).toBe('60')
      expect(response.headers.get('Access-Control-Expose-Headers')).toContain('Retry-After')
      expect(cache).not.toHaveBeenCalled()
      expect(network).not.toHaveBeenCalled()
    },
  )

  it.each<[string, RateLimit['limit']]>([
    ['rejects', () => Promise.reject(new RangeError('hunter2'))],
    [
      'throws',
      () => {
        throw new RangeError('hunter2')
      },
    ],
  ])('lets requests pass if the binding %s, which is logged', async (_, limit) => {
    const log = collectLogs()
    const { fetch } = await startIsolate({ RATE_LIMITER: { limit } })
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
    expect(log.of('rate limit failed')).toEqual([
      { level: 'warn', message: 'rate limit failed', error: 'RangeError' },
    ])
  })

  it('lets a request pass if the binding hangs, which is logged', async () => {
    const log = collectLogs()
    const limit = vi.fn<RateLimit['limit']>(() => new Promise(() => {}))
    const { request } = await startIsolate({ RATE_LIMITER: { limit } })
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    let status: number | undefined
    const answered = request(`${newHost()}/assets`).then(({ response }) => {
      status = response.status
    })
    // `vi.waitFor` would move the clock.
    while (limit.mock.calls.length === 0) await scheduler.wait(1)
    await vi.advanceTimersByTimeAsync(249)
    await scheduler.wait(20)
    expect(status).toBe(undefined)
    await vi.advanceTimersByTimeAsync(1)
    await answered
    expect(status).toBe(200)
    expect(log.of('rate limit failed')).toEqual([
      { level: 'warn', message: 'rate limit failed', error: 'DeadlineError' },
    ])
  })

  it('is off without the binding', async () => {
    const { fetch } = await startIsolate({ RATE_LIMITER: undefined as unknown as RateLimit })
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
  })
})
