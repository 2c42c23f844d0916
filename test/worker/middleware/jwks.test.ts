import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { JWKS_URL, newKey, now, serveJwks, sign } from '../../harness/tokens.ts'
import {
  collectLogs,
  newHost,
  resetCatalog,
  type Settings,
  startIsolate,
} from '../../harness/worker.ts'

const SETTINGS = { AUTH_JWKS_URL: JWKS_URL, AUTH_JWT_SECRET: '' }

/** With an invalid query, a valid token is a 422 without a database call. */
const ACCEPTED = 422

const MINUTE = 60_000
const HOUR = 3_600_000

type Key = Awaited<ReturnType<typeof newKey>>
const [rsa, ec, otherEc] = [{}, {}, {}] as [Key, Key, Key]

beforeAll(async () => {
  await resetCatalog([])
  Object.assign(rsa, await newKey('RS256', 'rsa'))
  Object.assign(ec, await newKey('ES256', 'ec'))
  Object.assign(otherEc, await newKey('ES256', 'other-ec'))
})

afterEach(() => {
  vi.restoreAllMocks()
})

function answerKeys(...keys: Key[]): Response {
  return Response.json({ keys: keys.map(({ jwk }) => jwk) })
}

/** A unique token, valid for a month; without `kid` if that is empty. */
function newToken({ privateKey } = ec, kid = 'ec'): Promise<string> {
  const header = { alg: 'ES256', ...(kid !== '' && { kid }) }
  return sign(header, privateKey, { exp: now() + 30 * 86_400, jti: crypto.randomUUID() })
}

/** An isolate with its own clock, which only moves forward. */
async function startClockedIsolate(settings: Settings = SETTINGS) {
  const { request } = await startIsolate(settings)
  let clock = Date.now()
  return {
    advance(ms: number) {
      clock += ms
      vi.setSystemTime(clock)
    },
    async statusOf(token: string) {
      const headers = { Authorization: `Bearer ${token}` }
      const { response } = await request(`${newHost()}/assets?page[size]=0`, { headers })
      return response.status
    },
  }
}

type ClockedIsolate = Awaited<ReturnType<typeof startClockedIsolate>>

/** An isolate that has just fetched the keys, and a token that it has verified with them. */
async function startWithKeys(...keys: Key[]) {
  const isolate = await startClockedIsolate()
  const asked = serveJwks(() => answerKeys(...keys))
  const token = await newToken()
  expect(await isolate.statusOf(token)).toBe(ACCEPTED)
  asked.mockClear()
  return { ...isolate, asked, token }
}

/** Fakes timers, including those of `AbortSignal.timeout`. */
function stopTimers() {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() })
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new DOMException('hunter2', 'TimeoutError')), ms)
    return controller.signal
  })
}

/** A host whose response, or its body, does not end for a minute unless the signal aborts. */
function hang(part: 'head' | 'body', init: RequestInit | undefined): Promise<Response> {
  const aborted = new Promise<never>((_, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    setTimeout(() => reject(new Error('the fetch has no time limit')), MINUTE)
  })
  if (part === 'head') return aborted
  const body = new ReadableStream({
    start: (controller) => void aborted.catch((reason) => controller.error(reason)),
  })
  return Promise.resolve(new Response(body))
}

type HostState =
  | 'answers'
  | 'has removed the key'
  | 'is down'
  | 'hangs'
  | 'hangs within the body'
  | 'answers 500'
  | 'answers 404 with keys'
  | 'answers HTML'
  | 'answers null'
  | 'answers invalid keys'

const hosts: Record<HostState, (init?: RequestInit) => Response | Promise<Response>> = {
  answers: () => answerKeys(rsa, ec),
  'has removed the key': () => answerKeys(rsa),
  'is down': () => Promise.reject(new TypeError('hunter2')),
  hangs: (init) => hang('head', init),
  'hangs within the body': (init) => hang('body', init),
  'answers 500': () => new Response('hunter2', { status: 500 }),
  'answers 404 with keys': () => Response.json({ keys: [ec.jwk] }, { status: 404 }),
  'answers HTML': () => new Response('<html>hunter2'),
  'answers null': () => Response.json(null),
  'answers invalid keys': () => Response.json({ keys: 'hunter2' }),
}

/** Fields of the log line of a failed fetch, besides level and message. */
const lines: Record<HostState, Record<string, unknown> | undefined> = {
  answers: undefined,
  'has removed the key': undefined,
  'is down': { error: 'TypeError' },
  hangs: { error: 'TimeoutError' },
  'hangs within the body': { error: 'TimeoutError', status: 200 },
  'answers 500': { error: 'Error', status: 500 },
  'answers 404 with keys': { error: 'Error', status: 404 },
  'answers HTML': { error: 'SyntaxError', status: 200 },
  'answers null': { error: 'ERR_JWKS_INVALID', status: 200 },
  'answers invalid keys': { error: 'ERR_JWKS_INVALID', status: 200 },
}

/** The age of the isolate's keys in milliseconds. */
const ages = {
  'has no keys': undefined,
  'has just fetched the keys': 0,
  'fetched the keys 10 min ago': 10 * MINUTE,
  'fetched the keys 10 min and 1 ms ago': 10 * MINUTE + 1,
  'fetched the keys 1 h ago': HOUR,
  'fetched the keys 1 h and 1 ms ago': HOUR + 1,
} satisfies Record<string, number | undefined>
type Age = keyof typeof ages

/** Status and number of fetches of a request with a token verified before, and with a new one. */
type Expected = { remembered?: [number, number]; new: [number, number] }

const fresh: Expected = { remembered: [ACCEPTED, 0], new: [ACCEPTED, 0] }
const refreshed: Expected = { remembered: [ACCEPTED, 1], new: [ACCEPTED, 1] }
const removed: Expected = { remembered: [401, 1], new: [401, 1] }
const unavailable: Expected = { remembered: [503, 1], new: [503, 1] }

const failed: Record<Age, Expected> = {
  'has no keys': { new: [503, 1] },
  'has just fetched the keys': fresh,
  'fetched the keys 10 min ago': fresh,
  'fetched the keys 10 min and 1 ms ago': refreshed,
  'fetched the keys 1 h ago': refreshed,
  'fetched the keys 1 h and 1 ms ago': unavailable,
}

/** The hour ends during the wait for the host. */
const failedAfterWait = { ...failed, 'fetched the keys 1 h ago': unavailable }

const expected: Record<HostState, Record<Age, Expected>> = {
  answers: {
    'has no keys': { new: [ACCEPTED, 1] },
    'has just fetched the keys': fresh,
    'fetched the keys 10 min ago': fresh,
    'fetched the keys 10 min and 1 ms ago': refreshed,
    'fetched the keys 1 h ago': refreshed,
    'fetched the keys 1 h and 1 ms ago': refreshed,
  },
  'has removed the key': {
    'has no keys': { new: [401, 1] },
    'has just fetched the keys': fresh,
    'fetched the keys 10 min ago': fresh,
    'fetched the keys 10 min and 1 ms ago': removed,
    'fetched the keys 1 h ago': removed,
    'fetched the keys 1 h and 1 ms ago': removed,
  },
  'is down': failed,
  hangs: failedAfterWait,
  'hangs within the body': failedAfterWait,
  'answers 500': failed,
  'answers 404 with keys': failed,
  'answers HTML': failed,
  'answers null': failed,
  'answers invalid keys': failed,
}

describe('the JWKS host', () => {
  let isolateWithKeys: ClockedIsolate
  beforeAll(async () => {
    isolateWithKeys = await startClockedIsolate()
  })

  const cells = (Object.keys(expected) as HostState[]).flatMap((state) =>
    (Object.keys(ages) as Age[]).flatMap((age) =>
      Object.entries(expected[state][age]).map(([kind, [status, fetches]]) => ({
        state,
        age,
        kind,
        status,
        fetches,
      })),
    ),
  )
  it.each(cells)(
    '$state and the isolate $age: a $kind token is a $status after $fetches fetches',
    async ({ state, age, kind, status, fetches }) => {
      const ageMs = ages[age]
      const isolate = ageMs === undefined ? await startClockedIsolate() : isolateWithKeys
      const asked = serveJwks(() => answerKeys(rsa, ec))
      isolate.advance(24 * HOUR)
      const remembered = await newToken()
      const verified = ageMs === undefined ? undefined : await isolate.statusOf(remembered)
      expect([verified, asked.mock.calls.length]).toEqual(
        ageMs === undefined ? [undefined, 0] : [ACCEPTED, 1],
      )
      isolate.advance(ageMs ?? 0)

      stopTimers()
      const log = collectLogs()
      const arrived = Promise.withResolvers<void>()
      asked.mockClear().mockImplementation((init) => {
        arrived.resolve()
        return hosts[state](init)
      })
      const answer = isolate.statusOf(kind === 'new' ? await newToken() : remembered)
      let isAnsweredEarly = false
      // The time limit.
      if (fetches > 0 && state.startsWith('hangs')) {
        await arrived.promise
        let isAnswered = false
        const tracked = answer.finally(() => {
          isAnswered = true
        })
        await vi.advanceTimersByTimeAsync(4999)
        isAnsweredEarly = isAnswered
        await vi.advanceTimersByTimeAsync(1)
        await vi.advanceTimersByTimeAsync(MINUTE)
        await tracked
      }
      expect(await answer).toBe(status)
      expect(isAnsweredEarly).toBe(false)
      expect(asked).toHaveBeenCalledTimes(fetches)
      const line = fetches > 0 && lines[state]
      expect(log.all().filter(({ message }) => message !== 'request')).toEqual(
        line ? [{ level: 'error', message: 'JWKS fetch failed', ...line }] : [],
      )
    },
  )

  it('being down is a 503 if the isolate has no keys', async () => {
    serveJwks(hosts['is down'])
    const { fetch } = await startIsolate(SETTINGS)
    const headers = { Authorization: `Bearer ${await newToken()}`, 'X-Request-Id': 'test' }
    const response = await fetch(`${newHost()}/assets`, { headers })
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ detail: 'Service Unavailable' })
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('WWW-Authenticate')).toBeNull()
  })

  it('being down does not affect tokens signed with a secret', async () => {
    const asked = serveJwks(hosts['is down'])
    const secret = 'x'.repeat(32)
    const isolate = await startClockedIsolate({ ...SETTINGS, AUTH_JWT_SECRET: secret })
    expect(await isolate.statusOf(await sign({ alg: 'HS256' }, secret))).toBe(ACCEPTED)
    expect(asked).not.toHaveBeenCalled()
  })

  it.each([
    ['is down', { error: 'TypeError' }],
    ['answers HTML', { error: 'SyntaxError', status: 200 }],
    ['answers 500', { error: 'Error', status: 500 }],
  ] as const)('that %s is logged without the secrets of its URL', async (state, fields) => {
    const url = 'https://user:hunter2@keys.example/hunter2?key=hunter2'
    serveJwks(hosts[state], url)
    const log = collectLogs()
    const isolate = await startClockedIsolate({ ...SETTINGS, AUTH_JWKS_URL: url })
    expect(await isolate.statusOf(await newToken())).toBe(503)
    expect(log.all().filter(({ message }) => message !== 'request')).toEqual([
      { level: 'error', message: 'JWKS fetch failed', ...fields },
    ])
  })

  it('is fetched without a cache', async () => {
    const { advance, statusOf, asked } = await startWithKeys(ec)
    advance(HOUR)
    await statusOf(await newToken())
    expect(asked.mock.calls).toEqual([[expect.objectContaining({ cache: 'no-store' })]])
  })
})

describe('the JWKS host is not fetched again', () => {
  /** Milliseconds after a fetch, and whether there is a second one. */
  type Cell = [number, boolean]
  const cells: Record<string, [HostState, 'known' | 'unknown' | 'stale', Cell[]]> = {
    'for 1 s if the isolate has no keys': [
      'is down',
      'unknown',
      [
        [999, false],
        [1000, true],
      ],
    ],
    'for 1 s if the keys are older than 1 h': [
      'is down',
      'stale',
      [
        [999, false],
        [1000, true],
      ],
    ],
    'for 30 s if recent keys are used instead': [
      'is down',
      'known',
      [
        [29_999, false],
        [30_000, true],
      ],
    ],
    'for 30 s if recent keys are used instead of HTML': [
      'answers HTML',
      'known',
      [
        [29_999, false],
        [30_000, true],
      ],
    ],
  }
  const rows = Object.entries(cells).flatMap(([name, [state, keys, waits]]) =>
    waits.map(([waitMs, isAsked]) => ({ name, state, keys, waitMs, isAsked })),
  )
  it.each(rows)('$name: $waitMs ms', async ({ state, keys, waitMs, isAsked }) => {
    const isolate = keys === 'unknown' ? await startClockedIsolate() : await startWithKeys(ec)
    const asked = serveJwks(hosts[state])
    isolate.advance({ unknown: 0, known: 10 * MINUTE + 1, stale: HOUR + 1 }[keys])
    const status = keys === 'known' ? ACCEPTED : 503
    for (let n = 0; n < 3; n++) expect(await isolate.statusOf(await newToken())).toBe(status)
    expect(asked).toHaveBeenCalledTimes(1)
    isolate.advance(waitMs)
    expect(await isolate.statusOf(await newToken())).toBe(status)
    expect(asked).toHaveBeenCalledTimes(isAsked ? 2 : 1)
  })

  it.each([
    [29_999, 401, 0],
    [30_000, ACCEPTED, 1],
  ])('for a new key %i ms after the last fetch', async (waitMs, status, fetches) => {
    const { advance, statusOf, asked } = await startWithKeys(rsa, ec)
    asked.mockImplementation(() => answerKeys(rsa, ec, otherEc))
    advance(waitMs)
    expect(await statusOf(await newToken(otherEc, 'other-ec'))).toBe(status)
    expect(asked).toHaveBeenCalledTimes(fetches)
  })

  it('for made-up key ids', async () => {
    const { advance, statusOf, asked } = await startWithKeys(ec)
    advance(30_000)
    for (let n = 0; n < 50; n++)
      expect(await statusOf(await newToken(ec, `made-up-${n}`))).toBe(401)
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('for a forged or expired token with a fetched key', async () => {
    const { advance, statusOf, asked } = await startWithKeys(ec)
    advance(30_000)
    expect(await statusOf(await newToken(otherEc, 'ec'))).toBe(401)
    const expired = await sign({ alg: 'ES256', kid: 'ec' }, ec.privateKey, { exp: now() - 60 })
    expect(await statusOf(expired)).toBe(401)
    expect(asked).not.toHaveBeenCalled()
  })

  it('until its delay has passed since the end of the last fetch', async () => {
    const { advance, statusOf, asked } = await startWithKeys(ec)
    asked.mockImplementation(() => {
      advance(4000)
      return new Response(null, { status: 500 })
    })
    advance(10 * MINUTE + 1)
    await statusOf(await newToken())
    advance(29_999)
    await statusOf(await newToken())
    expect(asked).toHaveBeenCalledTimes(1)
  })
})

describe('the keys', () => {
  it('age from the start of their fetch', async () => {
    const isolate = await startClockedIsolate()
    const asked = serveJwks(() => {
      isolate.advance(4000)
      return answerKeys(ec)
    })
    await isolate.statusOf(await newToken())
    isolate.advance(10 * MINUTE - 4000)
    await isolate.statusOf(await newToken())
    expect(asked).toHaveBeenCalledTimes(1)
    isolate.advance(1)
    await isolate.statusOf(await newToken())
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('are accepted again as soon as a host that was down for over an hour answers', async () => {
    const { advance, statusOf, asked, token } = await startWithKeys(ec)
    asked.mockImplementation(hosts['is down'])
    advance(HOUR + 1)
    expect(await statusOf(token)).toBe(503)
    asked.mockImplementation(() => answerKeys(ec))
    advance(1000)
    expect([await statusOf(token), await statusOf(await newToken())]).toEqual([ACCEPTED, ACCEPTED])
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('are fetched once for concurrent requests', async () => {
    const { advance, statusOf, asked, token } = await startWithKeys(ec)
    const { promise, resolve } = Promise.withResolvers<Response>()
    const arrived = Promise.withResolvers<void>()
    asked.mockImplementation(() => {
      arrived.resolve()
      return promise
    })
    advance(10 * MINUTE + 1)
    const tokens = await Promise.all(Array.from({ length: 20 }, () => newToken()))
    const statuses = Promise.all([token, ...tokens].map((each) => statusOf(each)))
    await arrived.promise
    resolve(answerKeys(ec))
    expect(await statuses).toEqual(Array(21).fill(ACCEPTED))
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('are fetched once for concurrent requests with a new key', async () => {
    const { advance, statusOf, asked } = await startWithKeys(rsa, ec)
    asked.mockImplementation(() => answerKeys(rsa, ec, otherEc))
    advance(30_000)
    const tokens = await Promise.all(
      Array.from({ length: 20 }, () => newToken(otherEc, 'other-ec')),
    )
    const statuses = await Promise.all(tokens.map((each) => statusOf(each)))
    expect(statuses).toEqual(Array(20).fill(ACCEPTED))
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('of a hanging host are waited for until the time limit', async () => {
    const { advance, statusOf, asked, token } = await startWithKeys(ec)
    advance(10 * MINUTE + 1)
    stopTimers()
    const log = collectLogs()
    const arrived = Promise.withResolvers<void>()
    asked.mockImplementation((init) => {
      arrived.resolve()
      return hang('head', init)
    })
    const tokens = [await newToken(), await newToken()]
    const waiting = Promise.all([token, ...tokens].map((each) => statusOf(each)))
    await arrived.promise
    await vi.advanceTimersByTimeAsync(5000)
    expect(log.of('JWKS fetch failed')).toMatchObject([{ error: 'TimeoutError' }])
    expect(await waiting).toEqual([ACCEPTED, ACCEPTED, ACCEPTED])
    // Later requests do not wait for the host again.
    expect([await statusOf(await newToken()), await statusOf(token)]).toEqual([ACCEPTED, ACCEPTED])
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('that are removed invalidate their tokens after ten minutes in a busy isolate', async () => {
    const { advance, statusOf, asked, token } = await startWithKeys(rsa, ec)
    asked.mockImplementation(() => answerKeys(rsa))
    // Requests with old and new tokens keep the isolate busy.
    for (let minute = 0; minute < 10; minute++) {
      expect([await statusOf(await newToken()), await statusOf(token)]).toEqual([
        ACCEPTED,
        ACCEPTED,
      ])
      advance(MINUTE)
    }
    const last = await newToken()
    expect([await statusOf(last), await statusOf(token)]).toEqual([ACCEPTED, ACCEPTED])
    advance(1)
    const tokens = [token, last, await newToken()]
    expect(await Promise.all(tokens.map((each) => statusOf(each)))).toEqual([401, 401, 401])
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('that are removed invalidate their tokens in an isolate that was idle for a day', async () => {
    const { advance, statusOf, asked, token } = await startWithKeys(rsa, ec)
    asked.mockImplementation(() => answerKeys(rsa))
    advance(24 * HOUR)
    const tokens = [token, await newToken()]
    expect(await Promise.all(tokens.map((each) => statusOf(each)))).toEqual([401, 401])
  })

  it('that are removed invalidate their tokens as soon as the keys are fetched again', async () => {
    const { advance, statusOf, asked, token } = await startWithKeys(rsa, ec)
    asked.mockImplementation(() => answerKeys(rsa))
    advance(30_000)
    expect(await statusOf(await newToken(ec, 'made-up'))).toBe(401)
    expect(await statusOf(token)).toBe(401)
  })
})

describe('a token without kid', () => {
  const withoutKid = (key: Key) => newToken(key, '')

  it.each([
    ['the only key of its algorithm', () => [rsa, ec], () => ec, ACCEPTED],
    ['the first of two keys', () => [ec, otherEc], () => ec, ACCEPTED],
    ['the second of two keys', () => [otherEc, ec], () => ec, ACCEPTED],
    ['a key that is not published', () => [rsa, ec], () => otherEc, 401],
  ])('of %s', async (_, keys, key, status) => {
    serveJwks(() => answerKeys(...keys()))
    const isolate = await startClockedIsolate()
    expect(await isolate.statusOf(await withoutKid(key()))).toBe(status)
  })

  it.each([
    [29_999, 401, 0],
    [30_000, ACCEPTED, 1],
  ])('of a new key, %i ms after the last fetch', async (waitMs, status, fetches) => {
    const { advance, statusOf, asked } = await startWithKeys(ec)
    asked.mockImplementation(() => answerKeys(ec, otherEc))
    advance(waitMs)
    expect(await statusOf(await withoutKid(otherEc))).toBe(status)
    expect(asked).toHaveBeenCalledTimes(fetches)
  })
})
