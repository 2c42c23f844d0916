/**
 * The catalogue in Postgres, read through Neon's SQL over HTTP: one POST a call, one snapshot, one
 * time limit. The driver's errors can hold the connection string, SQL and parameters; none of that
 * leaves this file.
 */

import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import { type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { serviceUnavailable } from './errors.ts'
import { errorName, log } from './log.ts'
import { type AssetType, completeMetadata, type Metadata } from './metadata.ts'
import { type PageHints, type RowKey, selectPage } from './page-query.ts'
import type { AssetQuery } from './params.ts'
import { catalogRevision } from './schema.ts'

/** What a call cost: milliseconds, and how often it was sent again. */
export type DatabaseCall = { ms: number; retries: number }

/** One page as of one revision. Items are as on the wire, in its key order. */
export type CatalogPage = {
  revision: string
  totalItems: number
  items: AssetRow[]
  call: DatabaseCall
}

type AssetRow = RowKey & { asset_type: AssetType; metadata: Metadata }

const neonEndpoint = neonConfig.fetchEndpoint
neonConfig.fetchEndpoint = (host, port, options) => {
  if (isLoopback(host)) return `http://${host}:${port}/sql`
  return typeof neonEndpoint === 'function' ? neonEndpoint(host, port, options) : neonEndpoint
}
neonConfig.fetchFunction = fetchWithOneRetry

const dialect = new PgDialect()

/**
 * Revision, total and the page's items by one statement: one snapshot, one round trip. No items
 * past the last page. Hints of another revision than the database's change nothing in the result.
 *
 * @throws {ApiError} 503 where the database does not answer within its time limit
 */
export async function readPage(
  env: Env,
  query: AssetQuery,
  hints?: PageHints,
): Promise<CatalogPage> {
  type Row = AssetRow & { revision: string; total_items: string }
  const statement = selectPage(query, hints)
  const { result, call } = await run(env, statement, env.DATABASE_TIMEOUT_MS, (rows: Row[]) => {
    const revision = revisionOf(rows)
    const totalItems = Number.parseInt(rows[0]?.total_items ?? '', 10)
    if (Number.isNaN(totalItems)) throw new Error('no total')
    const items = rows.filter((row) => row.asset_id !== null).map(toItem)
    return { revision, totalItems, items }
  })
  return { ...result, call }
}

/**
 * The current revision: a query that costs the database next to nothing.
 *
 * @throws {ApiError} 503 as `readPage`
 */
export async function readRevision(env: Env, timeoutMs = env.DATABASE_TIMEOUT_MS): Promise<string> {
  const statement = sql`select ${catalogRevision.revision} from ${catalogRevision}`
  const { result } = await run(env, statement, timeoutMs, revisionOf)
  return result
}

/** Pages are kept under it: anything else than a revision must not get that far. */
function revisionOf(rows: { revision: string }[]): string {
  const revision = rows[0]?.revision ?? ''
  if (!/^[0-9a-f-]{36}$/.test(revision)) throw new Error('no revision')
  return revision
}

function toItem({ revision, total_items, metadata, ...row }: AssetRow & Record<string, unknown>) {
  return { ...row, metadata: completeMetadata(row.asset_type, metadata) }
}

/** Runs a statement; `read` refuses rows that are not what it names. */
async function run<Row, Result>(
  env: Env,
  statement: SQL,
  timeoutMs: number,
  read: (rows: Row[]) => Result,
): Promise<{ result: Result; call: DatabaseCall }> {
  const call = { retries: 0 }
  const startedAt = Date.now()
  try {
    const fetchOptions: CallOptions = { signal: AbortSignal.timeout(timeoutMs), call }
    const client = neon(env.DATABASE_URL, { fetchOptions })
    const { sql: text, params } = dialect.sqlToQuery(statement)
    const rows = await client.query(text, params)
    // The statement names the columns: `read` checks what must hold of them.
    const result = read(rows as Row[])
    return { result, call: { ...call, ms: Date.now() - startedAt } }
  } catch (error) {
    log('error', 'database call failed', {
      error: errorName(error),
      ...describeSqlError(error),
      ms: Date.now() - startedAt,
      retries: call.retries,
    })
    throw serviceUnavailable()
  }
}

/**
 * SQLSTATE and message of an error that Postgres itself reported, without what its quotes hold:
 * names, and the values of parameters. Other messages can hold anything and are left out.
 */
function describeSqlError(error: unknown): { sqlState?: string; reason?: string } {
  if (!(error instanceof NeonDbError) || !error.code) return {}
  const reason = error.message.replace(/"[^"]*"?|'[^']*'?|\d+/g, '…').slice(0, 200)
  return { sqlState: error.code, reason }
}

/** The driver hands the options of a call to `fetch` as they are: ours count its retries. */
type CallOptions = { signal: AbortSignal; call: { retries: number } }

/** A Neon compute that was asleep refuses or answers 5xx once; an SQL error is a 400, never retried. */
async function fetchWithOneRetry(url: string, options: CallOptions): Promise<Response> {
  try {
    const response = await fetchWhole(url, options)
    if (response.status < 500) return response
  } catch (error) {
    if (options.signal.aborted) throw error
  }
  options.call.retries++
  return fetchWhole(url, options)
}

/** The network can fail in the middle of a body too. */
async function fetchWhole(url: string, options: CallOptions): Promise<Response> {
  const response = await fetch(url, options)
  return new Response(await response.arrayBuffer(), response)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}
