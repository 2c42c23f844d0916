import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  collectLogs,
  databaseUrls,
  newHost,
  query,
  resetCatalog,
  spyOnNetwork,
  startIsolate,
} from '../../harness/worker.ts'

let log: ReturnType<typeof collectLogs>

beforeAll(() => resetCatalog([{}]))
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
  it('is one POST with one statement to the host of the connection string', async () => {
    const network = spyOnNetwork()
    const { fetch } = await startIsolate()
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
    const sent = network.mock.calls.map(([url, init]) => ({
      url: String(url),
      method: init?.method,
      names: Object.keys(JSON.parse(String(init?.body))),
    }))
    const { host } = new URL(databaseUrls().worker)
    expect(sent).toEqual([
      { url: `http://${host}/sql`, method: 'POST', names: ['query', 'params'] },
    ])
  })

  it('ends at its time limit, including retries', async () => {
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

  const REVISION = '00000000-0000-4000-8000-000000000000'

  /** A Neon response with one row, in the driver's format. */
  function row(columns: Record<string, string | null>): Response {
    const names = Object.keys(columns)
    const fields = names.map((name) => ({ name, dataTypeID: 25 }))
    const rows = names.length === 0 ? [] : [Object.values(columns)]
    return Response.json({ fields, rows, command: 'SELECT', rowCount: rows.length })
  }

  const noAsset = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`column_${n}`, null]))

  it('that returns only a revision and a total is an empty page', async () => {
    spyOnNetwork().mockImplementation(async () =>
      row({ revision: REVISION, total_items: '0', ...noAsset }),
    )
    const { fetch } = await startIsolate()
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
  })

  it.each([
    ['HTML', () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } })],
    ['nothing', () => new Response('')],
    ['truncated JSON', () => new Response('{"results":[{"rows":[')],
    ['another shape', () => Response.json({ results: [] })],
    ['no row', () => row({})],
    ['no revision', () => row({ total_items: '0', asset_id: null, dataset: null })],
    ['no UUID', () => row({ revision: 'x', total_items: '0', asset_id: null, dataset: null })],
    ['a null', () => row({ revision: null, total_items: '0', asset_id: null, dataset: null })],
  ])('answered with %s is a 503', async (_, answer) => {
    spyOnNetwork().mockImplementation(async () => answer())
    const { fetch } = await startIsolate()
    const host = newHost()
    await expectUnavailable(await fetch(`${host}/assets`))
    await expectUnavailable(await fetch(`${host}/datasets`))
    await expectUnavailable(await fetch(`${host}/asset/${REVISION}`))
  })

  it.each([
    ['no total', row({ revision: REVISION, asset_id: null, dataset: null })],
    ['a null', row({ revision: REVISION, total_items: null, asset_id: null, dataset: null })],
    ['text', row({ revision: REVISION, total_items: 'x', asset_id: null, dataset: null })],
  ])('of a listing, answered with %s for its total, is a 503', async (_, answer) => {
    spyOnNetwork().mockImplementation(async () => answer.clone())
    const { fetch } = await startIsolate()
    const host = newHost()
    await expectUnavailable(await fetch(`${host}/assets`))
    await expectUnavailable(await fetch(`${host}/datasets`))
  })
})

describe('security: database errors do not leak', () => {
  it('a refused connection', async () => {
    const DATABASE_URL = 'postgres://owner:hunter2@127.0.0.1:9/catalog'
    const { fetch } = await startIsolate({ DATABASE_URL })
    // `setup.ts` checks that the log does not contain the password.
    await expectUnavailable(await fetch(`${newHost()}/assets`))
    const failures = log.of('database call failed')
    expect(failures.map(({ error, retries, ms, ...line }) => line)).toEqual([
      { level: 'error', message: 'database call failed' },
    ])
  })

  /** Names, values and secrets are removed from messages of Postgres and Neon. */
  it.each([
    ['syntax error at or near "hunter2"', 'syntax error at or near …'],
    ["invalid value for parameter: 'hunter2'", 'invalid value for parameter: …'],
    ["role 'hunter2', password 'o'hunter2' refused", 'role … refused'],
    [`relation "a" of 'hunter2`, 'relation …'],
    ["neither 'a' nor 'hunter2", 'neither …'],
    [`column "a" ("hunter2 is`, 'column …'],
    ['column "hunter2', 'column …'],
    ["'hunter2' is not a uuid", '… is not a uuid'],
    ['value 4711 is out of range 0..12', 'value … is out of range …..…'],
    ['row 1234-5678 of relation7', 'row …-… of relation…'],
    ["Couldn't connect, it's gone 3 times", "Couldn't connect, it's gone … times"],
    ['no compute for postgres://owner:hunter2@db', 'no compute for …'],
    ['no compute at postgres://db.example/hunter2', 'no compute at …'],
    ['user owner@db with password=hunter2 refused', 'user … with … refused'],
    [`key ${'k'.repeat(31)} and ${'w'.repeat(30)}`, `key … and ${'w'.repeat(30)}`],
    ['one\n  two\tthree', 'one two three'],
    ['word '.repeat(100), `${'word '.repeat(40).trim()} `],
  ])('the message %j is logged as %j', async (message, reason) => {
    const answer = {
      message,
      code: '22P02',
      severity: 'ERROR',
      detail: 'hunter2',
      where: 'hunter2',
    }
    spyOnNetwork().mockImplementation(async () =>
      Response.json(answer, { status: 400, headers: { 'Neon-Request-Id': 'request-1' } }),
    )
    const { fetch } = await startIsolate()
    await expectUnavailable(await fetch(`${newHost()}/assets`))
    expect(log.of('database call failed')).toEqual([
      {
        level: 'error',
        message: 'database call failed',
        error: 'NeonError',
        httpStatus: 400,
        sqlState: '22P02',
        reason,
        neonRequestId: 'request-1',
        ms: 0,
        retries: 0,
      },
    ])
  })

  it('an SQL error, its statement and parameters', async () => {
    await query('alter table catalog_revision rename to mislaid')
    try {
      const { fetch } = await startIsolate()
      const response = await fetch(`${newHost()}/assets?asset_uri=s3://private`)
      await expectUnavailable(response)
      expect(log.of('database call failed')).toEqual([
        {
          level: 'error',
          message: 'database call failed',
          error: 'NeonError',
          httpStatus: 400,
          sqlState: '42P01',
          reason: 'relation … does not exist',
          neonRequestId: expect.stringMatching(/^[\w-]{36}$/),
          ms: 0,
          retries: 0,
        },
      ])
    } finally {
      await query('alter table mislaid rename to catalog_revision')
    }
  })
})

it('the Worker needs only the read-only role of the deployment guide', async () => {
  const asWorker = (text: string) => query(text, [], databaseUrls().worker)
  expect(await asWorker('select current_user as role')).toEqual([{ role: 'worker' }])
  for (const statement of ['delete from assets', 'create table t (id int)', 'drop table assets']) {
    await expect(asWorker(statement)).rejects.toThrow(/permission denied|must be owner/)
  }
})

it('a host that is not loopback is called at its Neon API, over https', async () => {
  const network = spyOnNetwork().mockRejectedValue(new TypeError('no network'))
  const DATABASE_URL = 'postgres://owner:secret@ep-cool-1.eu-central-1.aws.neon.tech/catalog'
  const { fetch } = await startIsolate({ DATABASE_URL })
  await fetch(`${newHost()}/assets`)
  expect(new Set(network.mock.calls.map(([url]) => String(url)))).toEqual(
    new Set(['https://api.eu-central-1.aws.neon.tech/sql']),
  )
  expect(databaseUrls().worker).toContain('127.0.0.1')
})
