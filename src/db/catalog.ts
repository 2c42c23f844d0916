/** The catalogue in Postgres: one statement a call, and so one snapshot. */

import { type Query, sql } from 'drizzle-orm'
import type { AssetType } from '../api/asset-types.ts'
import { completeMetadata, type Metadata } from '../api/metadata.ts'
import type { AssetQuery, PageQuery } from '../api/query.ts'
import type { Asset, Dataset } from '../api/resource.ts'
import { compareVersions } from '../api/version-order.ts'
import { selectDatasets } from './dataset-query.ts'
import { type DatabaseCall, type Row, run } from './neon-call.ts'
import { type PageHints, selectAsset, selectPage } from './page-query.ts'
import { catalogRevision } from './schema.ts'
import { statements } from './statement.ts'

/** One page as of one revision. Items are as on the wire, in its key order. */
export type CatalogPage<Item> = {
  revision: string
  totalItems: number
  items: Item[]
  /** Page size at which no page of the listing is too large, if this one may be; see `selectPage`. */
  fittingSize?: number | undefined
  call: DatabaseCall
}

const revisions = statements(() => sql`select ${catalogRevision.revision} from ${catalogRevision}`)

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
      .map(({ dataset, versions, latest }) => ({ dataset, versions, latest }) as Dataset)
      .map((row) => ({ ...row, versions: row.versions.toSorted(compareVersions) })),
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
    const fittingSize = rows[0]?.fitting_size ? Number(rows[0].fitting_size) : undefined
    return { revision: revisionOf(rows), totalItems, items: toItems(rows), fittingSize }
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
    .map(({ revision, total_items, fitting_size, ...row }) => {
      // Boundary: the statements name the columns as the wire does, and Postgres checks the types.
      const { asset_type: type, metadata } = row as { asset_type: AssetType; metadata: Metadata }
      return { ...row, metadata: completeMetadata(type, metadata) } as Asset
    })
}
