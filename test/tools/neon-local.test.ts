import { Agent, request as httpRequest } from 'node:http'
import { connect, createServer } from 'node:net'
import { neon, neonConfig } from '@neondatabase/serverless'
import { sql as statement } from 'drizzle-orm'
import { drizzle as drizzleOverHttp } from 'drizzle-orm/neon-http'
import { drizzle as drizzleOverWire } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assets, catalogRevision, versions } from '../../src/schema.ts'
import { listen } from '../../tools/listen.ts'
import { migrateDatabase } from '../../tools/migrate.ts'
import { type NeonLocal, serveNeonLocal } from '../../tools/neon-local.ts'
import type { PgliteServer } from '../../tools/pglite-server.ts'
import { servePreparedPglite } from '../prepared-database.ts'

let postgres: PgliteServer
let endpoint: NeonLocal
let client: pg.Client

beforeAll(async () => {
  postgres = await servePreparedPglite('empty')
  endpoint = await serveNeonLocal({ databaseUrl: postgres.url })
  neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`
  client = new pg.Client(postgres.url)
  await client.connect()
  await client.query('CREATE TABLE notes (id int PRIMARY KEY, text text)')
})
afterAll(async () => {
  await client.end()
  await endpoint.close()
  await postgres.close()
})

interface SendOptions {
  headers?: Record<string, string>
  method?: string
  path?: string
}

/** What goes over the wire, without the driver. */
async function send(body: unknown, { headers, method = 'POST', path = '/sql' }: SendOptions = {}) {
  const response = await fetch(new URL(path, endpoint.url), {
    method,
    headers: { 'Neon-Connection-String': 'postgres://u:p@host/db', ...headers },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const answer = JSON.parse(await response.text())
  return { status: response.status, allow: response.headers.get('Allow'), answer }
}

const EVERY_TYPE = `SELECT
  'b4695157-0d1d-4da0-8f9e-5c53149389e4'::uuid AS uuid, 'a "b" \\ é ☃'::text AS text,
  true AS yes, false AS no, '2019-08-24T14:15:22.123456+02'::timestamptz AS timestamptz,
  '{"a": [1, null, "x"], "b": {"c": 1.50}}'::jsonb AS jsonb, '"text"'::jsonb AS jsonb_text,
  2147483647::int4 AS int4, (-32768)::int2 AS int2, 9223372036854775807::int8 AS int8,
  12345678901234567890.50::numeric AS numeric, 0.1::float8 AS float8, 'NaN'::float8 AS nan,
  ARRAY['a', NULL, 'b,"c"', '{}', 'NULL'] AS texts, '{}'::text[] AS none,
  ARRAY[[1, 2], [3, 4]] AS int4s, ARRAY['{"a": 1}'::jsonb] AS jsonbs, null::text AS null_text,
  null::uuid AS null_uuid, null::jsonb AS null_jsonb, null::text[] AS null_texts`

describe('with the driver', () => {
  it.each([false, true])(
    'reads every type as a plain connection does (arrayMode %s)',
    async (arrayMode) => {
      const sql = neon(endpoint.connectionString, { arrayMode, fullResults: true })
      const plain = await client.query({
        text: EVERY_TYPE,
        ...(arrayMode ? { rowMode: 'array' } : {}),
      })
      const result = await sql.query(EVERY_TYPE)
      expect(result.rows).toEqual(plain.rows)
      expect(result.fields).toEqual(plain.fields.map((field) => ({ ...field })))
      expect(result).toMatchObject({ command: 'SELECT', rowCount: 1, rowAsArray: arrayMode })
    },
  )

  it('passes parameters of every type', async () => {
    const sql = neon(endpoint.connectionString)
    const text = `SELECT $1::uuid AS a, $2::text AS b, $3::boolean AS c, $4::timestamptz::text AS d,
      $5::jsonb AS e, $6::int4 AS f, $7::int8 AS g, $8::numeric AS h, $9::text[] AS i, $10::text AS j`
    const params = [
      'b4695157-0d1d-4da0-8f9e-5c53149389e4',
      'a "b" \\ é ☃\n',
      true,
      '2019-08-24T14:15:22.123456Z',
      { a: [1, null] },
      42,
      '9223372036854775807',
      '0.10',
      ['a', null, 'b,"c"\\'],
      null,
    ]
    const plain = await client.query(text, params)
    const rows = await sql.query(text, params)
    expect(rows).toEqual(plain.rows)
    expect(rows).toMatchObject([{ b: 'a "b" \\ é ☃\n', f: 42, i: ['a', null, 'b,"c"\\'], j: null }])
  })

  it('counts the rows of a statement', async () => {
    const sql = neon(endpoint.connectionString, { fullResults: true })
    expect(await sql`INSERT INTO notes VALUES (1, 'a'), (2, 'b')`).toMatchObject({
      command: 'INSERT',
      rowCount: 2,
      rows: [],
    })
    expect(await sql`DELETE FROM notes`).toMatchObject({ command: 'DELETE', rowCount: 2 })
    expect(await sql`SET application_name = 'x'`).toMatchObject({ command: 'SET', rowCount: null })
  })

  it('throws an SQL error with its details', async () => {
    const sql = neon(endpoint.connectionString)
    await expect(sql`SELECT * FROM missing`).rejects.toMatchObject({
      name: 'NeonDbError',
      message: 'relation "missing" does not exist',
      code: '42P01',
      severity: 'ERROR',
      position: '15',
      routine: 'parserOpenTable',
    })
    await sql`INSERT INTO notes VALUES (1, 'a')`
    await expect(sql`INSERT INTO notes VALUES (1, 'b')`).rejects.toMatchObject({
      code: '23505',
      detail: 'Key (id)=(1) already exists.',
      schema: 'public',
      table: 'notes',
      constraint: 'notes_pkey',
    })
    await sql`DELETE FROM notes`
  })

  it('refuses several statements in one query, as Neon does', async () => {
    const sql = neon(endpoint.connectionString)
    await expect(sql`SELECT 1; SELECT 2`).rejects.toMatchObject({ code: '42601' })
  })

  it('answers a batch in order', async () => {
    const sql = neon(endpoint.connectionString)
    expect(await sql.transaction([sql`SELECT 1 AS a`, sql`SELECT ${'x'}::text AS b`])).toEqual([
      [{ a: 1 }],
      [{ b: 'x' }],
    ])
  })

  it('rolls back a batch that fails', async () => {
    const sql = neon(endpoint.connectionString)
    const batch = sql.transaction([sql`INSERT INTO notes VALUES (1, 'a')`, sql`SELECT 1 / 0`])
    await expect(batch).rejects.toMatchObject({ code: '22012' })
    expect(await sql`SELECT * FROM notes`).toEqual([])
  })

  it('refuses to write in a read-only batch', async () => {
    const sql = neon(endpoint.connectionString)
    const batch = sql.transaction([sql`INSERT INTO notes VALUES (1, 'a')`], { readOnly: true })
    await expect(batch).rejects.toMatchObject({ code: '25006' })
  })

  it.each([
    ['ReadUncommitted', 'read uncommitted'],
    ['ReadCommitted', 'read committed'],
    ['RepeatableRead', 'repeatable read'],
    ['Serializable', 'serializable'],
  ] as const)('runs a batch in isolation level %s', async (isolationLevel, expected) => {
    const sql = neon(endpoint.connectionString)
    const options = { isolationLevel, readOnly: true, deferrable: true }
    const queries = [sql`SHOW transaction_isolation`, sql`SHOW transaction_deferrable`]
    expect(await sql.transaction(queries, options)).toEqual([
      [{ transaction_isolation: expected }],
      [{ transaction_deferrable: 'on' }],
    ])
  })

  it('does not lend a connection on whose transaction was left open', async () => {
    const sql = neon(endpoint.connectionString)
    await sql`BEGIN`
    await sql`INSERT INTO notes VALUES (1, 'a')`
    expect(await sql`SELECT pg_current_xact_id_if_assigned() IS NULL AS idle`).toEqual([
      { idle: true },
    ])
    await sql`DELETE FROM notes`
  })
})

describe('with Drizzle', () => {
  const asset = {
    assetId: 'b4695157-0d1d-4da0-8f9e-5c53149389e4',
    dataset: 'umd_loss',
    version: 'v1',
    assetType: 'csv',
    assetUri: 'https://example.org/"a" \\ é ☃',
    metadata: { tags: ['a', null], resolution: 27.83, bands: [{ statistics: { max: 1e21 } }] },
    createdOn: '2019-08-24 14:15:22.123456+00',
    updatedOn: '2019-08-24 14:15:22+00',
  }

  beforeAll(() => migrateDatabase(postgres.url))

  it("reads the schema's tables as a plain connection does", async () => {
    const overHttp = drizzleOverHttp(neon(endpoint.connectionString))
    const plain = drizzleOverWire(client)
    await overHttp.insert(versions).values({ dataset: 'umd_loss', version: 'v1', isLatest: true })
    const [written] = await overHttp.insert(assets).values(asset).returning()
    expect(written).toMatchObject({ ...asset, status: 'pending', isLatest: true })
    for (const table of [assets, versions, catalogRevision]) {
      const rows = await overHttp.select().from(table)
      expect(rows).toHaveLength(1)
      expect(rows).toEqual(await plain.select().from(table))
    }
  })

  it('rolls back a batch that fails, and answers one that does not in order', async () => {
    const db = drizzleOverHttp(neon(endpoint.connectionString))
    const count = db.select({ count: statement`count(*)`.mapWith(Number) }).from(assets)
    const failing = db.batch([db.delete(assets), db.execute(statement`SELECT 1 / 0`)])
    await expect(failing).rejects.toThrow()
    expect(await db.batch([count, db.delete(assets).returning(), count])).toMatchObject([
      [{ count: 1 }],
      [{ assetId: asset.assetId }],
      [{ count: 0 }],
    ])
  })
})

describe('on the wire', () => {
  it('answers parsed values in objects by default', async () => {
    const query = `SELECT 1::int4 AS int4, 9007199254740993 AS int8, true AS bool, 1.5::float8 AS float8,
      'NaN'::float8 AS nan, '{"a": 1}'::jsonb AS jsonb, ARRAY[1, NULL] AS int4s,
      ARRAY['a', NULL] AS texts, ARRAY[true, false] AS bools, null AS nothing`
    const { status, answer } = await send({ query })
    expect(status).toBe(200)
    expect(answer.rows).toEqual([
      {
        int4: 1,
        int8: '9007199254740993',
        bool: true,
        float8: 1.5,
        nan: 'NaN',
        jsonb: { a: 1 },
        int4s: [1, null],
        texts: ['a', null],
        bools: [true, false],
        nothing: null,
      },
    ])
  })

  it('answers the text of Postgres in arrays where asked', async () => {
    const headers = { 'Neon-Raw-Text-Output': 'true', 'Neon-Array-Mode': 'true' }
    const query = `SELECT true AS yes, 1 AS one, ARRAY[1, NULL] AS list, '{"a":1}'::jsonb AS jsonb, null AS nothing`
    const { answer } = await send({ query, params: [] }, { headers })
    expect(answer).toMatchObject({
      command: 'SELECT',
      rowCount: 1,
      rowAsArray: true,
      rows: [['t', '1', '{1,NULL}', '{"a": 1}', null]],
    })
    expect(answer.fields[0]).toEqual({
      name: 'yes',
      tableID: 0,
      columnID: 0,
      dataTypeID: 16,
      dataTypeSize: 1,
      dataTypeModifier: -1,
      format: 'text',
    })
  })

  it('takes the array mode of each query of a batch', async () => {
    const queries = [{ query: 'SELECT 1 AS a', arrayMode: true }, { query: 'SELECT 1 AS a' }]
    const { answer } = await send({ queries })
    expect(answer.results.map(({ rows }: { rows: unknown[] }) => rows)).toEqual([[[1]], [{ a: 1 }]])
  })

  it('takes JSON parameters of other types than text', async () => {
    const query =
      'SELECT $1::int AS a, $2::boolean AS b, $3::text[] AS c, $4::jsonb AS d, $5::text AS e'
    const { answer } = await send({ query, params: [1, false, ['x', null, '"'], { f: 1 }, null] })
    expect(answer.rows).toEqual([{ a: 1, b: false, c: ['x', null, '"'], d: { f: 1 }, e: null }])
  })

  it('answers 400 with all keys of an SQL error', async () => {
    const { status, answer } = await send({ query: 'SELEC 1' })
    expect(status).toBe(400)
    expect(answer).toEqual({
      message: 'syntax error at or near "SELEC"',
      code: '42601',
      detail: null,
      hint: null,
      position: '1',
      internalPosition: null,
      internalQuery: null,
      severity: 'ERROR',
      where: null,
      table: null,
      column: null,
      schema: null,
      dataType: null,
      constraint: null,
      file: 'scan.l',
      line: expect.stringMatching(/^\d+$/),
      routine: 'scanner_yyerror',
    })
  })

  it.each([
    ['no JSON', '{"query":', /^could not parse the HTTP request body: SyntaxError/],
    ['no query', '{}', /^could not parse the HTTP request body: neither a query nor queries$/],
    ['a list', '[]', /neither a query nor queries$/],
    ['params that are no list', '{"query":"SELECT 1","params":{}}', /neither a query nor queries$/],
  ])('answers 400 to a body that is %s', async (_, body, message) => {
    const { status, answer } = await send(body)
    expect({ status, answer }).toEqual({
      status: 400,
      answer: { message: expect.stringMatching(message) },
    })
  })

  it.each([
    ['', 'invalid header: neon-connection-string'],
    ['no url', 'invalid header: neon-connection-string'],
  ])('answers 400 to the connection string "%s"', async (value, message) => {
    const { status, answer } = await send(
      { query: 'SELECT 1' },
      { headers: { 'Neon-Connection-String': value } },
    )
    expect({ status, answer }).toEqual({ status: 400, answer: { message } })
  })

  it('answers 400 to an unknown isolation level', async () => {
    const headers = { 'Neon-Batch-Isolation-Level': 'Snapshot' }
    const { status, answer } = await send({ queries: [] }, { headers })
    expect({ status, answer }).toEqual({
      status: 400,
      answer: { message: 'invalid isolation level' },
    })
  })

  it('answers 404 to other paths and 405 to other methods', async () => {
    expect(await send({ query: 'SELECT 1' }, { path: '/' })).toMatchObject({ status: 404 })
    expect(await send('', { method: 'GET' })).toMatchObject({ status: 405, allow: 'POST' })
  })

  it('answers 413 to a body over 64 MiB', async () => {
    const { status, answer } = await send('x'.repeat(64 * 1024 * 1024 + 1))
    expect({ status, answer }).toEqual({
      status: 413,
      answer: { message: 'request is too large (max is 67108864 bytes)' },
    })
  })

  it('goes on after a client that went away', async () => {
    const body = JSON.stringify({ query: 'SELECT pg_sleep(0.05)' })
    const request = httpRequest(endpoint.url, {
      method: 'POST',
      agent: new Agent(),
      headers: { 'Neon-Connection-String': 'postgres://u@h/d', 'Content-Length': body.length },
    })
    request.on('error', () => {})
    await new Promise((resolve) => request.end(body, () => resolve(undefined)))
    request.destroy()
    const half = connect(Number(new URL(endpoint.url).port), '127.0.0.1')
    half.end('POST /sql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
    expect(await send({ query: 'SELECT 1 AS one' })).toMatchObject({
      status: 200,
      answer: { rows: [{ one: 1 }] },
    })
  })
})

it('keeps idle connections for a minute, and says so', async () => {
  const { headers } = await fetch(endpoint.url)
  expect(headers.get('Keep-Alive')).toBe('timeout=60')
})

it('listens on loopback alone', async () => {
  // Any other address of this machine stands for those that others can reach.
  await expect(fetch(endpoint.url.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow()
  expect((await fetch(endpoint.url)).status).toBe(405)
})

it('answers 500 without the connection string while the database is unreachable', async () => {
  const unreachable = await serveNeonLocal({ databaseUrl: 'postgres://user:hush@127.0.0.1:1/db' })
  const response = await fetch(unreachable.url, {
    method: 'POST',
    headers: { 'Neon-Connection-String': 'postgres://u:p@h/d' },
    body: '{"query":"SELECT 1"}',
  })
  expect(response.status).toBe(500)
  expect(await response.json()).toEqual({
    message: 'could not connect to the database: connect ECONNREFUSED 127.0.0.1:1',
  })
  await unreachable.close()
})

it('answers 500 to a query whose connection is lost, and goes on with a new one', async () => {
  // Cuts a connection as soon as the query is on it.
  const proxy = createServer((socket) => {
    const backend = connect(Number(new URL(postgres.url).port), '127.0.0.1')
    const ends = [socket, backend].map((end) => end.on('error', () => {}))
    socket.on('data', (bytes) => {
      if (bytes.includes('lost')) for (const end of ends) end.destroy()
      else backend.write(bytes)
    })
    backend.pipe(socket)
  })
  const port = await listen(proxy, 0, '127.0.0.1')
  const local = await serveNeonLocal({
    databaseUrl: `postgres://postgres@127.0.0.1:${port}/postgres`,
  })
  const sql = neon(local.connectionString)
  await expect(sql`SELECT 'lost'`).rejects.toThrow('Server error (HTTP status 500)')
  expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }])
  await local.close()
  proxy.close()
})
