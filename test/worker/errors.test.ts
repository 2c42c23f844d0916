/** Responses and log lines for unexpected exceptions. */

import { beforeAll, describe, expect, it } from 'vitest'
import {
  collectLogs,
  newHost,
  resetCatalog,
  type Settings,
  startIsolate,
} from '../harness/worker.ts'

/** Contains secrets, as errors of drivers do. */
class UnexpectedFailure extends Error {
  override name = 'UnexpectedFailure'
  query = 'select revision from catalog_revision'
}

function fail(): never {
  const cause = new TypeError('cause: hunter2')
  throw new UnexpectedFailure('postgres://owner:hunter2@db.example/gfw: select hunter2', { cause })
}

// Bindings are the only part of the Worker that tests can break.
const VERSION = {
  get id(): string {
    return fail()
  },
} as unknown as WorkerVersionMetadata
const ASSETS = { fetch: async () => fail() } as unknown as Fetcher

const HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'ETag,Age,Link,Retry-After,Cache-Status,Server-Timing,X-Request-Id,WWW-Authenticate,Ignored-Parameters',
  'cache-control': 'no-store',
  'content-type': 'application/json',
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=15552000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'x-request-id': 'request-of-the-test',
}
const CATALOG_HEADERS = {
  ...HEADERS,
  'server-timing': expect.stringMatching(/^auth;dur=\d+(\.\d+)?$/),
  'timing-allow-origin': '*',
  vary: 'Authorization',
}

beforeAll(() => resetCatalog([{}]))

describe('security: an unexpected error', () => {
  const id = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
  const cases: [string, string, Settings, Record<string, unknown>, Record<string, unknown>][] = [
    [
      'GET',
      '/assets',
      { VERSION },
      CATALOG_HEADERS,
      { route: '/assets', subject: 'tester', query: '?page[number]=1&page[size]=25' },
    ],
    [
      'HEAD',
      '/assets?page[size]=7',
      { VERSION },
      CATALOG_HEADERS,
      { route: '/assets', subject: 'tester', query: '?page[number]=1&page[size]=7' },
    ],
    [
      'GET',
      '/datasets',
      { VERSION },
      CATALOG_HEADERS,
      { route: '/datasets', subject: 'tester', query: '?page[number]=1&page[size]=25' },
    ],
    [
      'GET',
      `/asset/${id}`,
      { VERSION },
      CATALOG_HEADERS,
      { route: '/asset/:asset_id', subject: 'tester' },
    ],
    [
      'GET',
      `/asset/${id}/tilejson.json`,
      { VERSION },
      CATALOG_HEADERS,
      { route: '/asset/:asset_id/tilejson.json', subject: 'tester' },
    ],
    ['GET', '/readyz', { VERSION }, HEADERS, { route: '/readyz' }],
    ['GET', '/', { ASSETS }, HEADERS, { route: '/' }],
    ['GET', '/docs', { ASSETS }, HEADERS, { route: '/docs' }],
  ]

  it.each(cases)(
    'is a 500 without details: %s %s',
    async (method, path, settings, headers, line) => {
      const { fetch } = await startIsolate(settings)
      const log = collectLogs()
      const sent = { 'X-Request-Id': 'request-of-the-test' }
      const response = await fetch(newHost() + path, { method, headers: sent })
      expect(response.status).toBe(500)
      expect(await response.text()).toBe(
        method === 'HEAD' ? '' : '{"detail":"Internal Server Error"}',
      )
      expect(Object.fromEntries(response.headers)).toEqual(headers)
      expect(log.all()).toEqual([
        { level: 'error', message: 'unexpected error', error: 'UnexpectedFailure' },
        {
          level: 'error',
          message: 'request',
          requestId: 'request-of-the-test',
          method,
          status: 500,
          ...line,
        },
      ])
    },
  )
})

describe('security: a thrown value that is not an error', () => {
  const values: [unknown, string][] = [
    [undefined, 'thrown undefined'],
    [null, 'thrown null'],
    ['postgres://owner:hunter2@db.example/gfw', 'thrown string'],
    [{ message: 'hunter2', status: 200 }, 'thrown object'],
  ]

  it.each(values)('is a 500 without details: %j', async (value, error) => {
    const fetch = () => Promise.reject(value)
    const isolate = await startIsolate({ ASSETS: { fetch } as unknown as Fetcher })
    const log = collectLogs()
    const headers = { 'X-Request-Id': 'request-of-the-test' }
    const response = await isolate.fetch(newHost(), { headers })
    expect([response.status, await response.json()]).toEqual([
      500,
      { detail: 'Internal Server Error' },
    ])
    expect(Object.fromEntries(response.headers)).toEqual(HEADERS)
    expect(log.all()).toEqual([
      { level: 'error', message: 'unexpected error', error },
      {
        level: 'error',
        message: 'request',
        requestId: 'request-of-the-test',
        method: 'GET',
        route: '/',
        status: 500,
      },
    ])
  })

  it('is one behind the token too', async () => {
    const VERSION = {
      get id(): string {
        throw undefined
      },
    } as unknown as WorkerVersionMetadata
    const { fetch } = await startIsolate({ VERSION })
    const response = await fetch(`${newHost()}/assets`)
    expect([response.status, await response.json()]).toEqual([
      500,
      { detail: 'Internal Server Error' },
    ])
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(response.headers.get('Vary')).toBe('Authorization')
  })
})
