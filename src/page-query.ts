/**
 * The SQL of a page: one statement, so one snapshot, that answers the revision, the listing's total
 * and the page's rows. Rows are found by index (their keys first, the rows after), from the nearest
 * point that is known: the row next to the page, the listing's start, or its end.
 */

import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { AssetQuery, PageQuery } from './params.ts'
import { assets, catalogRevision } from './schema.ts'

/** What is known of a listing at a revision: its total, and the row next to the page, if any. */
export type PageHints = {
  revision: string
  totalItems: number
  after?: RowKey | undefined
  before?: RowKey | undefined
}

/** A row's place in the order of every listing, as on the wire. */
export type RowKey = { created_on: string; asset_id: string }

const forwards = sql`order by ${assets.createdOn}, ${assets.assetId}`
const backwards = sql`order by ${assets.createdOn} desc, ${assets.assetId} desc`

/** The projection, named as on the wire, in its order. */
const columns = sql.join(
  [
    sql`${rfc3339(assets.createdOn)} as created_on`,
    sql`${rfc3339(assets.updatedOn)} as updated_on`,
    assets.assetId,
    assets.dataset,
    assets.version,
    assets.assetType,
    assets.assetUri,
    assets.status,
    assets.isManaged,
    assets.isDownloadable,
    assets.metadata,
  ],
  sql`, `,
)

/**
 * Rows of `revision`, `total_items` and, where the page has items, an asset each. What the hints
 * say counts only at their revision: at another one, Postgres itself counts and starts elsewhere.
 */
export function selectPage(query: AssetQuery, hints?: PageHints): SQL {
  const matching = filter(query)
  const counted = sql`(select count(*) from ${assets} where ${matching})`
  const total = hints
    ? sql`case when revision = ${hints.revision} then ${hints.totalItems}::bigint else ${counted} end`
    : counted
  return sql`
    with current as materialized (select revision from ${catalogRevision} limit 1),
    total as materialized (select ${total} as items from current),
    page as (${sql.join(selectKeys(query, matching, hints), sql` union all `)})
    select current.revision, total.items as total_items, ${columns}
    from current cross join total
    left join (page join ${assets} using (asset_id)) on true
    ${forwards}`
}

/** One row of `revision` and, where there is such an asset, the asset. */
export function selectAsset(assetId: string): SQL {
  return sql`
    select ${catalogRevision.revision}, ${columns} from ${catalogRevision}
    left join ${assets} on ${assets.assetId} = ${assetId}::uuid limit 1`
}

/** The ways to the page's keys. All but one are switched off by a condition that is no row's. */
function selectKeys(query: AssetQuery, matching: SQL, hints: PageHints | undefined): SQL[] {
  const { 'page[size]': size } = query
  const skipped = offset(query)
  const select = sql`select ${assets.assetId} from ${assets} where ${matching}`
  if (skipped === 0) return [sql`(${select} ${forwards} limit ${size})`]

  const items = sql`(select items from total)`
  const known = hints && neighbourKeys(select, size, hints)
  const otherwise = known ? sql`(select revision from current) <> ${hints.revision}` : sql`true`
  const fromStart = sql`(${select} and ${otherwise} and ${skipped}::bigint * 2 <= ${items}
    ${forwards} limit ${size} offset ${skipped})`
  // The limit of the page's size tells the planner what the computed one cannot: it is short.
  const fromEnd = sql`(select asset_id from (
    ${select} and ${otherwise} and ${skipped}::bigint * 2 > ${items}
    ${backwards} limit greatest(0, least(${size}::bigint, ${items} - ${skipped}))
    offset greatest(0, ${items} - ${skipped} - ${size})
  ) as keys limit ${size})`
  return known ? [known, fromStart, fromEnd] : [fromStart, fromEnd]
}

/** The page starts behind `after`, or ends, being full, before `before`. */
function neighbourKeys(select: SQL, size: number, hints: PageHints): SQL | undefined {
  const { revision, after, before } = hints
  const key = sql`(${assets.createdOn}, ${assets.assetId})`
  const current = sql`(select revision from current) = ${revision}`
  if (after) {
    return sql`(${select} and ${current} and ${key} > ${rowKey(after)} ${forwards} limit ${size})`
  }
  if (before) {
    return sql`(${select} and ${current} and ${key} < ${rowKey(before)} ${backwards} limit ${size})`
  }
  return undefined
}

function rowKey({ created_on, asset_id }: RowKey): SQL {
  return sql`(${created_on}::timestamptz, ${asset_id}::uuid)`
}

function filter(query: AssetQuery): SQL {
  const { dataset, version, asset_type, asset_uri, is_latest, is_default, status } = query
  const matching = and(
    dataset === undefined ? undefined : eq(assets.dataset, dataset),
    version === undefined || version === 'latest' ? undefined : eq(assets.version, version),
    version === 'latest' ? eq(assets.isLatest, true) : undefined,
    asset_type === undefined ? undefined : eq(assets.assetType, asset_type),
    asset_uri === undefined ? undefined : eq(assets.assetUri, asset_uri),
    is_latest === undefined ? undefined : eq(assets.isLatest, is_latest),
    is_default === undefined ? undefined : eq(assets.isDefault, is_default),
    status === undefined ? undefined : eq(assets.status, status),
  )
  return matching ?? sql`true`
}

/** Past any page that can exist, an offset that a Postgres bigint and a JavaScript number can hold. */
export function offset(query: PageQuery): number {
  const rows = (query['page[number]'] - 1n) * BigInt(query['page[size]'])
  const limit = BigInt(Number.MAX_SAFE_INTEGER)
  return Number(rows > limit ? limit : rows)
}

/** RFC 3339 in UTC, to the stored microsecond; no fraction where it is zero. */
function rfc3339(column: AnyPgColumn): SQL {
  const time = sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  return sql`replace(${time}, '.000000Z', 'Z')`
}
