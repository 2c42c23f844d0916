/**
 * The catalogue in Postgres, read through Neon's SQL over HTTP: one POST a call, one snapshot, one
 * time limit. The driver's errors can hold the connection string, SQL and parameters; none of that
 * leaves this file.
 */

import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import { and, asc, count, eq, type SQL, sql } from 'drizzle-orm'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { serviceUnavailable } from './errors.ts'
import type { AssetQuery } from './params.ts'
import { type AssetType, completeMetadata, type Metadata } from './resource.ts'
import { assets, catalogRevision } from './schema.ts'

/** One page as of one revision. Items are as on the wire, in its key order. */
export type CatalogPage = { revision: string; totalItems: number; items: unknown[] }

const neonEndpoint = neonConfig.fetchEndpoint
neonConfig.fetchEndpoint = (host, port, options) => {
  if (isLoopback(host)) return `http://${host}:${port}/sql`
  return typeof neonEndpoint === 'function' ? neonEndpoint(host, port, options) : neonEndpoint
}
neonConfig.fetchFunction = fetchWithOneRetry

/** The projection, named as on the wire. */
const columns = {
  created_on: rfc3339(assets.createdOn),
  updated_on: rfc3339(assets.updatedOn),
  asset_id: assets.assetId,
  dataset: assets.dataset,
  version: assets.version,
  asset_type: assets.assetType,
  asset_uri: assets.assetUri,
  status: assets.status,
  is_managed: assets.isManaged,
  is_downloadable: assets.isDownloadable,
  metadata: assets.metadata,
}

/**
 * Revision, total and the page's items in one round trip; no items past the last page.
 *
 * @throws {ApiError} 503 where the database does not answer within its time limit
 */
export function readPage(env: Env, query: AssetQuery): Promise<CatalogPage> {
  return withDatabase(env, async (db) => {
    const matching = filter(query)
    const page = db
      .select({ assetId: assets.assetId })
      .from(assets)
      .where(matching)
      .orderBy(asc(assets.createdOn), asc(assets.assetId))
      .limit(query['page[size]'])
      .offset(offset(query))
      .as('page')
    const [[current], [total], rows] = await db.batch([
      selectRevision(db),
      db.select({ items: count() }).from(assets).where(matching),
      db
        .select(columns)
        .from(assets)
        .innerJoin(page, eq(page.assetId, assets.assetId))
        .orderBy(asc(assets.createdOn), asc(assets.assetId)),
    ])
    if (!current || !total) throw new Error('no revision')
    const items = rows.map((row) => ({
      ...row,
      metadata: completeMetadata(row.asset_type as AssetType, row.metadata as Metadata),
    }))
    return { revision: current.revision, totalItems: total.items, items }
  })
}

/**
 * The current revision: a query that costs the database next to nothing.
 *
 * @throws {ApiError} 503 as `readPage`
 */
export function readRevision(env: Env): Promise<string> {
  return withDatabase(env, async (db) => {
    const [current] = await selectRevision(db)
    if (!current) throw new Error('no revision')
    return current.revision
  })
}

function selectRevision(db: NeonHttpDatabase) {
  return db.select({ revision: catalogRevision.revision }).from(catalogRevision)
}

function filter(query: AssetQuery): SQL | undefined {
  const { dataset, version, asset_type, asset_uri, is_latest, is_default, status } = query
  return and(
    dataset === undefined ? undefined : eq(assets.dataset, dataset),
    version === undefined || version === 'latest' ? undefined : eq(assets.version, version),
    version === 'latest' ? eq(assets.isLatest, true) : undefined,
    asset_type === undefined ? undefined : eq(assets.assetType, asset_type),
    asset_uri === undefined ? undefined : eq(assets.assetUri, asset_uri),
    is_latest === undefined ? undefined : eq(assets.isLatest, is_latest),
    is_default === undefined ? undefined : eq(assets.isDefault, is_default),
    status === undefined ? undefined : eq(assets.status, status),
  )
}

/** Past any page that can exist, an offset that a Postgres bigint and a JavaScript number can hold. */
function offset(query: AssetQuery): number {
  const rows = (query['page[number]'] - 1n) * BigInt(query['page[size]'])
  return Number(rows > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : rows)
}

/** RFC 3339 in UTC, to the stored microsecond; no fraction where it is zero. */
function rfc3339(column: AnyPgColumn): SQL<string> {
  const time = sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  return sql<string>`replace(${time}, '.000000Z', 'Z')`
}

async function withDatabase<T>(env: Env, read: (db: NeonHttpDatabase) => Promise<T>): Promise<T> {
  try {
    const client = neon(env.DATABASE_URL, {
      isolationLevel: 'RepeatableRead',
      readOnly: true,
      fetchOptions: { signal: AbortSignal.timeout(env.DATABASE_TIMEOUT_MS) },
    })
    return await read(drizzle({ client }))
  } catch (error) {
    console.error({ message: 'database call failed', ...describe(error) })
    throw serviceUnavailable()
  }
}

/** What may be logged of a driver's error: its class and SQLSTATE. */
function describe(error: unknown): { name: string; sqlState: string | undefined } {
  const name = error instanceof Error ? error.name : typeof error
  return { name, sqlState: error instanceof NeonDbError ? error.code : undefined }
}

/** A Neon compute that was asleep refuses or answers 5xx once; an SQL error is a 400, never retried. */
async function fetchWithOneRetry(url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, init)
    if (response.status < 500) return response
    await response.body?.cancel()
  } catch (error) {
    if (init.signal?.aborted) throw error
  }
  return fetch(url, init)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}
