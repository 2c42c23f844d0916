import { exportSPKI } from 'jose'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  JWKS_URL,
  newKey,
  now,
  PREVIOUS_SECRET,
  serveJwks,
  sign,
  signBySecret,
} from '../../harness/tokens.ts'
import {
  collectLogs,
  resetCatalog,
  SECRET,
  type Settings,
  startIsolate,
} from '../../harness/worker.ts'

type Isolate = Awaited<ReturnType<typeof startIsolate>>

const HOST = 'https://tokens.example'
const ISSUER = 'https://issuer.example/tenant'
const AUDIENCE = 'catalog-of-the-test'
const CHALLENGE = 'Bearer realm="assets"'

const ACCEPTED = {
  status: 200,
  challenge: null,
  body: {
    data: [],
    status: 'success',
    links: {
      self: `${HOST}/assets?page[number]=1&page[size]=25`,
      first: `${HOST}/assets?page[number]=1&page[size]=25`,
      last: `${HOST}/assets?page[number]=1&page[size]=25`,
      prev: '',
      next: '',
    },
    meta: { size: '25', total_items: '0', total_pages: '1' },
  },
}

const EXPIRED = refused('The token has expired')
const MALFORMED = refused('The token is malformed')
const TOO_LONG = refused('The token is too long')
const NO_ALGORITHM = refused('The algorithm is not accepted')
const NO_SIGNATURE = refused('The signature does not match')
const NO_KEY = refused('The signing key is not known')
const NO_TOKEN = refused('The server accepts no token')
const NOT_BEARER = {
  status: 401,
  challenge: CHALLENGE,
  body: { detail: 'Expected Authorization: Bearer <token>' },
}
const NOT_AUTHENTICATED = {
  status: 401,
  challenge: CHALLENGE,
  body: { detail: 'Not authenticated' },
}

type Answer = { status: number; challenge: string | null; body: unknown }

function refused(detail: string): Answer {
  const challenge = `${CHALLENGE}, error="invalid_token", error_description="${detail}"`
  return { status: 401, challenge, body: { detail } }
}

function refusedClaim(claim: string): Answer {
  return refused(`The claim ${claim} is missing or not accepted`)
}

async function ask({ fetch }: Isolate, authorization: string, search = ''): Promise<Answer> {
  const headers = { Authorization: authorization }
  const response = await fetch(`${HOST}/assets${search}`, { headers })
  return {
    status: response.status,
    challenge: response.headers.get('WWW-Authenticate'),
    body: await response.json(),
  }
}

type Key = Awaited<ReturnType<typeof newKey>>
const rsa = {} as Key
const [ec, otherEc, ed, newEd, newEc] = [{}, {}, {}, {}, {}] as [Key, Key, Key, Key, Key]

beforeAll(async () => {
  await resetCatalog([])
  Object.assign(rsa, await newKey('RS256', 'rsa'))
  Object.assign(ec, await newKey('ES256', 'ec'))
  Object.assign(otherEc, await newKey('ES256', 'other-ec'))
  Object.assign(ed, await newKey('EdDSA', 'ed'))
  Object.assign(newEd, await newKey('EdDSA', 'new-ed'))
  Object.assign(newEc, await newKey('ES256', 'new-ec'))
})

afterEach(() => {
  vi.restoreAllMocks()
})

function publish() {
  return serveJwks(() => Response.json({ keys: [otherEc, rsa, ec, ed].map(({ jwk }) => jwk) }))
}

describe('claims', () => {
  let isolate: Isolate
  /** Only moves forward, since the isolate remembers when it fetched keys. */
  let clock = Date.now()

  beforeAll(async () => {
    isolate = await startIsolate({
      AUTH_JWT_SECRET_PREVIOUS: PREVIOUS_SECRET,
      AUTH_JWKS_URL: JWKS_URL,
      AUTH_ISSUER: ISSUER,
      AUTH_AUDIENCE: AUDIENCE,
    })
  })

  const required = { iss: ISSUER, aud: AUDIENCE }

  function advance(ms: number) {
    clock += ms
    vi.setSystemTime(clock)
  }

  /** Publishes keys that the isolate has not fetched yet. */
  async function rotate() {
    const asked = publish()
    advance(2 * 3_600_000)
    const token = await sign({ alg: 'RS256', kid: 'rsa' }, rsa.privateKey, required)
    expect(await ask(isolate, `Bearer ${token}`)).toEqual(ACCEPTED)
    advance(30_000)
    asked.mockImplementation(() =>
      Response.json({ keys: [ec, newEc, newEd].map(({ jwk }) => jwk) }),
    )
  }

  type Claims = Record<string, unknown>
  type SigningKey = { sign(claims: Claims): Promise<string>; before?: () => Promise<void> }
  const keys: Record<string, SigningKey> = {
    AUTH_JWT_SECRET: { sign: (claims) => signBySecret(claims) },
    AUTH_JWT_SECRET_PREVIOUS: { sign: (claims) => signBySecret(claims, PREVIOUS_SECRET) },
    'RS256 of the JWKS': {
      sign: (claims) => sign({ alg: 'RS256', kid: 'rsa' }, rsa.privateKey, claims),
    },
    'ES256 of the JWKS': {
      sign: (claims) => sign({ alg: 'ES256', kid: 'ec' }, ec.privateKey, claims),
    },
    'EdDSA of the JWKS': {
      sign: (claims) => sign({ alg: 'EdDSA', kid: 'ed' }, ed.privateKey, claims),
    },
    'the only RS256 key, without kid': {
      sign: (claims) => sign({ alg: 'RS256' }, rsa.privateKey, claims),
    },
    'one of two ES256 keys, without kid': {
      sign: (claims) => sign({ alg: 'ES256' }, ec.privateKey, claims),
    },
    'a key new in the JWKS': {
      before: rotate,
      sign: (claims) => sign({ alg: 'EdDSA', kid: 'new-ed' }, newEd.privateKey, claims),
    },
    'a key new in the JWKS, without kid': {
      before: rotate,
      sign: (claims) => sign({ alg: 'ES256' }, newEc.privateKey, claims),
    },
  }

  // Claims besides the required ones; `t` is now, in seconds since the epoch.
  const claims: [string, (t: number) => Claims, Answer][] = [
    ['all that are required', () => ({}), ACCEPTED],

    ['no iss', () => ({ iss: undefined }), refusedClaim('iss')],
    ['another iss', () => ({ iss: 'https://issuer.example' }), refusedClaim('iss')],
    ['an iss with a slash at its end', () => ({ iss: `${ISSUER}/` }), refusedClaim('iss')],
    ['an iss in a list', () => ({ iss: [ISSUER] }), refusedClaim('iss')],

    ['no aud', () => ({ aud: undefined }), refusedClaim('aud')],
    ['another aud', () => ({ aud: 'catalog' }), refusedClaim('aud')],
    ['an aud in another case', () => ({ aud: 'Catalog-of-the-test' }), refusedClaim('aud')],
    ['a list of other aud', () => ({ aud: ['a', 'b'] }), refusedClaim('aud')],
    ['an empty list of aud', () => ({ aud: [] }), refusedClaim('aud')],
    ['a list with the aud first', () => ({ aud: [AUDIENCE, 'b'] }), ACCEPTED],
    ['a list with the aud last', () => ({ aud: ['a', AUDIENCE] }), ACCEPTED],

    ['no exp', () => ({ exp: undefined }), refusedClaim('exp')],
    ['an exp that is a string', () => ({ exp: '9999999999' }), refusedClaim('exp')],
    ['an exp that is null', () => ({ exp: null }), refusedClaim('exp')],
    ['an exp 29 s ago', (t) => ({ exp: t - 29 }), ACCEPTED],
    ['an exp 30 s ago', (t) => ({ exp: t - 30 }), EXPIRED],
    ['an exp long ago', (t) => ({ exp: t - 86_400 }), EXPIRED],

    ['an nbf in 30 s', (t) => ({ nbf: t + 30 }), ACCEPTED],
    ['an nbf in 31 s', (t) => ({ nbf: t + 31 }), refusedClaim('nbf')],
    ['an nbf that is a string', () => ({ nbf: '1' }), refusedClaim('nbf')],

    ['no sub', () => ({ sub: undefined }), ACCEPTED],
    ['an empty sub', () => ({ sub: '' }), ACCEPTED],
    ['a sub that is a number', () => ({ sub: 17 }), ACCEPTED],
    ['a sub that is null', () => ({ sub: null }), ACCEPTED],
    [
      'other claims',
      (t) => ({ scope: 'a', azp: 'x', iat: t + 99, nbf: t - 7, jti: 'y' }),
      ACCEPTED,
    ],
  ]

  describe.each(Object.entries(keys))('signed by %s', (_, key) => {
    it.each(claims)('%s', async (_, claimsAt, answer) => {
      publish()
      advance(1000)
      await key.before?.()
      const token = await key.sign({ ...required, ...claimsAt(now()) })
      expect(await ask(isolate, `Bearer ${token}`)).toEqual(answer)
    })
  })

  it('iss and aud are not checked if no value is configured', async () => {
    const lenient = await startIsolate({ AUTH_ISSUER: '', AUTH_AUDIENCE: '' })
    for (const values of [{}, { iss: 'a', aud: 'b' }]) {
      expect(await ask(lenient, `Bearer ${await signBySecret(values)}`)).toEqual(ACCEPTED)
    }
  })

  it.each([
    [{ AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: '' }, 'iss'],
    [{ AUTH_ISSUER: '', AUTH_AUDIENCE: AUDIENCE }, 'aud'],
  ])('are checked separately: %j', async (settings, claim) => {
    const strict = await startIsolate(settings)
    const [good, bad] = [required, { ...required, [claim]: 'another' }]
    expect(await ask(strict, `Bearer ${await signBySecret(good)}`)).toEqual(ACCEPTED)
    expect(await ask(strict, `Bearer ${await signBySecret(bad)}`)).toEqual(refusedClaim(claim))
  })
})

describe('security: algorithms and keys', () => {
  const configurations = {
    secret: { AUTH_JWT_SECRET: SECRET },
    secrets: { AUTH_JWT_SECRET: SECRET, AUTH_JWT_SECRET_PREVIOUS: PREVIOUS_SECRET },
    previous: { AUTH_JWT_SECRET: '', AUTH_JWT_SECRET_PREVIOUS: PREVIOUS_SECRET },
    jwks: { AUTH_JWT_SECRET: '', AUTH_JWKS_URL: JWKS_URL },
    all: {
      AUTH_JWT_SECRET: SECRET,
      AUTH_JWT_SECRET_PREVIOUS: PREVIOUS_SECRET,
      AUTH_JWKS_URL: JWKS_URL,
    },
  } satisfies Record<string, Settings>
  type Configuration = keyof typeof configurations

  const isolates = {} as Record<Configuration, Isolate>
  beforeAll(async () => {
    for (const name of Object.keys(configurations) as Configuration[]) {
      isolates[name] = await startIsolate(configurations[name])
    }
  })

  const encode = (json: unknown) =>
    new TextEncoder()
      .encode(JSON.stringify(json))
      .toBase64({ alphabet: 'base64url', omitPadding: true })
  const unsigned = (header: unknown) => `${encode(header)}.${encode({ exp: now() + 3600 })}`

  type Row = [string, () => Promise<string> | string, Record<Configuration, Answer>]
  const everywhere = (answer: Answer): Record<Configuration, Answer> => ({
    secret: answer,
    secrets: answer,
    previous: answer,
    jwks: answer,
    all: answer,
  })
  const forJwks = (answer: Answer): Record<Configuration, Answer> => ({
    secret: NO_ALGORITHM,
    secrets: NO_ALGORITHM,
    previous: NO_ALGORITHM,
    jwks: answer,
    all: answer,
  })
  const forForeignSecret: Record<Configuration, Answer> = {
    secret: NO_SIGNATURE,
    secrets: NO_SIGNATURE,
    previous: NO_SIGNATURE,
    jwks: NO_ALGORITHM,
    all: NO_SIGNATURE,
  }
  const rows: Row[] = [
    [
      'HS256 with the secret',
      () => signBySecret(),
      {
        secret: ACCEPTED,
        secrets: ACCEPTED,
        previous: NO_SIGNATURE,
        jwks: NO_ALGORITHM,
        all: ACCEPTED,
      },
    ],
    [
      'HS256 with the previous secret',
      () => signBySecret({}, PREVIOUS_SECRET),
      {
        secret: NO_SIGNATURE,
        secrets: ACCEPTED,
        previous: ACCEPTED,
        jwks: NO_ALGORITHM,
        all: ACCEPTED,
      },
    ],
    ['HS256 with another secret', () => signBySecret({}, 'x'.repeat(32)), forForeignSecret],
    [
      'HS256 with the RS256 public key',
      async () => sign({ alg: 'HS256', kid: 'rsa' }, await exportSPKI(rsa.publicKey)),
      forForeignSecret,
    ],
    [
      'HS384 with the secret',
      () => sign({ alg: 'HS384' }, SECRET.repeat(2)),
      everywhere(NO_ALGORITHM),
    ],
    [
      'HS512 with the secret',
      () => sign({ alg: 'HS512' }, SECRET.repeat(2)),
      everywhere(NO_ALGORITHM),
    ],
    ['RS256', () => sign({ alg: 'RS256', kid: 'rsa' }, rsa.privateKey), forJwks(ACCEPTED)],
    ['ES256', () => sign({ alg: 'ES256', kid: 'ec' }, ec.privateKey), forJwks(ACCEPTED)],
    ['EdDSA', () => sign({ alg: 'EdDSA', kid: 'ed' }, ed.privateKey), forJwks(ACCEPTED)],
    [
      'EdDSA under its newer name',
      () => sign({ alg: 'Ed25519', kid: 'ed' }, ed.privateKey),
      everywhere(NO_ALGORITHM),
    ],
    [
      'a key that is not published, under the id of one that is',
      () => sign({ alg: 'ES256', kid: 'ec' }, newEc.privateKey),
      forJwks(NO_SIGNATURE),
    ],
    [
      'a key that is not published, under its own id',
      () => sign({ alg: 'ES256', kid: 'new-ec' }, newEc.privateKey),
      forJwks(NO_KEY),
    ],
    [
      'a key that is not published, without id',
      () => sign({ alg: 'ES256' }, newEc.privateKey),
      forJwks(NO_SIGNATURE),
    ],
    [
      'the id of a key of another algorithm',
      () => sign({ alg: 'ES256', kid: 'rsa' }, ec.privateKey),
      forJwks(NO_KEY),
    ],
    ['RS384', () => `${unsigned({ alg: 'RS384', kid: 'rsa' })}.c2ln`, everywhere(NO_ALGORITHM)],
    ['PS256', () => `${unsigned({ alg: 'PS256', kid: 'rsa' })}.c2ln`, everywhere(NO_ALGORITHM)],
    ['none', () => `${unsigned({ alg: 'none' })}.`, everywhere(MALFORMED)],
    ['none, with a signature', () => `${unsigned({ alg: 'none' })}.c2ln`, everywhere(NO_ALGORITHM)],
    ['no algorithm', () => `${unsigned({})}.c2ln`, everywhere(NO_ALGORITHM)],
  ]

  const cells = rows.flatMap(([name, token, answers]) =>
    (Object.keys(answers) as Configuration[]).map((configuration) => ({
      name,
      token,
      configuration,
      answer: answers[configuration],
    })),
  )
  it.each(cells)('$name, with $configuration', async ({ token, configuration, answer }) => {
    publish()
    expect(await ask(isolates[configuration], `Bearer ${await token()}`)).toEqual(answer)
  })
})

describe('security: the Authorization header', () => {
  let isolate: Isolate
  beforeAll(async () => {
    isolate = await startIsolate()
  })

  const rows: [string, (token: string) => string, Answer][] = [
    ['Bearer <token>', (token) => `Bearer ${token}`, ACCEPTED],
    ['blanks before the token', (token) => `Bearer   ${token}`, ACCEPTED],
    ['the scheme in another case', (token) => `bEARER ${token}`, ACCEPTED],
    ['none', () => '', NOT_AUTHENTICATED],
    ['Bearer alone', () => 'Bearer', NOT_BEARER],
    ['Basic', () => 'Basic dGVzdDp0ZXN0', NOT_BEARER],
    ['no blank', (token) => `Bearer${token}`, NOT_BEARER],
    ['a tab', (token) => `Bearer\t${token}`, NOT_BEARER],
    ['another scheme', (token) => `Token ${token}`, NOT_BEARER],
    ['a token alone', (token) => token, NOT_BEARER],
    ['one part', () => 'Bearer x', MALFORMED],
    ['two parts', () => 'Bearer a.b', MALFORMED],
    ['three parts that are no JWT', () => 'Bearer a.b.c', MALFORMED],
    ['four parts', (token) => `Bearer ${token}.d`, MALFORMED],
    ['blanks inside', () => 'Bearer a b c', MALFORMED],
    ['a parameter behind the token', (token) => `Bearer ${token}, realm="x"`, MALFORMED],
    ['two values', (token) => `Bearer ${token}, Bearer ${token}`, MALFORMED],
    ['quotes', (token) => `Bearer "${token}"`, MALFORMED],
    // Quadratic work would take these tests many minutes.
    [
      'a megabyte of blanks and what `.` does not match',
      () => `Bearer${' '.repeat(1_000_000)}\u2028x`,
      TOO_LONG,
    ],
    ['a megabyte of blanks inside', () => `Bearer x${' '.repeat(1_000_000)}x`, TOO_LONG],
    ['a megabyte of letters', () => `Bearer ${'a'.repeat(1_000_000)}`, TOO_LONG],
    ['a megabyte of dots', () => `Bearer ${'a.'.repeat(500_000)}`, TOO_LONG],
  ]
  it.each(rows)('%s', async (_, header, answer) => {
    expect(await ask(isolate, header(await signBySecret()))).toEqual(answer)
  })

  it('a token in the query string is ignored', async () => {
    const search = `?access_token=${await signBySecret()}`
    expect(await ask(isolate, '', search)).toEqual(NOT_AUTHENTICATED)
  })

  it.each<[number, Answer]>([
    [8192, ACCEPTED],
    [8193, TOO_LONG],
  ])('a token of %i characters', async (length, answer) => {
    expect(await ask(isolate, `Bearer ${await signOfLength(length)}`)).toEqual(answer)
  })

  it('is checked before the query', async () => {
    const search = '?dataset=&page[size]=0'
    expect(await ask(isolate, '', search)).toEqual(NOT_AUTHENTICATED)
    expect(await ask(isolate, 'Bearer x', search)).toEqual(MALFORMED)
  })

  it.each(['/assets', '/datasets', '/asset/x', '/asset/x/tilejson.json'])(
    'is required by %s, also for stored pages',
    async (path) => {
      expect((await isolate.fetch(HOST + path)).status).not.toBe(401)
      for (const method of ['GET', 'HEAD']) {
        const init = { method, headers: { Authorization: '' } }
        expect((await isolate.fetch(HOST + path, init)).status).toBe(401)
      }
    },
  )
})

/** A valid token of exactly this many characters. */
async function signOfLength(length: number): Promise<string> {
  // The length of Base64 is never 1 modulo 4; `kid` adjusts the length.
  for (const kid of ['', 'a', 'ab']) {
    for (let padding = Math.floor(length * 0.74); ; padding--) {
      const token = await sign({ alg: 'HS256', kid }, SECRET, { padding: 'x'.repeat(padding) })
      if (token.length === length) return token
      if (token.length < length) break
    }
  }
  throw new Error('no such length')
}

describe('security: secrets', () => {
  const settings = {
    AUTH_JWT_SECRET: (secret: string) => ({ AUTH_JWT_SECRET: secret }),
    AUTH_JWT_SECRET_PREVIOUS: (secret: string) => ({ AUTH_JWT_SECRET_PREVIOUS: secret }),
    'AUTH_JWT_SECRET beside a JWKS': (secret: string) => ({
      AUTH_JWT_SECRET: secret,
      AUTH_JWKS_URL: JWKS_URL,
    }),
    'AUTH_JWT_SECRET beside a longer previous one': (secret: string) => ({
      AUTH_JWT_SECRET: secret,
      AUTH_JWT_SECRET_PREVIOUS: PREVIOUS_SECRET,
    }),
  }
  const secrets: [string, string, Answer][] = [
    ['31 bytes', 'x'.repeat(31), NO_TOKEN],
    ['32 bytes', 'x'.repeat(32), ACCEPTED],
    ['31 bytes in 16 characters', `${'é'.repeat(15)}x`, NO_TOKEN],
    ['32 bytes in 16 characters', 'é'.repeat(16), ACCEPTED],
    ['1 byte', 'x', NO_TOKEN],
  ]
  const cells = Object.entries(settings).flatMap(([name, settingsOf]) =>
    secrets.map(([length, secret, answer]) => ({ name, settingsOf, length, secret, answer })),
  )
  it.each(cells)('$name of $length', async ({ name, settingsOf, secret, answer }) => {
    const log = collectLogs()
    const isolate = await startIsolate(settingsOf(secret))
    expect(await ask(isolate, `Bearer ${await signBySecret({}, secret)}`)).toEqual(answer)
    const [setting] = name.split(' ')
    const message = `every request is refused: ${setting} must have at least 32 bytes`
    const isShort = answer === NO_TOKEN
    expect(log.all().filter(({ message }) => message !== 'request')).toEqual(
      isShort ? [{ level: 'error', message }] : [],
    )
  })

  it('of 31 bytes refuse the tokens of other keys too', async () => {
    publish()
    const isolate = await startIsolate({
      AUTH_JWT_SECRET_PREVIOUS: 'x'.repeat(31),
      AUTH_JWKS_URL: JWKS_URL,
    })
    for (const token of [
      await signBySecret(),
      await sign({ alg: 'ES256', kid: 'ec' }, ec.privateKey),
    ]) {
      expect(await ask(isolate, `Bearer ${token}`)).toEqual(NO_TOKEN)
    }
  })

  it('that are not configured refuse every token, which is logged once', async () => {
    const log = collectLogs()
    const isolate = await startIsolate({ AUTH_JWT_SECRET: '' })
    for (const token of [await signBySecret(), `${'a'.repeat(20)}.b.c`]) {
      expect(await ask(isolate, `Bearer ${token}`)).toEqual(NO_TOKEN)
    }
    const message = 'every request is refused: AUTH_JWT_SECRET or AUTH_JWKS_URL must be set'
    expect(log.all().filter(({ message }) => message !== 'request')).toEqual([
      { level: 'error', message },
    ])
  })
})

describe('a valid token', () => {
  /** With an invalid query, a valid token is a 422 without a database call. */
  const ACCEPTED_STATUS = 422

  async function startCounting() {
    const isolate = await startIsolate()
    const verify = vi.spyOn(crypto.subtle, 'verify')
    return {
      verify,
      statusOf: async (token: string) => {
        const headers = { Authorization: `Bearer ${token}` }
        return (await isolate.request(`${HOST}/assets?page[size]=0`, { headers })).response.status
      },
    }
  }

  it('is verified once per isolate, and accepted until it expires', async () => {
    const { verify, statusOf } = await startCounting()
    vi.setSystemTime(new Date('2026-03-04T05:06:07.000Z'))
    const token = await signBySecret({ exp: now() + 60 })
    expect([await statusOf(token), await statusOf(token)]).toEqual([
      ACCEPTED_STATUS,
      ACCEPTED_STATUS,
    ])
    vi.setSystemTime(new Date('2026-03-04T05:07:36.999Z'))
    expect(await statusOf(token)).toBe(ACCEPTED_STATUS)
    expect(verify).toHaveBeenCalledTimes(1)
    vi.setSystemTime(new Date('2026-03-04T05:07:37.000Z'))
    expect(await statusOf(token)).toBe(401)
  })

  it('does not validate another with the same payload or signature', async () => {
    const { statusOf } = await startCounting()
    const token = await signBySecret()
    expect(await statusOf(token)).toBe(ACCEPTED_STATUS)
    const [header, payload, signature] = token.split('.')
    const [, otherPayload, otherSignature] = (await signBySecret({ sub: 'other' })).split('.')
    expect(await statusOf(`${header}.${payload}.${otherSignature}`)).toBe(401)
    expect(await statusOf(`${header}.${otherPayload}.${signature}`)).toBe(401)
  })

  it('is remembered among 1,000, the least recently used forgotten first', async () => {
    const { verify, statusOf } = await startCounting()
    const tokens: string[] = []
    for (let n = 0; n < 1001; n++) tokens.push(await signBySecret({ sub: `${n}` }))
    for (const token of tokens.slice(0, 1000)) expect(await statusOf(token)).toBe(ACCEPTED_STATUS)
    const [first = '', second = ''] = tokens
    expect(await statusOf(first)).toBe(ACCEPTED_STATUS)
    expect(verify).toHaveBeenCalledTimes(1000)
    expect(await statusOf(`${tokens.at(1000)}`)).toBe(ACCEPTED_STATUS)
    expect(await statusOf(first)).toBe(ACCEPTED_STATUS)
    expect(verify).toHaveBeenCalledTimes(1001)
    expect(await statusOf(second)).toBe(ACCEPTED_STATUS)
    expect(verify).toHaveBeenCalledTimes(1002)
  })
})

describe('a refused token', () => {
  it('is not remembered, and costs no I/O', async () => {
    const isolate = await startIsolate()
    const network = vi.spyOn(globalThis, 'fetch')
    const cache = vi.spyOn(caches, 'open')
    const token = await signBySecret({}, 'x'.repeat(32))
    for (let n = 0; n < 3; n++) expect(await ask(isolate, `Bearer ${token}`)).toEqual(NO_SIGNATURE)
    expect(network).not.toHaveBeenCalled()
    expect(cache).not.toHaveBeenCalled()
  })
})
