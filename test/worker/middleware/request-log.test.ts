import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { signBySecret } from '../../harness/tokens.ts'
import {
  collectLogs,
  logged,
  newHost,
  query,
  resetCatalog,
  type Settings,
  spyOnNetwork,
  startIsolate,
} from '../../harness/worker.ts'

const NO_REQUEST: RateLimit = { limit: async () => ({ success: false }) }
const subject = 'tester'

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl'

beforeAll(() => resetCatalog([{}]))
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a request is one log line', () => {
  it('for a page read from the database, and for the stored one', async () => {
    const { fetch } = await startIsolate()
    const [row] = await query('select revision from catalog_revision')
    spyOnNetwork().mockRejectedValueOnce(new TypeError('connection reset'))
    const log = collectLogs()
    const url = `${newHost()}/assets?page[size]=5&version=1.8&utm=x`
    const headers = { 'X-Request-Id': 'abc', 'CF-Ray': '230b030023ae2822-FRA' }
    await fetch(url, { headers })
    await fetch(url, { headers })
    const common = {
      level: 'info',
      message: 'request',
      requestId: 'abc',
      method: 'GET',
      route: '/assets',
      status: 200,
      subject: 'tester',
      query: '?version=v1.8&page[number]=1&page[size]=5',
      revision: row?.revision,
      rayId: '230b030023ae2822-FRA',
    }
    expect(log.of('request')).toEqual([
      {
        ...common,
        cache: 'fwd=uri-miss; stored',
        databaseMs: expect.any(Number),
        databaseRetries: 1,
      },
      { ...common, cache: expect.stringMatching(/^hit; ttl=(59|60); detail=memory$/) },
    ])
  })

  it.each([
    [`/assets?access_token=${JWT}`, { headers: { Authorization: '' } }, 401, '/assets'],
    ['/nowhere?secret=1', {}, 404, '/*'],
    [`/${JWT}`, {}, 404, '/*'],
    ['/assets', { method: 'PUT' }, 405, '/assets'],
    ['/assets?page[size]=0', {}, 422, '/assets'],
    [`/asset/${JWT}`, {}, 422, '/asset/:asset_id'],
    [`/asset/${JWT}/tilejson.json`, {}, 422, '/asset/:asset_id/tilejson.json'],
    [`/asset/${JWT}`, { method: 'DELETE' }, 405, '/asset/:asset_id'],
    [`/asset/${JWT}`, { method: 'OPTIONS' }, 204, '/asset/:asset_id'],
  ])('for a refused request, without its path: %s %j', async (path, init, status, route) => {
    const { fetch } = await startIsolate()
    const log = collectLogs()
    await fetch(newHost() + path, init)
    const [line, ...others] = log.of('request')
    expect(others).toEqual([])
    expect(line).toEqual({
      level: 'info',
      message: 'request',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method: 'method' in init ? init.method : 'GET',
      route,
      status,
      ...(status === 422 && { subject: 'tester' }),
    })
  })

  it('with valid headers only', async () => {
    const { fetch } = await startIsolate()
    for (const value of [JWT, `a${JWT}`, '230b030023ae2822-fra', `230b030023ae2822-FRA${JWT}`]) {
      const log = collectLogs()
      await fetch(`${newHost()}/livez`, { headers: { 'X-Request-Id': JWT, 'CF-Ray': value } })
      expect(log.of('request')).toEqual([
        {
          level: 'info',
          message: 'request',
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          method: 'GET',
          route: '/livez',
          status: 200,
        },
      ])
    }
  })

  it.each([
    ['s3://bucket/a b.csv', 's3%3A%2F%2Fbucket%2Fa%20b.csv'],
    [`https://a.example/k?X-Amz-Signature=${'0'.repeat(64)}`, 'https%3A%2F%2Fa.example%2Fk…'],
    ['https://a.example/k#access_token=hunter2', 'https%3A%2F%2Fa.example%2Fk…'],
    ['https://user:hunter2@a.example/k', 'https%3A…'],
    [`https://a.example/${JWT}/k`, 'https%3A%2F%2Fa.example%2F…'],
    [JWT, '…'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), `${'x'.repeat(80)}…`],
    [`${'x'.repeat(79)}🌲`, `${'x'.repeat(79)}%EF%BF%BD…`],
  ])('with long values and possible secrets shortened: asset_uri=%s', async (uri, logged) => {
    const { fetch } = await startIsolate()
    const log = collectLogs()
    await fetch(`${newHost()}/assets?asset_uri=${encodeURIComponent(uri)}`)
    expect(log.of('request')).toMatchObject([
      { query: `?asset_uri=${logged}&page[number]=1&page[size]=25` },
    ])
  })

  const id = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
  const answered: [string, RequestInit, Settings, Record<string, unknown>][] = [
    ['/livez', {}, {}, { status: 200, route: '/livez' }],
    ['/openapi.json', {}, {}, { status: 200, route: '/openapi.json' }],
    ['/livez/', { redirect: 'manual' }, {}, { status: 308, route: '/livez/' }],
    ['/assets', {}, { RATE_LIMITER: NO_REQUEST }, { status: 429, route: '/assets', subject }],
    ['/datasets', {}, { RATE_LIMITER: NO_REQUEST }, { status: 429, route: '/datasets', subject }],
    ['/datasets?page[size]=0', {}, {}, { status: 422, route: '/datasets', subject }],
    [
      '/readyz',
      {},
      { DATABASE_URL: 'postgres://owner:hunter2@127.0.0.1:9/d' },
      { level: 'error', status: 503, route: '/readyz' },
    ],
    [
      `/asset/${id}`,
      { method: 'HEAD' },
      {},
      {
        status: 404,
        method: 'HEAD',
        route: '/asset/:asset_id',
        subject,
        databaseMs: expect.any(Number),
        databaseRetries: 0,
      },
    ],
  ]
  it.each(answered)('for %s %j, with %j', async (path, init, settings, line) => {
    vi.setSystemTime('2027-03-04T05:06:07.089Z')
    const { fetch } = await startIsolate(settings)
    const log = collectLogs()
    await fetch(newHost() + path, init)
    expect(log.of('request')).toEqual([
      {
        level: 'info',
        message: 'request',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        method: 'GET',
        ...line,
      },
    ])
    const { time } = JSON.parse(logged.at(-1) ?? '{}')
    expect(time).toBe('2027-03-04T05:06:07.089Z')
  })

  it.each([
    ['x'.repeat(255), 'x'.repeat(255)],
    ['x'.repeat(256), `${'x'.repeat(255)}…`],
    [`${'x'.repeat(254)}🌲`, `${'x'.repeat(254)}\ufffd…`],
    ['x'.repeat(4000), `${'x'.repeat(255)}…`],
    ['a"b\n{"level":"error"}', 'a"b\n{"level":"error"}'],
    ['', ''],
    [17, '17'],
  ])('with the subject %s shortened if it is long', async (sub, shown) => {
    const { fetch } = await startIsolate()
    const log = collectLogs()
    const headers = { Authorization: `Bearer ${await signBySecret({ sub })}` }
    await fetch(`${newHost()}/assets?page[size]=0`, { headers })
    // Checked first, since a lone surrogate in a diff breaks Vitest's report.
    const subjects = log.of('request').map((line) => String(line.subject))
    expect(subjects.map((subject) => subject.isWellFormed())).toEqual([true])
    expect(log.of('request')).toEqual([
      {
        level: 'info',
        message: 'request',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        method: 'GET',
        route: '/assets',
        status: 422,
        subject: shown,
      },
    ])
  })

  it('at level error for a failed request', async () => {
    const { fetch } = await startIsolate()
    spyOnNetwork().mockRejectedValue(new TypeError('connection refused'))
    const log = collectLogs()
    await fetch(`${newHost()}/assets`)
    expect(log.of('request')).toMatchObject([
      { level: 'error', status: 503, databaseMs: expect.any(Number), databaseRetries: 1 },
    ])
    expect(log.of('database call failed')).toMatchObject([{ error: 'TypeError', retries: 1 }])
  })
})
