/**
 * A page of assets as one statement, and so one snapshot: the revision, the total and the rows. An
 * index that has all filters finds the keys of the rows, from the nearer end of the listing; then
 * only these rows are read.
 */

import { and, asc, desc, eq, gt, gte, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { type AnyPgColumn, unionAll } from 'drizzle-orm/pg-core'
import type { SelectResultFields } from 'drizzle-orm/query-builders/select.types'
import type { AssetQuery, PageQuery } from '../api/query.ts'
import { LruMap } from '../lru-map.ts'
import { assetBytes } from './asset-bytes.ts'
import {
  type FilterValues,
  type MissingPart,
  matchesAsset,
  matchesTotal,
  missingPart,
  placeholders,
} from './filters.ts'
import { assets, assetTotals, catalogRevision, datasets } from './schema.ts'

/** The columns of an asset, in the names and order of the wire. */
export const assetColumns = {
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
export type AssetRow = SelectResultFields<typeof assetColumns>

/** The revision of the dataset that is joined or, without one, of the catalog. */
export const currentRevision = sql<string>`coalesce(${datasets.revision}, ${catalogRevision.revision})`

/** The largest sum of `assetBytes` of the pages that one statement reads. */
const READ_AHEAD_BYTES = 2 * 1024 * 1024

type Database = Pick<NeonHttpDatabase, '$with' | 'select' | 'with'>

/** Rows of the page, rows to read, and rows before them. */
const size = sql.placeholder('size')
const rows = sql.placeholder('rows')
const skipped = sql.placeholder('skipped')

/** Statements of a client, by what their SQL depends on, because building one takes 0.5 ms. */
const prepared = new WeakMap<Database, LruMap<ReturnType<typeof preparePages>>>()
const MAX_PREPARED = 50

/**
 * Selects the revision of the query's dataset or else of the catalog, the total, and an asset; an
 * empty page is one row without an asset. `missing` says whether the version does not exist if the
 * query has a dataset and a version.
 *
 * @param pages how many pages to read: the page itself, and those after it as far as they are small
 */
export function selectPages(db: Database, query: AssetQuery, pages = 1) {
  const filters = placeholders(query)
  const statements = prepared.get(db) ?? new LruMap(MAX_PREPARED)
  prepared.set(db, statements)
  const key = `${Object.keys(filters)} ${filters.version === 'latest'} ${pages > 1}`
  const statement = statements.get(key) ?? preparePages(db, filters, pages > 1)
  statements.set(key, statement)
  const { 'page[size]': size } = query
  return statement.execute({ ...query, size, rows: size * pages, skipped: pageOffset(query) })
}

function preparePages(db: Database, query: FilterValues, isAhead: boolean) {
  const { dataset, version } = query
  const missing: SQL<MissingPart | null> =
    dataset && version ? missingPart({ dataset, version }) : sql`null`
  const total = db.$with('total').as(countItems(db, query))
  const items = sql`${db.select({ items: total.items }).from(total)}`
  const keys = selectKeys(db, query, items)
  const page = isAhead ? db.$with('page').as(limitBytes(db, keys)) : db.$with('page').as(keys)
  return db
    .with(total, page)
    .select({
      revision: currentRevision,
      totalItems: total.items,
      asset: assetColumns,
      missing,
    })
    .from(catalogRevision)
    .crossJoin(total)
    .leftJoin(datasets, dataset ? eq(datasets.dataset, dataset) : sql`false`)
    .leftJoin(page, sql`true`)
    .leftJoin(assets, eq(assets.assetId, page.assetId))
    .orderBy(page.createdOn, page.assetId)
    .prepare('page')
}

function countItems(db: Database, query: FilterValues) {
  if (query.dataset === undefined && query.asset_uri === undefined) {
    const items = sql<string>`coalesce(sum(${assetTotals.total}), 0)::bigint`.as('items')
    return db.select({ items }).from(assetTotals).where(matchesTotal(query))
  }
  const items = sql<string>`count(*)`.as('items')
  return db.select({ items }).from(assets).where(matchesAsset(query))
}

/** Reads an index from the nearer end. Postgres does not run the other of the two queries. */
function selectKeys(db: Database, query: FilterValues, items: SQL) {
  const { createdOn, assetId } = assets
  const select = () => db.select({ createdOn, assetId }).from(assets)
  const left = sql`${items} - ${skipped}::bigint`
  const fromStart = select()
    .where(and(matchesAsset(query), gt(left, 0), gte(left, skipped)))
    .orderBy(asc(createdOn), asc(assetId))
    .limit(rows)
    .offset(skipped)
  const fromEnd = select()
    .where(and(matchesAsset(query), gt(left, 0), lt(left, skipped)))
    .orderBy(desc(createdOn), desc(assetId))
    .limit(asNumber(sql`greatest(0, least(${rows}, ${left}))`))
    .offset(asNumber(sql`greatest(0, ${left} - ${rows})`))
    .as('from_end')
  // The outer limit tells the planner that few rows are needed.
  return unionAll(fromStart, db.select().from(fromEnd).limit(rows))
}

/** The keys of the first page, and of the rows after it as long as all of them together are small. */
function limitBytes(db: Database, keys: ReturnType<typeof selectKeys>) {
  const key = keys.as('key')
  const order = sql`order by ${key.createdOn}, ${key.assetId}`
  const measured = db
    .select({
      createdOn: key.createdOn,
      assetId: key.assetId,
      row: sql`row_number() over (${order})`.as('row'),
      bytes: sql`sum(${assetBytes}) over (${order})`.as('bytes'),
    })
    .from(key)
    .innerJoin(assets, eq(assets.assetId, key.assetId))
    .as('measured')
  return db
    .select({ createdOn: measured.createdOn, assetId: measured.assetId })
    .from(measured)
    .where(or(lte(measured.row, size), lte(measured.bytes, READ_AHEAD_BYTES)))
}

/** Boundary: Drizzle declares the numbers of rows as numbers, and takes SQL too. */
function asNumber(rows: SQL): number {
  return rows as unknown as number
}

/** Capped, for page numbers of any size, to what a Postgres bigint and a JavaScript number can hold. */
export function pageOffset(query: PageQuery): number {
  const rows = (query['page[number]'] - 1n) * BigInt(query['page[size]'])
  const limit = BigInt(Number.MAX_SAFE_INTEGER)
  return Number(rows > limit ? limit : rows)
}

/** RFC 3339 in UTC, to the stored microsecond, without a fraction of zero. */
function rfc3339(column: AnyPgColumn): SQL<string> {
  const time = sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  return sql<string>`replace(${time}, '.000000Z', 'Z')`
}
