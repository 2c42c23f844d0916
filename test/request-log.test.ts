import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  collectLogs,
  newHost,
  query,
  resetCatalogue,
  spyOnNetwork,
  startIsolate,
} from './worker.ts'

beforeAll(() => resetCatalogue([{}]))
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a request is one log line', () => {
  it('of a page read from the database, and of the stored one', async () => {
    const { fetch } = await startIsolate()
    const [row] = await query('select revision from catalog_revision')
    spyOnNetwork().mockRejectedValueOnce(new TypeError('connection reset'))
    const log = collectLogs()
    const url = `${newHost()}/assets?page[size]=5&version=1.8&utm=x`
    const headers = { 'X-Request-Id': 'abc', 'CF-Ray': '8f2-FRA' }
    await fetch(url, { headers })
    await fetch(url, { headers })
    const common = {
      level: 'info',
      message: 'request',
      requestId: 'abc',
      method: 'GET',
      path: '/assets',
      status: 200,
      subject: 'tester',
      query: '?version=v1.8&page[number]=1&page[size]=5',
      revision: row?.revision,
      rayId: '8f2-FRA',
    }
    expect(log.of('request')).toEqual([
      {
        ...common,
        cache: 'fwd=uri-miss; stored',
        databaseMs: expect.any(Number),
        databaseRetries: 1,
      },
      { ...common, cache: expect.stringMatching(/^hit; ttl=(59|60)$/) },
    ])
  })

  it.each([
    ['/assets?access_token=eyJhbGciOiJIUzI1NiJ9.e30.x', { headers: { Authorization: '' } }, 401],
    ['/nowhere?secret=1', {}, 404],
    ['/assets', { method: 'PUT' }, 405],
    ['/assets?page[size]=0', {}, 422],
  ])('of a refused one: %s', async (path, init, status) => {
    const { fetch } = await startIsolate()
    const log = collectLogs()
    await fetch(newHost() + path, init)
    const [line, ...others] = log.of('request')
    expect(others).toEqual([])
    expect(line).toMatchObject({ level: 'info', status, path: path.split('?')[0] })
    expect(line?.query).toBeUndefined()
  })

  it('of one that failed, at level error', async () => {
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
