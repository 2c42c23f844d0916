import { Agent, request as httpRequest } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { neon, neonConfig } from '@neondatabase/serverless'
import { sql as statement } from 'drizzle-orm'
import { drizzle as drizzleOverHttp } from 'drizzle-orm/neon-http'
import { drizzle as drizzleOverWire } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { assets, catalogRevision, versions } from '../../../src/db/schema.ts'
import { migrateDatabase } from '../../../tools/deploy/migrate.ts'
import { listen } from '../../../tools/listen.ts'
import { type NeonLocal, serveNeonLocal } from '../../../tools/neon-local/neon-local.ts'
import type { PgliteServer } from '../../../tools/pglite/server.ts'
import { servePreparedPglite } from '../../harness/prepared-database.ts'

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

const NO_FIELDS = {
  detail: null,
  hint: null,
  position: null,
  internalPosition: null,
  internalQuery: null,
  where: null,
  table: null,
  column: null,
  schema: null,
  dataType: null,
  constraint: null,
  file: null,
  line: null,
  routine: null,
}

interface SendOptions {
  headers?: Record<string, string>
  method?: string
  path?: string
}

/** Sends a request without the driver. */
async function send(body: unknown, { headers, method = 'POST', path = '/sql' }: SendOptions = {}) {
  const response = await fetch(new URL(path, endpoint.url), {
    method,
    headers: { 'Neon-Connection-String': endpoint.connectionString, ...headers },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const answer = JSON.parse(await response.text())
  return { status: response.status, answer }
}

/** The body of an error of the proxy itself. */
function proxyError(message: unknown) {
  return { ...NO_FIELDS, message, code: '', severity: '' }
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

  it('does not reuse a connection with an open transaction', async () => {
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
    assetType: 'csv' as const,
    assetUri: 'https://example.org/"a" \\ é ☃',
    metadata: { tags: ['a', null], resolution: 27.83, bands: [{ statistics: { max: 1e21 } }] },
    // In the time zone and date style of the prepared database.
    createdOn: '24/08/2019 20:00:22.123456 +0545',
    updatedOn: '24/08/2019 20:00:22 +0545',
  }

  beforeAll(() => migrateDatabase(postgres.url))
  beforeEach(async () => {
    await client.query('TRUNCATE assets, versions')
    const overHttp = drizzleOverHttp(neon(endpoint.connectionString))
    await overHttp.insert(versions).values({ dataset: 'umd_loss', version: 'v1', isLatest: true })
    const [written] = await overHttp.insert(assets).values(asset).returning()
    expect(written).toMatchObject({ ...asset, status: 'pending', isLatest: true })
  })

  it("reads the schema's tables as a plain connection does", async () => {
    const overHttp = drizzleOverHttp(neon(endpoint.connectionString))
    const plain = drizzleOverWire(client)
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

  it('answers Postgres text in arrays on request', async () => {
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

  it('respects the array mode of each query of a batch', async () => {
    const queries = [{ query: 'SELECT 1 AS a', arrayMode: true }, { query: 'SELECT 1 AS a' }]
    const { answer } = await send({ queries })
    expect(answer.results.map(({ rows }: { rows: unknown[] }) => rows)).toEqual([[[1]], [{ a: 1 }]])
  })

  it('accepts JSON parameters that are not text', async () => {
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
    ['not JSON', '{"query":', /^could not parse the HTTP request body: SyntaxError/],
    ['no query', '{}', /^could not parse the HTTP request body: neither a query nor queries$/],
    ['a list', '[]', /neither a query nor queries$/],
    [
      'params that are not a list',
      '{"query":"SELECT 1","params":{}}',
      /neither a query nor queries$/,
    ],
  ])('answers 400 to a body that is %s', async (_, body, message) => {
    const { status, answer } = await send(body)
    expect({ status, answer }).toEqual({
      status: 400,
      answer: proxyError(expect.stringMatching(message)),
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
    expect({ status, answer }).toEqual({ status: 400, answer: proxyError(message) })
  })

  it('answers 400 to an unknown isolation level', async () => {
    const headers = { 'Neon-Batch-Isolation-Level': 'Snapshot' }
    const { status, answer } = await send({ queries: [] }, { headers })
    expect({ status, answer }).toEqual({
      status: 400,
      answer: proxyError('invalid isolation level'),
    })
  })

  it.each([
    ['other paths', { path: '/' }],
    ['other methods', { method: 'GET' }],
  ])('answers 400 to %s', async (_, options) => {
    expect(await send({ query: 'SELECT 1' }, options)).toEqual({
      status: 400,
      answer: 'query is not supported',
    })
  })

  it.each([
    ['a wrong password', 'postgres://dev:wrong@h/catalog', 'dev'],
    ['an unknown user', 'postgres://w%40rker:development-only@h/catalog', 'w@rker'],
    ['no user', 'postgres://h/catalog', ''],
  ])('answers 400 to %s', async (_, connectionString, user) => {
    const headers = { 'Neon-Connection-String': connectionString }
    expect(await send({ query: 'SELECT 1' }, { headers })).toEqual({
      status: 400,
      answer: proxyError(`password authentication failed for user '${user}'`),
    })
  })

  it('answers 400 to an unknown database', async () => {
    const headers = { 'Neon-Connection-String': 'postgres://dev:development-only@h/other' }
    expect(await send({ query: 'SELECT 1' }, { headers })).toMatchObject({
      status: 400,
      answer: { code: '3D000', severity: 'FATAL', message: 'database "other" does not exist' },
    })
  })

  it('answers 413 to a body over 10 MiB', async () => {
    expect(await send('x'.repeat(10 * 1024 * 1024 + 1))).toEqual({
      status: 413,
      answer: proxyError('request is too large (max is 10485760 bytes)'),
    })
  })

  it('answers 507 instead of more than 10 MiB', async () => {
    const query = 'SELECT repeat($1, $2::int) AS text'
    const size = 10 * 1024 * 1024
    expect(await send({ query, params: ['x', size] })).toEqual({
      status: 507,
      answer: proxyError('response is too large (max is 10485760 bytes)'),
    })
    expect(await send({ query, params: ['x', size - 1000] })).toMatchObject({ status: 200 })
    // Escapes of JSON count.
    expect(await send({ query, params: ['"', size / 2] })).toMatchObject({ status: 507 })
  })

  it('answers 507 to rows that fit into no string', async () => {
    const query = "SELECT repeat('x', 1000000) FROM generate_series(1, 540)"
    expect(await send({ query, params: [] })).toEqual({
      status: 507,
      answer: proxyError('response is too large (max is 10485760 bytes)'),
    })
  })

  it('sends Content-Length and Neon-Request-Id', async () => {
    const headers = { 'Neon-Connection-String': endpoint.connectionString }
    const body = '{"query":"SELECT 1"}'
    const response = await fetch(endpoint.url, { method: 'POST', headers, body })
    expect(Number(response.headers.get('Content-Length'))).toBe((await response.text()).length)
    expect(response.headers.get('Neon-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('reads an empty array of text as Neon does', async () => {
    const query = "SELECT '{}'::text[] AS texts, '{}'::int[] AS numbers"
    expect((await send({ query })).answer.rows).toEqual([{ texts: [''], numbers: [] }])
    const headers = { 'Neon-Raw-Text-Output': 'true' }
    expect((await send({ query }, { headers })).answer.rows).toEqual([
      { texts: '{}', numbers: '{}' },
    ])
  })

  it.each([
    ["SET statement_timeout = '7s'", 'SHOW statement_timeout', { statement_timeout: '0' }],
    [
      "SELECT set_config('search_path', 'nowhere', false)",
      'SHOW search_path',
      { search_path: 'public' },
    ],
    [
      'CREATE TEMPORARY TABLE kept (id int)',
      "SELECT to_regclass('pg_temp.kept') AS kept",
      { kept: null },
    ],
    ['PREPARE kept AS SELECT 1', 'SELECT count(*)::int FROM pg_prepared_statements', { count: 0 }],
  ])('discards the session state of "%s"', async (query, look, expected) => {
    expect(await send({ query })).toMatchObject({ status: 200 })
    expect((await send({ query: look })).answer.rows).toEqual([expected])
  })

  it('continues after a client disconnects', async () => {
    const body = JSON.stringify({ query: 'SELECT pg_sleep(0.05)' })
    const request = httpRequest(endpoint.url, {
      method: 'POST',
      agent: new Agent(),
      headers: {
        'Neon-Connection-String': endpoint.connectionString,
        'Content-Length': body.length,
      },
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

it('keeps idle connections for a minute', async () => {
  const { headers } = await fetch(endpoint.url)
  expect(headers.get('Keep-Alive')).toBe('timeout=60')
})

it('listens on loopback only', async () => {
  // 127.0.0.2 stands for the addresses that other machines can reach.
  await expect(fetch(endpoint.url.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow()
  expect((await fetch(endpoint.url)).status).toBe(400)
})

describe('as a role', () => {
  it('runs single queries and batches, without changing the session', async () => {
    await client.query('CREATE ROLE reader; GRANT SELECT ON notes TO reader')
    const local = await serveNeonLocal({ databaseUrl: postgres.url, role: 'reader' })
    const sql = neon(local.connectionString)
    expect(await sql`SELECT current_user`).toEqual([{ current_user: 'reader' }])
    expect(await sql.transaction([sql`SELECT current_user`])).toEqual([
      [{ current_user: 'reader' }],
    ])
    expect(await sql`SELECT * FROM notes`).toEqual([])
    await expect(sql`INSERT INTO notes VALUES (1, 'a')`).rejects.toMatchObject({ code: '42501' })
    const { rows } = await client.query('SELECT current_user')
    expect(rows).toEqual([{ current_user: 'postgres' }])
    await local.close()
  })
})

/** Postgres behind a proxy that can cut and refuse connections. */
async function startBreakable(connectWaitMs: number) {
  const sockets = new Set<Socket>()
  let refusals = 0
  const proxy = createServer((socket) => {
    if (refusals-- > 0) return void socket.resetAndDestroy()
    const backend = connect(Number(new URL(postgres.url).port), '127.0.0.1')
    for (const end of [socket, backend]) sockets.add(end.on('error', () => {}))
    socket.on('data', (bytes) => {
      if (bytes.includes('lost')) for (const end of [socket, backend]) end.destroy()
      else backend.write(bytes)
    })
    backend.pipe(socket)
  })
  const port = await listen(proxy, 0, '127.0.0.1')
  const local = await serveNeonLocal({
    databaseUrl: `postgres://postgres@127.0.0.1:${port}/postgres`,
    connectWaitMs,
  })
  return {
    local,
    cut: () => sockets.forEach((socket) => void socket.destroy()),
    /** Cuts all connections, and refuses this many new ones. */
    stop(connections: number) {
      refusals = connections
      sockets.forEach((socket) => void socket.destroy())
    },
    async [Symbol.asyncDispose]() {
      await local.close()
      proxy.close()
    },
  }
}

async function query(local: NeonLocal, text: string) {
  const response = await fetch(local.url, {
    method: 'POST',
    headers: { 'Neon-Connection-String': local.connectionString },
    body: JSON.stringify({ query: text }),
  })
  return { status: response.status, answer: JSON.parse(await response.text()) }
}

describe('while Postgres', () => {
  it('is stopped, answers 500 after five attempts', async () => {
    await using breakable = await startBreakable(20)
    breakable.stop(5)
    expect(await query(breakable.local, 'SELECT 1')).toEqual({
      status: 500,
      answer: proxyError("Couldn't connect to compute node"),
    })
  })

  it('restarts, waits for it', async () => {
    await using breakable = await startBreakable(20)
    breakable.stop(4)
    expect(await query(breakable.local, 'SELECT 1')).toMatchObject({ status: 200 })
  })

  it('loses a connection, answers 400, then uses a new one', async () => {
    await using breakable = await startBreakable(20)
    expect(await query(breakable.local, "SELECT 'lost'")).toEqual({
      status: 400,
      answer: proxyError('connection closed'),
    })
    expect(await query(breakable.local, 'SELECT 1')).toMatchObject({ status: 200 })
  })

  it('loses idle connections, stops using them', async () => {
    await using breakable = await startBreakable(20)
    const { local } = breakable
    const queries = () => Promise.all([1, 2, 3, 4].map(() => query(local, 'SELECT 1')))
    for (let n = 0; n < 3; n++) {
      expect((await queries()).map(({ status }) => status)).toEqual([200, 200, 200, 200])
      breakable.cut()
      // Sent before or after the pool noticed.
      expect([200, 400]).toContain((await query(local, 'SELECT 1')).status)
    }
  })
})

/** A Postgres server that answers the startup message with `answer` and records all messages. */
async function startScripted(answer: Buffer) {
  const received: Buffer[] = []
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket.on('error', () => {}))
    socket.on('close', () => open.delete(socket))
    socket.on('data', (bytes) => received.push(bytes))
    socket.once('data', () => socket.write(answer))
  })
  const port = await listen(server, 0, '127.0.0.1')
  const local = await serveNeonLocal({ databaseUrl: `postgres://u@127.0.0.1:${port}/d` })
  return {
    local,
    received,
    open,
    async [Symbol.asyncDispose]() {
      await local.close()
      server.close()
    },
  }
}

/** An ErrorResponse. */
function fatal(code: string, text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`)
  const head = Buffer.from('E\0\0\0\0')
  head.writeInt32BE(4 + fields.length, 1)
  return Buffer.concat([head, fields])
}

describe('a connection that Postgres refuses', () => {
  it.each([
    [500, '53300', 'sorry, too many clients already'],
    [500, '57P03', 'the database system is starting up'],
    [500, '28P01', 'password authentication failed for user "u"'],
    [400, '3D000', 'database "d" does not exist'],
  ])('is a %i with SQLSTATE %s', async (status, code, message) => {
    await using scripted = await startScripted(fatal(code, message))
    expect(await query(scripted.local, 'SELECT 1')).toEqual({
      status,
      answer: { ...NO_FIELDS, code, message, severity: 'FATAL' },
    })
  })
})

describe('a client that disconnects', () => {
  // AuthenticationOk, BackendKeyData of process 7 and secret 9, ReadyForQuery.
  const READY = Buffer.from('R\0\0\0\b\0\0\0\0K\0\0\0\f\0\0\0\x07\0\0\0\tZ\0\0\0\x05I')
  const CANCEL_REQUEST = Buffer.from(
    '000000 10 04d2162e 00000007 00000009'.replaceAll(' ', ''),
    'hex',
  )

  it('has its query canceled and its connection dropped', async () => {
    await using scripted = await startScripted(READY)
    const { local, received, open } = scripted
    const abort = new AbortController()
    const gone = fetch(local.url, {
      method: 'POST',
      headers: { 'Neon-Connection-String': local.connectionString },
      body: '{"query":"SELECT 1"}',
      signal: abort.signal,
    })
    gone.catch(() => {})
    // The startup message, and the query, which is never answered.
    await vi.waitFor(() => expect(received).toHaveLength(2))
    abort.abort()
    await vi.waitFor(() => expect(received.at(-1)).toEqual(CANCEL_REQUEST))
    // The server does not cancel, so the connection is dropped.
    await vi.waitFor(() => expect(open.size).toBe(0))
  })
})
