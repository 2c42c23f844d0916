import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { collectLogs, newHost, resetCatalogue, SECRET, signToken, startIsolate } from './worker.ts'

const JWKS_URL = 'https://keys.example/jwks.json'
const CHALLENGE = 'Bearer realm="assets"'

const networkFetch = globalThis.fetch
const secretKey = new TextEncoder().encode(SECRET)

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>
const keyPairs: Record<string, KeyPair> = {}
let jwks: { keys: JWK[] }

beforeAll(async () => {
  await resetCatalogue([])
  jwks = { keys: [] }
  for (const alg of ['RS256', 'ES256', 'EdDSA']) {
    const pair = await generateKeyPair(alg, { extractable: true })
    keyPairs[alg] = pair
    jwks.keys.push({ ...(await exportJWK(pair.publicKey)), kid: alg, alg, use: 'sig' })
  }
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A JWKS host that answers as told; counts what it is asked. */
function serveJwks(answer: (init?: RequestInit) => Response | Promise<Response>, url = JWKS_URL) {
  const asked = vi.fn(answer)
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) =>
    String(input) === url ? asked(init) : networkFetch(input, init),
  )
  return asked
}

function sign(alg: string, claims: JWTPayload = {}, kid = alg): Promise<string> {
  const key = alg === 'HS256' ? secretKey : keyPairs[alg]?.privateKey
  return new SignJWT({ sub: 'tester', exp: now() + 3600, ...claims })
    .setProtectedHeader({ alg, kid })
    .sign(key ?? secretKey)
}

/** A good token of exactly this many characters. */
async function signOfLength(length: number): Promise<string> {
  for (let padding = Math.floor(length * 0.7); ; padding++) {
    const token = await sign('HS256', { padding: 'x'.repeat(padding) })
    if (token.length >= length) return token
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}

async function answerTo(authorization: string, settings: Partial<Env> = {}, search = '') {
  const isolate = await startIsolate(settings)
  return isolate.fetch(`${newHost()}/assets${search}`, {
    headers: { Authorization: authorization },
  })
}

async function expectRefusal(response: Response, detail: string, challenge = invalid(detail)) {
  expect(response.status).toBe(401)
  expect(await response.json()).toEqual({ detail })
  expect(response.headers.get('WWW-Authenticate')).toBe(challenge)
  expect(response.headers.get('Cache-Control')).toBe('no-store')
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
}

function invalid(description: string): string {
  return `${CHALLENGE}, error="invalid_token", error_description="${description}"`
}

describe('accepts', () => {
  it('an HS256 token of the secret', async () => {
    expect((await answerTo(`Bearer ${await sign('HS256')}`)).status).toBe(200)
  })

  it('tokens of both secrets while the secret is changed', async () => {
    const old = 'the-former-test-only-secret-of-32-bytes'
    const settings = { AUTH_JWT_SECRET_PREVIOUS: old }
    expect((await answerTo(`Bearer ${await signToken(old)}`, settings)).status).toBe(200)
    expect((await answerTo(`Bearer ${await signToken()}`, settings)).status).toBe(200)
    expect((await answerTo(`Bearer ${await signToken('x'.repeat(32))}`, settings)).status).toBe(401)
  })

  it('a token of 8,192 characters', async () => {
    const token = await signOfLength(8192)
    expect(token.length).toBe(8192)
    expect((await answerTo(`Bearer ${token}`)).status).toBe(200)
  })

  it('blanks before the token', async () => {
    expect((await answerTo(`Bearer   ${await sign('HS256')}`)).status).toBe(200)
  })

  it('the scheme in any case', async () => {
    expect((await answerTo(`bEARER ${await sign('HS256')}`)).status).toBe(200)
  })

  it.each(['RS256', 'ES256', 'EdDSA'])('an %s token of the JWKS', async (alg) => {
    serveJwks(() => Response.json(jwks))
    const settings = { AUTH_JWKS_URL: JWKS_URL, AUTH_JWT_SECRET: '' }
    expect((await answerTo(`Bearer ${await sign(alg)}`, settings)).status).toBe(200)
  })

  it('both kinds where both are configured', async () => {
    serveJwks(() => Response.json(jwks))
    const isolate = await startIsolate({ AUTH_JWKS_URL: JWKS_URL })
    for (const alg of ['HS256', 'ES256']) {
      const headers = { Authorization: `Bearer ${await sign(alg)}` }
      expect((await isolate.fetch(`${newHost()}/assets`, { headers })).status).toBe(200)
    }
  })

  it('the configured issuer and audience', async () => {
    const token = await sign('HS256', { iss: 'https://issuer.example', aud: ['gfw', 'other'] })
    const settings = { AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'gfw' }
    expect((await answerTo(`Bearer ${token}`, settings)).status).toBe(200)
  })

  it('30 seconds of clock skew', async () => {
    const token = await sign('HS256', { exp: now() - 25, nbf: now() + 25 })
    expect((await answerTo(`Bearer ${token}`)).status).toBe(200)
  })
})

describe('security: refuses with a challenge', () => {
  it('no Authorization', async () => {
    await expectRefusal(await answerTo(''), 'Not authenticated', CHALLENGE)
  })

  it.each([
    'Bearer',
    'Basic dGVzdDp0ZXN0',
    'Bearertoken',
    'Token x',
    'Bearer\tx',
    'eyJhbGciOi.e30.x',
  ])('%s, which is of another form', async (value) => {
    const detail = 'Expected Authorization: Bearer <token>'
    await expectRefusal(await answerTo(value), detail, CHALLENGE)
  })

  it.each(['Bearer x', 'Bearer a.b', 'Bearer a.b.c.d', 'Bearer a.b.c', 'Bearer a b c'])(
    '%s',
    async (value) => {
      await expectRefusal(await answerTo(value), 'The token is malformed')
    },
  )

  it('two Authorization values', async () => {
    const token = await sign('HS256')
    await expectRefusal(
      await answerTo(`Bearer ${token}, Bearer ${token}`),
      'The token is malformed',
    )
  })

  it('a token in the query string', async () => {
    const search = `?access_token=${await sign('HS256')}`
    await expectRefusal(await answerTo('', {}, search), 'Not authenticated', CHALLENGE)
  })

  it('a token over 8,192 characters', async () => {
    const token = await signOfLength(8193)
    await expectRefusal(await answerTo(`Bearer ${token}`), 'The token is too long')
  })

  it.each([
    ['blanks and what `.` does not match', `Bearer${' '.repeat(1_000_000)}\u2028x`],
    ['nothing but blanks inside', `Bearer x${' '.repeat(1_000_000)}x`],
    ['a token that never ends', `Bearer ${'a'.repeat(1_000_000)}`],
    ['dots', `Bearer ${'a.'.repeat(500_000)}`],
    // Quadratic work would take these tests many minutes.
  ])('a megabyte of %s, in linear time', async (_, value) => {
    await expectRefusal(await answerTo(value), 'The token is too long')
  })

  it('alg none', async () => {
    const token = new UnsecuredJWT({ exp: now() + 3600 }).encode()
    await expectRefusal(await answerTo(`Bearer ${token}`), 'The token is malformed')
    await expectRefusal(await answerTo(`Bearer ${token}c2ln`), 'The algorithm is not accepted')
  })

  it('an HS256 token signed with the RS256 public key', async () => {
    serveJwks(() => Response.json(jwks))
    const publicKey = keyPairs.RS256?.publicKey
    if (!publicKey) throw new Error('no key')
    const confused = new TextEncoder().encode(await exportSPKI(publicKey))
    const token = await new SignJWT({ exp: now() + 3600 })
      .setProtectedHeader({ alg: 'HS256', kid: 'RS256' })
      .sign(confused)
    await expectRefusal(
      await answerTo(`Bearer ${token}`, { AUTH_JWKS_URL: JWKS_URL, AUTH_JWT_SECRET: '' }),
      'The algorithm is not accepted',
    )
    await expectRefusal(
      await answerTo(`Bearer ${token}`, { AUTH_JWKS_URL: JWKS_URL }),
      'The signature does not match',
    )
  })

  it('an algorithm that is not pinned', async () => {
    const token = await new SignJWT({ exp: now() + 3600 })
      .setProtectedHeader({ alg: 'HS512' })
      .sign(new Uint8Array(64))
    await expectRefusal(await answerTo(`Bearer ${token}`), 'The algorithm is not accepted')
  })

  it('another secret', async () => {
    const token = await signToken('another-secret-of-more-than-32-bytes')
    await expectRefusal(await answerTo(`Bearer ${token}`), 'The signature does not match')
  })

  it('an expired token', async () => {
    const token = await sign('HS256', { exp: now() - 60 })
    await expectRefusal(await answerTo(`Bearer ${token}`), 'The token has expired')
  })

  it.each([
    ['not valid yet', { nbf: 9_999_999_999 }, {}, 'nbf'],
    ['without exp', { exp: undefined }, {}, 'exp'],
    ['with an exp that is no number', { exp: 'soon' as unknown as number }, {}, 'exp'],
    ['of another issuer', { iss: 'a' }, { AUTH_ISSUER: 'b' }, 'iss'],
    ['without the issuer', {}, { AUTH_ISSUER: 'b' }, 'iss'],
    ['for another audience', { aud: 'a' }, { AUTH_AUDIENCE: 'b' }, 'aud'],
  ])('a token %s', async (_, claims, settings, claim) => {
    const token = await sign('HS256', claims as JWTPayload)
    await expectRefusal(
      await answerTo(`Bearer ${token}`, settings),
      `The claim ${claim} is missing or not accepted`,
    )
  })

  it.each([
    [
      'nothing is configured',
      { AUTH_JWT_SECRET: '' },
      'neither AUTH_JWT_SECRET nor AUTH_JWKS_URL is set',
    ],
    [
      'the secret is under 32 bytes',
      { AUTH_JWT_SECRET: 'x'.repeat(31) },
      'a secret is under 32 bytes',
    ],
    [
      'the secret is under 32 bytes beside a JWKS',
      { AUTH_JWT_SECRET: 'short', AUTH_JWKS_URL: JWKS_URL },
      'a secret is under 32 bytes',
    ],
    [
      'the previous secret is under 32 bytes',
      { AUTH_JWT_SECRET: SECRET, AUTH_JWT_SECRET_PREVIOUS: 'short' },
      'a secret is under 32 bytes',
    ],
  ])('every token where %s, and says why in the log', async (_, settings, reason) => {
    const log = collectLogs()
    const key = new TextEncoder().encode(settings.AUTH_JWT_SECRET || 'x')
    const token = await new SignJWT({ exp: now() + 3600 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(key)
    await expectRefusal(await answerTo(`Bearer ${token}`, settings), 'The server accepts no token')
    expect(log.of(`every request is refused: ${reason}`)).toEqual([
      { level: 'error', message: `every request is refused: ${reason}` },
    ])
  })
})

describe('a token', () => {
  it('is verified once in an isolate, until it expires', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const isolate = await startIsolate()
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const headers = { Authorization: `Bearer ${await sign('HS256', { exp: now() + 60 })}` }
    const url = `${newHost()}/assets`
    for (let n = 0; n < 3; n++) expect((await isolate.fetch(url, { headers })).status).toBe(200)
    expect(verify).toHaveBeenCalledTimes(1)
    vi.setSystemTime(Date.now() + 89_000)
    expect((await isolate.fetch(url, { headers })).status).toBe(200)
    vi.setSystemTime(Date.now() + 2_000)
    const expired = await isolate.fetch(url, { headers })
    await expectRefusal(expired, 'The token has expired')
  })

  it('that is refused is not remembered, and costs no I/O', async () => {
    const isolate = await startIsolate()
    const network = vi.spyOn(globalThis, 'fetch')
    const match = vi.spyOn(caches.default, 'match')
    const headers = { Authorization: `Bearer ${await signToken('x'.repeat(32))}` }
    const url = `${newHost()}/assets`
    for (let n = 0; n < 3; n++) expect((await isolate.fetch(url, { headers })).status).toBe(401)
    expect(network).not.toHaveBeenCalled()
    expect(match).not.toHaveBeenCalled()
  })
})

describe('remembered tokens', () => {
  it('are known by their digest, never by themselves', async () => {
    const isolate = await startIsolate()
    const token = await sign('HS256')
    const set = vi.spyOn(Map.prototype, 'set')
    const headers = { Authorization: `Bearer ${token}` }
    expect((await isolate.fetch(`${newHost()}/assets`, { headers })).status).toBe(200)
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
    const keys = set.mock.calls.map(([key]) => key).filter((key) => typeof key === 'string')
    expect(keys).toContain(btoa(String.fromCharCode(...new Uint8Array(digest))))
    expect(keys.filter((key) => key.includes(token))).toEqual([])
  })

  it('are at most 1,000, the oldest forgotten first', async () => {
    const isolate = await startIsolate()
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const tokens = await Promise.all(
      Array.from({ length: 1001 }, (_, n) => sign('HS256', { sub: `${n}` })),
    )
    // A good token and a bad query: nothing is read.
    const url = `${newHost()}/assets?page[size]=0`
    const ask = async (token = '') => {
      const { response } = await isolate.request(url, {
        headers: { Authorization: `Bearer ${token}` },
      })
      expect(response.status).toBe(422)
    }
    for (const token of tokens) await ask(token)
    expect(verify).toHaveBeenCalledTimes(1001)
    await ask(tokens[1])
    expect(verify).toHaveBeenCalledTimes(1001)
    await ask(tokens[0])
    expect(verify).toHaveBeenCalledTimes(1002)
  })
})

describe('the JWKS host', () => {
  const settings = { AUTH_JWKS_URL: JWKS_URL, AUTH_JWT_SECRET: '' }
  const down = () => Promise.reject(new TypeError('connection refused by hunter2'))
  /** The token passes, and a query that is bad ends the request before any database. */
  const GOOD = 422
  const allGood = [GOOD, GOOD, GOOD]

  /** An isolate that knows the keys of the host and remembers a token that they verified. */
  async function startWithKeys() {
    const isolate = await startIsolate(settings)
    const asked = serveJwks(() => Response.json(jwks))
    const ask = async (token: string) => {
      const headers = { Authorization: `Bearer ${token}` }
      return (await isolate.fetch(`${newHost()}/assets?page[size]=0`, { headers })).status
    }
    const exp = now() + 2 * 86_400
    const token = await sign('ES256', { exp })
    expect(await ask(token)).toBe(GOOD)
    return {
      asked,
      /** The answer to a token; of each subject it is another one. */
      statusOf: async (sub: string, kid?: string) => ask(await sign('ES256', { sub, exp }, kid)),
      /** The answer to the token that is remembered. */
      remembered: () => ask(token),
    }
  }

  it('being down is a 503 while no key is known', async () => {
    serveJwks(down)
    const response = await answerTo(`Bearer ${await sign('ES256')}`, settings)
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(await response.json()).toEqual({ detail: 'Service Unavailable' })
  })

  it.each<[string, () => Response | Promise<Response>]>([
    ['down', down],
    [
      'answering an error, whatever keys are in it',
      () => Response.json({ keys: [] }, { status: 503 }),
    ],
    ['answering rubbish', () => new Response('<html>')],
    ['answering no key set', () => Response.json({ keys: 'none' })],
  ])(
    'being %s leaves known keys working for an hour, and is asked once in 30 seconds',
    async (_, answer) => {
      vi.useFakeTimers({ toFake: ['Date'] })
      const { asked, statusOf, remembered } = await startWithKeys()
      asked.mockImplementation(answer)
      vi.setSystemTime(Date.now() + 600_001)
      expect([await statusOf('one'), await statusOf('two'), await remembered()]).toEqual(allGood)
      expect(asked).toHaveBeenCalledTimes(2)
      vi.setSystemTime(Date.now() + 30_001)
      expect([await statusOf('three'), await statusOf('four'), await remembered()]).toEqual(allGood)
      expect(asked).toHaveBeenCalledTimes(3)
      vi.setSystemTime(Date.now() + 3_600_000 - 630_002)
      expect([await statusOf('five'), await remembered()]).toEqual([GOOD, GOOD])
      vi.setSystemTime(Date.now() + 1)
      expect([await statusOf('six'), await remembered()]).toEqual([503, 503])
      asked.mockImplementation(() => Response.json(jwks))
      vi.setSystemTime(Date.now() + 1_001)
      expect([await statusOf('seven'), await remembered()]).toEqual([GOOD, GOOD])
    },
  )

  it('hanging holds requests no longer than the time limit, all by one fetch', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { asked, statusOf, remembered } = await startWithKeys()
    const limit = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal)
    const { promise: hung, resolve } = Promise.withResolvers<void>()
    asked.mockImplementation((init) => {
      resolve()
      return new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    })
    vi.setSystemTime(Date.now() + 600_001)
    const waiting = Promise.all([statusOf('one'), statusOf('two'), remembered()])
    await hung
    limit.abort(new DOMException('too late', 'TimeoutError'))
    expect(await waiting).toEqual(allGood)
    expect(timeout.mock.calls).toEqual([[5000]])
    expect(asked).toHaveBeenCalledTimes(2)
    // It is known to hang: nobody waits for it again at once.
    expect([await statusOf('three'), await remembered()]).toEqual([GOOD, GOOD])
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['down', down, { error: 'TypeError' }],
    [
      'answering 500',
      () => new Response('hunter2', { status: 500 }),
      { error: 'Error', status: 500 },
    ],
    ['answering rubbish', () => new Response('hunter2'), { error: 'SyntaxError', status: 200 }],
  ])('being %s is logged without what its URL and its answer hold', async (_, answer, fields) => {
    const url = 'https://user:hunter2@keys.example/hunter2?key=hunter2'
    serveJwks(answer, url)
    const log = collectLogs()
    const response = await answerTo(`Bearer ${await sign('ES256')}`, {
      ...settings,
      AUTH_JWKS_URL: url,
    })
    expect(response.status).toBe(503)
    expect(log.of('JWKS fetch failed')).toEqual([
      { level: 'error', message: 'JWKS fetch failed', ...fields },
    ])
  })

  it('is asked again for a rotated key, at most once in 30 seconds', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const isolate = await startIsolate(settings)
    const asked = serveJwks(() => Response.json({ keys: jwks.keys.slice(0, 1) }))
    const url = `${newHost()}/assets`
    const status = async (kid: string) => {
      const headers = { Authorization: `Bearer ${await sign('ES256', {}, kid)}` }
      return (await isolate.fetch(url, { headers })).status
    }
    expect(await status('ES256')).toBe(401)
    for (let kid = 0; kid < 50; kid++) expect(await status(`made-up-${kid}`)).toBe(401)
    expect(asked).toHaveBeenCalledTimes(1)
    vi.setSystemTime(Date.now() + 31_000)
    asked.mockImplementation(() => Response.json(jwks))
    expect(await status('ES256')).toBe(200)
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('is asked once for all who come at once with a rotated key', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const isolate = await startIsolate(settings)
    const asked = serveJwks(() => Response.json({ keys: jwks.keys.slice(0, 1) }))
    const url = `${newHost()}/assets`
    const status = async (alg: string, sub: string) => {
      const headers = { Authorization: `Bearer ${await sign(alg, { sub })}` }
      return (await isolate.fetch(url, { headers })).status
    }
    expect(await status('RS256', 'one')).toBe(200)
    vi.setSystemTime(Date.now() + 31_000)
    asked.mockImplementation(async () => {
      await scheduler.wait(20)
      return Response.json(jwks)
    })
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, n) => status('ES256', `subject ${n}`)),
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('is asked again after a second while no key is known', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const isolate = await startIsolate(settings)
    const asked = serveJwks(down)
    const url = `${newHost()}/assets`
    const headers = { Authorization: `Bearer ${await sign('ES256')}` }
    const status = async () => (await isolate.fetch(url, { headers })).status
    expect(await status()).toBe(503)
    expect(await status()).toBe(503)
    expect(asked).toHaveBeenCalledTimes(1)
    asked.mockImplementation(() => Response.json(jwks))
    vi.setSystemTime(Date.now() + 1001)
    expect(await status()).toBe(200)
  })

  it('removing a key ends its tokens after ten minutes in a busy isolate', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { asked, statusOf, remembered } = await startWithKeys()
    asked.mockImplementation(() => Response.json({ keys: jwks.keys.slice(0, 1) }))
    // Always a request on the way, of tokens old and new.
    for (let second = 0; second < 600; second += 60) {
      expect([await statusOf(`${second}`), await remembered()]).toEqual([GOOD, GOOD])
      vi.setSystemTime(Date.now() + 60_000)
    }
    expect([await statusOf('last'), await remembered()]).toEqual([GOOD, GOOD])
    vi.setSystemTime(Date.now() + 1)
    expect(await Promise.all([remembered(), statusOf('0'), statusOf('new')])).toEqual([
      401, 401, 401,
    ])
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it.each([600_001, 3_600_000, 86_400_000])(
    'removing a key ends its tokens in an isolate that was idle for %i ms',
    async (idleMs) => {
      vi.useFakeTimers({ toFake: ['Date'] })
      const { asked, statusOf, remembered } = await startWithKeys()
      asked.mockImplementation(() => Response.json({ keys: jwks.keys.slice(0, 1) }))
      vi.setSystemTime(Date.now() + idleMs)
      expect(await Promise.all([remembered(), statusOf('new')])).toEqual([401, 401])
      expect(asked).toHaveBeenCalledTimes(2)
    },
  )

  it('removing a key ends its remembered tokens as soon as its keys are fetched for another', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { asked, statusOf, remembered } = await startWithKeys()
    asked.mockImplementation(() => Response.json({ keys: jwks.keys.slice(0, 1) }))
    vi.setSystemTime(Date.now() + 30_001)
    expect(await statusOf('x', 'made-up')).toBe(401)
    expect(await remembered()).toBe(401)
  })

  it('counts the age of keys from when they were asked for', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const isolate = await startIsolate(settings)
    const asked = serveJwks(() => {
      vi.setSystemTime(Date.now() + 4000)
      return Response.json(jwks)
    })
    const ask = async () => {
      const headers = { Authorization: `Bearer ${await sign('ES256')}` }
      await isolate.fetch(`${newHost()}/assets?page[size]=0`, { headers })
    }
    await ask()
    vi.setSystemTime(Date.now() + 596_001)
    await ask()
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('is asked past what is cached of it', async () => {
    const asked = serveJwks(() => Response.json(jwks))
    expect((await answerTo(`Bearer ${await sign('ES256')}`, settings)).status).toBe(200)
    expect(asked.mock.calls[0]?.[0]).toMatchObject({ cache: 'no-store' })
  })

  describe('with several keys of an algorithm', () => {
    let others: JWK[]
    let stranger: CryptoKey

    beforeAll(async () => {
      others = await Promise.all(
        ['a', 'b'].map(async (kid) => {
          const { publicKey } = await generateKeyPair('ES256', { extractable: true })
          return { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }
        }),
      )
      stranger = (await generateKeyPair('ES256')).privateKey
    })

    const signWithoutKid = (key: CryptoKey | undefined, claims: JWTPayload = {}) =>
      new SignJWT({ sub: 'tester', exp: now() + 3600, ...claims })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(key ?? secretKey)

    it('accepts a token without kid of any of them', async () => {
      serveJwks(() => Response.json({ keys: [...others, ...jwks.keys] }))
      const token = await signWithoutKid(keyPairs.ES256?.privateKey)
      expect((await answerTo(`Bearer ${token}`, settings)).status).toBe(200)
    })

    it('accepts a token without kid of a key that is new', async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      const isolate = await startIsolate(settings)
      const asked = serveJwks(() => Response.json({ keys: others }))
      const headers = {
        Authorization: `Bearer ${await signWithoutKid(keyPairs.ES256?.privateKey)}`,
      }
      const status = async () => (await isolate.fetch(`${newHost()}/assets`, { headers })).status
      expect(await status()).toBe(401)
      asked.mockImplementation(() => Response.json(jwks))
      vi.setSystemTime(Date.now() + 30_001)
      expect(await status()).toBe(200)
    })

    it('refuses a token without kid of none of them', async () => {
      serveJwks(() => Response.json({ keys: [...others, ...jwks.keys] }))
      const response = await answerTo(`Bearer ${await signWithoutKid(stranger)}`, settings)
      await expectRefusal(response, 'The signature does not match')
    })

    it('refuses an expired token without kid', async () => {
      serveJwks(() => Response.json({ keys: [...others, ...jwks.keys] }))
      const token = await signWithoutKid(keyPairs.ES256?.privateKey, { exp: now() - 60 })
      await expectRefusal(await answerTo(`Bearer ${token}`, settings), 'The token has expired')
    })
  })

  it('answering rubbish is a 503', async () => {
    serveJwks(() => new Response('<html>'))
    expect((await answerTo(`Bearer ${await sign('ES256')}`, settings)).status).toBe(503)
  })
})
