/**
 * The catalogue in Postgres, read through Neon's SQL over HTTP: one POST a call, one snapshot, one
 * time limit. The driver's errors can hold the connection string, SQL and parameters; none of that
 * leaves this file.
 */

import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import { type Query, sql } from 'drizzle-orm'
import type { AssetType } from './asset-types.ts'
import { selectDatasets } from './dataset-query.ts'
import { ApiError, serviceUnavailable } from './errors.ts'
import { errorName, log } from './log.ts'
import { completeMetadata, type Metadata } from './metadata.ts'
import { type PageHints, selectAsset, selectPage } from './page-query.ts'
import type { AssetQuery, PageQuery } from './params.ts'
import type { Asset, Dataset } from './resource.ts'
import { catalogRevision } from './schema.ts'
import { statements } from './statement.ts'

/** What a call cost: milliseconds, and how often it was sent again. */
export type DatabaseCall = { ms: number; retries: number }

/** 503 of a call that failed, and what it cost. */
export class FailedCallError extends ApiError {
  readonly call: DatabaseCall

  constructor(call: DatabaseCall) {
    const { status, detail, headers } = serviceUnavailable()
    super(status, detail, headers)
    this.call = call
  }
}

/** One page as of one revision. Items are as on the wire, in its key order. */
export type CatalogPage<Item> = {
  revision: string
  totalItems: number
  items: Item[]
  call: DatabaseCall
}

const neonEndpoint = neonConfig.fetchEndpoint
neonConfig.fetchEndpoint = (host, port, options) => {
  if (isLoopback(host)) return `http://${host}:${port}/sql`
  return typeof neonEndpoint === 'function' ? neonEndpoint(host, port, options) : neonEndpoint
}
neonConfig.fetchFunction = fetchWithOneRetry

const revisions = statements(() => sql`select ${catalogRevision.revision} from ${catalogRevision}`)

type Row = Record<string, unknown>

/**
 * Revision, total and the page's assets by one statement: one snapshot, one round trip. No items
 * past the last page. Hints of another revision than the database's change nothing in the result.
 *
 * @throws {ApiError} 503 where the database does not answer within its time limit
 */
export function readAssets(
  env: Env,
  query: AssetQuery,
  hints?: PageHints,
): Promise<CatalogPage<Asset>> {
  return readPage(env, selectPage(query, hints), toAssets)
}

/**
 * A page of the datasets, by name.
 *
 * @throws {ApiError} 503 as `readAssets`
 */
export function readDatasets(env: Env, query: PageQuery): Promise<CatalogPage<Dataset>> {
  return readPage(env, selectDatasets(query), (rows) =>
    rows
      .filter((row) => row.dataset !== null)
      // Boundary: `selectDatasets` names the columns as the wire does.
      .map(({ dataset, versions, latest }) => ({ dataset, versions, latest }) as Dataset),
  )
}

/**
 * The asset of an id, if there is one.
 *
 * @throws {ApiError} 503 as `readAssets`
 */
export async function readAsset(
  env: Env,
  assetId: string,
): Promise<{ revision: string; asset: Asset | undefined; call: DatabaseCall }> {
  const statement = selectAsset(assetId)
  const { result, call } = await run(env, statement, env.DATABASE_TIMEOUT_MS, (rows) => ({
    revision: revisionOf(rows),
    asset: toAssets(rows)[0],
  }))
  return { ...result, call }
}

/**
 * The current revision: a query that costs the database next to nothing.
 *
 * @throws {ApiError} 503 as `readPage`
 */
export async function readRevision(env: Env, timeoutMs = env.DATABASE_TIMEOUT_MS): Promise<string> {
  const { result } = await run(env, revisions({}), timeoutMs, revisionOf)
  return result
}

async function readPage<Item>(
  env: Env,
  statement: Query,
  toItems: (rows: Row[]) => Item[],
): Promise<CatalogPage<Item>> {
  const { result, call } = await run(env, statement, env.DATABASE_TIMEOUT_MS, (rows) => {
    const totalItems = Number.parseInt(`${rows[0]?.total_items}`, 10)
    if (Number.isNaN(totalItems)) throw new Error('no total')
    return { revision: revisionOf(rows), totalItems, items: toItems(rows) }
  })
  return { ...result, call }
}

/** Answers are kept under it: anything else than a revision must not get that far. */
function revisionOf(rows: Row[]): string {
  const revision = `${rows[0]?.revision}`
  if (!/^[0-9a-f-]{36}$/.test(revision)) throw new Error('no revision')
  return revision
}

function toAssets(rows: Row[]): Asset[] {
  return rows
    .filter((row) => row.asset_id !== null)
    .map(({ revision, total_items, ...row }) => {
      // Boundary: the statements name the columns as the wire does, and Postgres checks the types.
      const { asset_type: type, metadata } = row as { asset_type: AssetType; metadata: Metadata }
      return { ...row, metadata: completeMetadata(type, metadata) } as Asset
    })
}

/** Runs a statement; `read` refuses rows that are not what it names. */
async function run<Result>(
  env: Env,
  statement: Query,
  timeoutMs: number,
  read: (rows: Row[]) => Result,
): Promise<{ result: Result; call: DatabaseCall }> {
  const call = { retries: 0 }
  const startedAt = Date.now()
  try {
    const fetchOptions: CallOptions = { signal: AbortSignal.timeout(timeoutMs), call }
    const client = neon(env.DATABASE_URL, { fetchOptions })
    const rows = await client.query(statement.sql, statement.params)
    const result = read(rows)
    return { result, call: { ...call, ms: Date.now() - startedAt } }
  } catch (error) {
    const failed = { ms: Date.now() - startedAt, ...call }
    const fields = { error: errorName(error), ...describeNeonError(error), ...failed }
    log('error', 'database call failed', fields)
    throw new FailedCallError(failed)
  }
}

/**
 * SQLSTATE and message of an error that Postgres itself reported, without what its quotes hold:
 * names, and the values of parameters. Other messages can hold anything: of those only the class of
 * what `fetch` threw, or the HTTP status, is told.
 */
function describeNeonError(error: unknown): { sqlState?: string; reason?: string | undefined } {
  if (!(error instanceof NeonDbError)) return {}
  if (error.sourceError) return { reason: errorName(error.sourceError) }
  if (!error.code) return { reason: /^Server error \(HTTP status \d+\)/.exec(error.message)?.[0] }
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
  return new Response(await response.arrayBuffer(), { status: response.status })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}
