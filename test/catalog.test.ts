import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  collectLogs,
  newHost,
  query,
  resetCatalogue,
  spyOnNetwork,
  startIsolate,
} from './worker.ts'

let log: ReturnType<typeof collectLogs>

beforeAll(() => resetCatalogue([{}]))
beforeEach(() => {
  log = collectLogs()
})
afterEach(() => {
  vi.restoreAllMocks()
})

async function expectUnavailable(response: Response) {
  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({ detail: 'Service Unavailable' })
  expect(response.headers.get('Retry-After')).toBe('5')
}

describe('a database call', () => {
  it('is one POST of one statement: revision, total and rows from one snapshot', async () => {
    const network = spyOnNetwork()
    const { fetch } = await startIsolate()
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
    expect(network).toHaveBeenCalledTimes(1)
    const [url, init] = network.mock.calls[0] ?? []
    expect(String(url)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sql$/)
    const body = JSON.parse(String(init?.body))
    expect(Object.keys(body)).toEqual(['query', 'params'])
  })

  it('ends at its time limit, a retry included', async () => {
    const network = spyOnNetwork().mockImplementation(
      (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        }),
    )
    const { fetch } = await startIsolate({ DATABASE_TIMEOUT_MS: 50 })
    await expectUnavailable(await fetch(`${newHost()}/assets`))
    expect(network).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['HTML', () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } })],
    ['truncated JSON', () => new Response('{"results":[{"rows":[')],
    ['another shape', () => Response.json({ results: [] })],
    ['no revision', () => Response.json({ fields: [], rows: [], command: 'SELECT', rowCount: 0 })],
  ])('answered with %s is a 503', async (_, answer) => {
    spyOnNetwork().mockImplementation(async () => answer())
    const { fetch } = await startIsolate()
    await expectUnavailable(await fetch(`${newHost()}/assets`))
  })
})

describe('security: nothing of the database is logged or answered', () => {
  it.each([
    ['an invalid connection string', 'nonsense-with-hunter2-inside'],
    ['no connection string', ''],
    ['a refused connection', 'postgres://owner:hunter2@127.0.0.1:9/catalog'],
  ])('%s', async (_, DATABASE_URL) => {
    const { fetch } = await startIsolate({ DATABASE_URL })
    const response = await fetch(`${newHost()}/assets`)
    expect(await response.clone().text()).not.toContain('hunter2')
    await expectUnavailable(response)
    expect(log.of('database call failed')).toMatchObject([{ level: 'error' }])
  })

  it('an error of Neon but its words', async () => {
    const body = '{"message":"no compute for postgres://owner:hunter2@db"}'
    spyOnNetwork().mockImplementation(async () => new Response(body, { status: 500 }))
    const { fetch } = await startIsolate()
    await expectUnavailable(await fetch(`${newHost()}/assets`))
    expect(log.of('database call failed')).toMatchObject([
      { error: 'NeonError', httpStatus: 500, reason: 'no compute for …' },
    ])
  })

  it('an SQL error, its statement and parameters', async () => {
    await query('alter table catalog_revision rename to mislaid')
    try {
      const { fetch } = await startIsolate()
      const response = await fetch(`${newHost()}/assets?asset_uri=s3://private`)
      await expectUnavailable(response)
      const [line] = log.of('database call failed')
      expect(line?.sqlState).toBe('42P01')
      expect(Object.keys(line ?? {})).toEqual([
        'level',
        'message',
        'error',
        'httpStatus',
        'sqlState',
        'reason',
        'neonRequestId',
        'ms',
        'retries',
      ])
    } finally {
      await query('alter table mislaid rename to catalog_revision')
    }
  })
})

it('needs no more than the role of the deploy guide, as which all tests of the Worker read', async () => {
  const asWorker = (text: string) => query(text, [], env.DATABASE_URL)
  expect(await asWorker('select current_user as role')).toEqual([{ role: 'worker' }])
  for (const statement of ['delete from assets', 'create table t (id int)', 'drop table assets']) {
    await expect(asWorker(statement)).rejects.toThrow(/permission denied|must be owner/)
  }
})

it('reaches a host that is not loopback as Neon has it, over https', async () => {
  const network = spyOnNetwork().mockRejectedValue(new TypeError('no network'))
  const DATABASE_URL = 'postgres://owner:secret@ep-cool-1.eu-central-1.aws.neon.tech/catalog'
  const { fetch } = await startIsolate({ DATABASE_URL })
  await fetch(`${newHost()}/assets`)
  expect(String(network.mock.calls[0]?.[0])).toBe('https://api.eu-central-1.aws.neon.tech/sql')
  expect(env.DATABASE_URL).toContain('127.0.0.1')
})
