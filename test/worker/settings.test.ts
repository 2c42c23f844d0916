import { beforeAll, describe, expect, it } from 'vitest'
import {
  collectLogs,
  newHost,
  resetCatalog,
  type Settings,
  startIsolate,
} from '../harness/worker.ts'

beforeAll(() => resetCatalog([{}]))

/** Variables as deployments give them, whatever `Env` says of their types. */
function deployed(values: Record<string, unknown>): Settings {
  return values as Settings
}

const WHOLE_MS = 'must be a whole number of milliseconds from 1 to 60000'
const WHOLE_SECONDS = 'must be a whole number of seconds from 0 to 31536000'
const POSTGRES_URL = 'must be a Postgres URL with a user, a host and a database'
const KEY_URL = 'must be an https:// URL; http:// only on loopback'

const WRONG: [Record<string, unknown>, string][] = [
  ...[
    '5s',
    '',
    '-1',
    '0',
    '1.5',
    '1e3',
    ' 5000',
    '0x10',
    '60001',
    -1,
    0,
    1.5,
    Number.NaN,
    true,
  ].map((value): [Record<string, unknown>, string] => [
    { DATABASE_TIMEOUT_MS: value },
    `DATABASE_TIMEOUT_MS ${WHOLE_MS}`,
  ]),
  [{ REVISION_FRESH_SECONDS: -1 }, `REVISION_FRESH_SECONDS ${WHOLE_SECONDS}`],
  [{ REVISION_MAX_AGE_SECONDS: '1m' }, `REVISION_MAX_AGE_SECONDS ${WHOLE_SECONDS}`],
  [{ STALE_SECONDS: '' }, `STALE_SECONDS ${WHOLE_SECONDS}`],
  [
    { REVISION_FRESH_SECONDS: 61 },
    'REVISION_FRESH_SECONDS must be at most REVISION_MAX_AGE_SECONDS',
  ],
  [{ STALE_SECONDS: '59' }, 'REVISION_MAX_AGE_SECONDS must be at most STALE_SECONDS'],
  [{ DATABASE_URL: undefined }, 'DATABASE_URL must be set'],
  ...[
    '',
    'nonsense-with-hunter2-inside',
    'mysql://owner:hunter2@db.example/catalog',
    'postgres://db.example/catalog',
    'postgres://owner:hunter2@db.example',
  ].map((value): [Record<string, unknown>, string] => [
    { DATABASE_URL: value },
    `DATABASE_URL ${POSTGRES_URL}`,
  ]),
  ...['hunter2', 'http://keys.example/hunter2', 'ftp://keys.example', '//keys.example'].map(
    (value): [Record<string, unknown>, string] => [
      { AUTH_JWKS_URL: value },
      `AUTH_JWKS_URL ${KEY_URL}`,
    ],
  ),
  ...['a/b', 'a b', 'é', 'a'.repeat(65)].map((value): [Record<string, unknown>, string] => [
    { CODE_VERSION: value },
    'CODE_VERSION must be 1 to 64 letters, digits, _ or -',
  ]),
  [{ AUTH_ISSUER: 17 }, 'AUTH_ISSUER must be text'],
  [{ AUTH_AUDIENCE: ['a'] }, 'AUTH_AUDIENCE must be text'],
  [
    { AUTH_JWT_SECRET: 'hunter2', STALE_SECONDS: 'hunter2', AUTH_JWKS_URL: 'hunter2' },
    `STALE_SECONDS ${WHOLE_SECONDS}; AUTH_JWT_SECRET must have at least 32 bytes; AUTH_JWKS_URL ${KEY_URL}`,
  ],
]

describe('security: wrong settings', () => {
  it.each(WRONG)('refuse every request, and the log names them once: %j', async (values, text) => {
    const log = collectLogs()
    const { fetch } = await startIsolate(deployed(values))
    for (const path of ['/assets', '/datasets', '/asset/x', '/asset/x/tilejson.json']) {
      const response = await fetch(newHost() + path)
      expect(response.status).toBe(500)
      expect(await response.json()).toEqual({ detail: 'Internal Server Error' })
    }
    // That no value is in it, `setup.ts` checks.
    expect(log.all().filter(({ message }) => message !== 'request')).toEqual([
      { level: 'error', message: `every request is refused: ${text}` },
    ])
  })

  it.each(WRONG)('leave /livez alone and make /readyz a 503: %j', async (values) => {
    const { fetch } = await startIsolate(deployed(values))
    const host = newHost()
    expect((await fetch(`${host}/livez`)).status).toBe(200)
    expect((await fetch(`${host}/readyz`)).status).toBe(503)
  })
})

describe('settings', () => {
  it.each<Record<string, unknown>>([
    { DATABASE_TIMEOUT_MS: '60000', REVISION_FRESH_SECONDS: '10', STALE_SECONDS: '86400' },
    { REVISION_FRESH_SECONDS: 0, REVISION_MAX_AGE_SECONDS: 0, STALE_SECONDS: 0 },
    { AUTH_JWKS_URL: undefined, AUTH_ISSUER: undefined, AUTH_AUDIENCE: undefined },
    { AUTH_JWKS_URL: 'http://127.0.0.1:8099/jwks.json' },
    { DATABASE_TIMEOUT_MS: undefined, REVISION_FRESH_SECONDS: undefined, STALE_SECONDS: undefined },
  ])('may be %j', async (values) => {
    const { fetch } = await startIsolate(deployed(values))
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
  })
})
