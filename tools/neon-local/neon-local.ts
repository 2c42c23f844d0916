/**
 * Serves Neon's SQL-over-HTTP protocol for any Postgres: answers what `@neondatabase/serverless`
 * sends to `/sql` as Neon's proxy does (neondatabase/neon, proxy/src/serverless/sql_over_http.rs).
 * For development and tests only: every client that reaches the port can use the database.
 */

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import pg from 'pg'
import {
  type Command,
  CommandError,
  type CommandInput,
  errorMessage,
  parseDatabaseUrl,
  parsePort,
  runCommand,
} from '../command-line.ts'
import { listen } from '../listen.ts'
import { answerTooLarge, errorBody, MAX_NEON_BYTES, ProxyError } from './errors.ts'
import { parameterText, valueParser } from './json.ts'
import { beginStatement, checkCredentials, parsePayload, type Query, readBody } from './request.ts'
import { openSessions, type Sessions } from './sessions.ts'

/** How long Neon's proxy retries connecting to a stopped compute. */
const CONNECT_WAIT_MS = 3000

export interface NeonLocal {
  /** `http://HOST:PORT/sql` */
  url: string
  /** For the Worker's `DATABASE_URL`; user, password and database are checked. */
  connectionString: string
  close(): Promise<void>
}

export interface NeonLocalOptions {
  databaseUrl: string
  /** Any free port by default. */
  port?: number
  /** Loopback by default. */
  host?: string
  /** The role that runs the statements; the user of `databaseUrl` by default. */
  role?: string
  /** How long connecting to a stopped Postgres is retried. */
  connectWaitMs?: number
}

export async function serveNeonLocal(options: NeonLocalOptions): Promise<NeonLocal> {
  const { databaseUrl, role, connectWaitMs = CONNECT_WAIT_MS } = options
  const sessions = openSessions(databaseUrl, connectWaitMs)
  const server = createServer(async (request, response) => {
    const gone = new AbortController()
    response.on('close', () => {
      if (!response.writableFinished) gone.abort()
    })
    const answered = answer({ sessions, connectionString, role, request, signal: gone.signal })
    send(response, await answered.catch(failure))
  })
  // The default of 5 s would close connections that clients are about to reuse.
  server.keepAliveTimeout = 60_000
  const host = options.host ?? '127.0.0.1'
  const port = await listen(server, options.port ?? 0, host)
  const connectionString = `postgres://dev:development-only@${host}:${port}/catalog`
  return {
    url: `http://${host}:${port}/sql`,
    connectionString,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await sessions.close()
    },
  }
}

interface Answer {
  status: number
  body: string
}

async function answer(call: {
  sessions: Sessions
  connectionString: string
  role: string | undefined
  request: IncomingMessage
  signal: AbortSignal
}): Promise<Answer> {
  const { sessions, request, role, signal } = call
  if (request.url?.split('?')[0] !== '/sql' || request.method !== 'POST') {
    return { status: 400, body: JSON.stringify('query is not supported') }
  }
  checkCredentials(request, call.connectionString)
  const rawText = request.headers['neon-raw-text-output'] === 'true'
  const arrayMode = request.headers['neon-array-mode'] === 'true'
  const begin = beginStatement(request)
  const payload = parsePayload(await readBody(request))
  const isBatch = 'queries' in payload
  const queries = isBatch ? payload.queries : [payload]

  const results = await sessions.lend(signal, async (client) => {
    const runAll = async () => {
      const all = []
      for (const query of queries) all.push(await run(client, query, { rawText, arrayMode }))
      return all
    }
    // SET LOCAL, since PGlite's session is shared with other connections.
    const setRole = role && `SET LOCAL ROLE ${pg.escapeIdentifier(role)}`
    return isBatch || setRole ? inTransaction(client, [begin, setRole], runAll) : runAll()
  })
  const body = JSON.stringify(isBatch ? { results } : results[0])
  if (Buffer.byteLength(body) > MAX_NEON_BYTES) throw answerTooLarge()
  return { status: 200, body }
}

async function inTransaction<T>(
  client: pg.PoolClient,
  first: (string | undefined)[],
  use: () => Promise<T>,
): Promise<T> {
  // In one message, which takes one round trip.
  await client.query(first.filter((statement) => statement !== undefined).join('; '))
  try {
    const result = await use()
    await client.query('COMMIT')
    return result
  } catch (error) {
    // The original error matters more than a failed rollback; the connection is dropped.
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

async function run(
  client: pg.PoolClient,
  query: Query,
  { rawText, arrayMode }: { rawText: boolean; arrayMode: boolean },
) {
  const rowAsArray = query.arrayMode ?? arrayMode
  let bytes = 0
  /** Stops keeping rows at Neon's limit, because a larger answer may not even fit into a string. */
  const getTypeParser = (oid: number) => {
    const parse = valueParser(oid, rawText)
    return (text: string) => {
      bytes += Buffer.byteLength(text)
      if (bytes > MAX_NEON_BYTES) throw answerTooLarge()
      return parse(text)
    }
  }
  const config = {
    text: query.query,
    values: query.params.map(parameterText),
    // As on Neon, a query is a single statement even without parameters.
    queryMode: 'extended',
    types: { getTypeParser },
  }
  const result = rowAsArray
    ? await client.query({ ...config, rowMode: 'array' })
    : await client.query(config)
  const { fields, rows, command, rowCount } = result
  return { rowAsArray, fields, rows, command, rowCount }
}

function failure(error: unknown): Answer {
  const { status, fields } =
    error instanceof ProxyError ? error : new ProxyError(500, { message: errorMessage(error) })
  return { status, body: JSON.stringify(errorBody(fields)) }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Neon-Request-Id': randomUUID(),
  })
  response.end(body)
}

const COMMAND = {
  name: 'neon-local',
  description: `Serves Neon's SQL-over-HTTP protocol for any Postgres and prints its connection string. For
development and tests only: every client that reaches the port can use the database.`,
  flags: {
    database: { type: 'string', value: 'postgres://…', description: 'the Postgres; required' },
    port: { type: 'string', value: 'N', description: 'port to listen on (default: any free one)' },
    host: { type: 'string', value: 'H', description: 'host to listen on', default: '127.0.0.1' },
  },
} as const satisfies Command

async function main({ flags }: CommandInput<typeof COMMAND>): Promise<void> {
  if (flags.database === undefined) throw new CommandError('--database postgres://… is missing')
  const { connectionString } = await serveNeonLocal({
    databaseUrl: parseDatabaseUrl(flags.database, '--database'),
    port: flags.port === undefined ? 0 : parsePort(flags.port),
    host: flags.host,
  })
  console.log(connectionString)
}

if (import.meta.main) await runCommand(COMMAND, main)
