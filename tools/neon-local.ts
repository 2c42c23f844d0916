/**
 * Neon's SQL-over-HTTP protocol in front of any Postgres: what `@neondatabase/serverless` sends to
 * `/sql`, answered as Neon's proxy does (neondatabase/neon, proxy/src/serverless/sql_over_http.rs).
 * For development and tests: whoever reaches the port can use the database.
 */

import { createServer, type IncomingMessage } from 'node:http'
import pg from 'pg'
import {
  type Command,
  CommandError,
  type Given,
  parseDatabaseUrl,
  parsePort,
  reasonOf,
  runCommand,
} from './command-line.ts'
import { listen } from './listen.ts'
import { errorBody, parameterText, valueParser } from './neon-json.ts'
import { beginStatement, parsePayload, type Query, RequestError, readBody } from './neon-request.ts'

const MAX_CONNECTIONS = 20

export interface NeonLocal {
  /** `http://HOST:PORT/sql` */
  url: string
  /** What a Worker is given as `DATABASE_URL`; its user and password are not checked. */
  connectionString: string
  close(): Promise<void>
}

/** Serves `databaseUrl` on loopback, or on `host`, and on any free port, or on `port`. */
export async function serveNeonLocal(options: {
  databaseUrl: string
  port?: number
  host?: string
}): Promise<NeonLocal> {
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: MAX_CONNECTIONS })
  // An idle connection that breaks is replaced at the next request.
  pool.on('error', () => {})
  const server = createServer((request, response) => {
    answer(pool, request)
      .catch(failure)
      .then(({ status, body, headers }) => {
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
        response.end(JSON.stringify(body))
      })
      .catch(() => response.destroy())
  })
  // By default it would end an idle connection after 5 s, just when a client may use it again.
  server.keepAliveTimeout = 60_000
  const host = options.host ?? '127.0.0.1'
  const port = await listen(server, options.port ?? 0, host)
  return {
    url: `http://${host}:${port}/sql`,
    connectionString: `postgres://dev:development-only@${host}:${port}/catalog`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await pool.end()
    },
  }
}

interface Answer {
  status: number
  body: unknown
  headers?: Record<string, string>
}

async function answer(pool: pg.Pool, request: IncomingMessage): Promise<Answer> {
  if (request.url?.split('?')[0] !== '/sql') throw new RequestError(404, 'not found')
  if (request.method !== 'POST') throw new RequestError(405, 'method not allowed')
  if (!URL.canParse(String(request.headers['neon-connection-string']))) {
    throw new RequestError(400, 'invalid header: neon-connection-string')
  }
  const rawText = request.headers['neon-raw-text-output'] === 'true'
  const arrayMode = request.headers['neon-array-mode'] === 'true'
  const begin = beginStatement(request)
  const payload = parsePayload(await readBody(request))

  if ('query' in payload) {
    const body = await withClient(pool, (client) => run(client, payload, rawText, arrayMode))
    return { status: 200, body }
  }
  const results = await withClient(pool, async (client) => {
    await client.query(begin)
    try {
      const results = []
      for (const query of payload.queries) {
        results.push(await run(client, query, rawText, arrayMode))
      }
      await client.query('COMMIT')
      return results
    } catch (error) {
      // A rollback that fails too says less than the error before it; the connection is dropped.
      await client.query('ROLLBACK').catch(() => {})
      throw error
    }
  })
  return { status: 200, body: { results } }
}

async function withClient<T>(pool: pg.Pool, use: (client: pg.PoolClient) => Promise<T>) {
  const client = await pool.connect().catch((error) => {
    throw new RequestError(500, `could not connect to the database: ${reasonOf(error)}`)
  })
  // A connection that breaks in use fails its query; without a listener it would end the process.
  const ignore = () => {}
  client.on('error', ignore)
  try {
    return await use(client)
  } finally {
    client.off('error', ignore)
    // A single query may have been a BEGIN: such a connection must not serve the next request.
    client.release(client.getTransactionStatus() !== 'I')
  }
}

async function run(client: pg.PoolClient, query: Query, rawText: boolean, arrayMode: boolean) {
  const rowAsArray = query.arrayMode ?? arrayMode
  const config = {
    text: query.query,
    values: query.params.map(parameterText),
    // As on Neon, where a query is one statement even if it has no parameters.
    queryMode: 'extended',
    types: { getTypeParser: (oid: number) => valueParser(oid, rawText) },
  }
  const result = rowAsArray
    ? await client.query({ ...config, rowMode: 'array' })
    : await client.query(config)
  const { fields, rows, command, rowCount } = result
  return { rowAsArray, fields, rows, command, rowCount }
}

function failure(error: unknown): Answer {
  if (error instanceof pg.DatabaseError) return { status: 400, body: errorBody(error) }
  const status = error instanceof RequestError ? error.status : 500
  const headers = status === 405 ? { Allow: 'POST' } : {}
  return { status, headers, body: { message: reasonOf(error) } }
}

const COMMAND = {
  name: 'neon-local',
  description: `Speaks Neon's SQL over HTTP in front of any Postgres, for development and tests: whoever reaches
the port can use the database. Prints its URL.`,
  flags: {
    database: { type: 'string', value: 'postgres://…', description: 'the Postgres; required' },
    port: { type: 'string', value: 'N', description: 'port to listen on (default: any free one)' },
    host: { type: 'string', value: 'H', description: 'host to listen on', default: '127.0.0.1' },
  },
} as const satisfies Command

async function main({ flags }: Given<typeof COMMAND>): Promise<void> {
  if (flags.database === undefined) throw new CommandError('--database postgres://… is missing')
  const { url } = await serveNeonLocal({
    databaseUrl: parseDatabaseUrl(flags.database, '--database'),
    port: flags.port === undefined ? 0 : parsePort(flags.port),
    host: flags.host,
  })
  console.log(url)
}

if (import.meta.main) await runCommand(COMMAND, main)
