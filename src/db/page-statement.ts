/**
 * The SQL of a page of assets: revision, total and rows in one statement, and so one snapshot. An
 * index finds the keys of the rows from the nearest point: the row beside the page, the start of the
 * listing, or its end. Rows that are too large for Neon or for the Worker are not sent.
 */

import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { SelectResultFields } from 'drizzle-orm/query-builders/select.types'
import type { AssetQuery, PageQuery } from '../api/query.ts'
import { assetBytes } from './asset-bytes.ts'
import { assets, catalogRevision } from './schema.ts'

const MIB = 1024 * 1024

/** The largest body of a page of assets. */
export const MAX_PAGE_BYTES = 6 * MIB

/** Neon sends at most 10 MiB; column names and the like take less than 64 KiB of it. */
const MAX_ANSWER_BYTES = 10 * MIB - 64 * 1024

/**
 * A page whose `assetBytes` add up to this is never too large: its body, with links and counts, is
 * under 6 MiB, and Neon's response, in which quotes and backslashes of metadata count twice, is under
 * 10 MiB.
 */
const FITTING_BYTES = 5 * MIB

/** A page with more `assetBytes` is always too large, so its exact size need not be counted. */
const COUNTABLE_BYTES = 20 * MIB

/** The total of a listing at a revision, and the key of a row beside the page, from stored pages. */
export type KeysetCursor = {
  revision: string
  totalItems: number
  after?: RowKey | undefined
  before?: RowKey | undefined
}

/** The sort key of a row, as on the wire. */
export type RowKey = { created_on: string; asset_id: string }

type Filters = Omit<AssetQuery, keyof PageQuery>

const filterColumns: Record<keyof Filters, AnyPgColumn> = {
  dataset: assets.dataset,
  version: assets.version,
  asset_type: assets.assetType,
  asset_uri: assets.assetUri,
  is_latest: assets.isLatest,
  is_default: assets.isDefault,
  status: assets.status,
}

const forwards = sql`order by ${assets.createdOn}, ${assets.assetId}`
const backwards = sql`order by ${assets.createdOn} desc, ${assets.assetId} desc`

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

const namedAssetColumns = sql.join(
  Object.entries(assetColumns).map(([name, column]) => sql`${column} as ${sql.identifier(name)}`),
  sql`, `,
)

/**
 * Selects `revision`, `total_items`, `fitting_size` and the columns of an asset. An empty page is one
 * row without an asset. A cursor of another revision is ignored.
 *
 * `fitting_size` is null if the page is certainly not too large. Otherwise it is the largest page
 * size at which no page of the listing is too large; a row without an asset then means that this
 * page is.
 */
export function pageStatement(query: AssetQuery, cursor?: KeysetCursor): SQL {
  const listing = matching(query)
  const counted = sql`(select count(*) from ${assets} where ${listing})`
  const total = cursor
    ? sql`case when revision = ${cursor.revision} then ${cursor.totalItems}::bigint else ${counted} end`
    : counted
  return sql`
    with current as materialized (select revision from ${catalogRevision} limit 1),
    total as materialized (select ${total} as items from current),
    page as (${sql.join(selectKeys(query, listing, cursor), sql` union all `)}),
    found as materialized (select ${assets}.* from page join ${assets} using (asset_id)),
    size as materialized (select coalesce(sum(${assetBytes}), 0) as bytes from found)
    select current.revision, total.items as total_items,
      case when size.bytes > ${sql.raw(`${FITTING_BYTES}`)} then
        (${fittingSize(listing, query['page[size]'])})
      end as fitting_size,
      ${namedAssetColumns}
    from current cross join total cross join size
    left join found as ${assets} on ${isSent}
    ${forwards}`
}

/** True if Neon can send the rows. Counts their exact size only if it may be too large. */
const isSent = sql.raw(`case
  when size.bytes <= ${FITTING_BYTES} then true
  when size.bytes > ${COUNTABLE_BYTES} then false
  else (
    select sum(octet_length(to_json(metadata::text)::text) + octet_length(to_json(asset_uri)::text)
      + octet_length(dataset) + 256) <= ${MAX_ANSWER_BYTES} from found
  ) end`)

/** How many of the listing's largest assets fit into one page: that many of any other assets fit too. */
function fittingSize(listing: SQL, size: number): SQL {
  return sql`
    select count(*) from (
      select sum(bytes) over (order by bytes desc rows unbounded preceding) as together from (
        select ${assetBytes} as bytes from ${assets} where ${listing}
        order by 1 desc limit ${size}
      ) as largest
    ) as sums where together <= ${sql.raw(`${FITTING_BYTES}`)}`
}

/** Queries for the keys of the page; exactly one of them returns rows. */
function selectKeys(query: AssetQuery, listing: SQL, cursor: KeysetCursor | undefined): SQL[] {
  const size = query['page[size]']
  const skipped = pageOffset(query)
  const select = sql`select ${assets.assetId} from ${assets} where ${listing}`
  if (skipped === 0) return [sql`(${select} ${forwards} limit ${size})`]

  const items = sql`(select items from total)`
  const fromStart = (condition: SQL) => sql`(${select} and ${condition}
    and ${skipped}::bigint * 2 <= ${items}
    ${forwards} limit ${size} offset ${skipped})`
  // The outer limit, a constant, tells the planner that few rows are needed.
  const fromEnd = (condition: SQL) => sql`(select asset_id from (
    ${select} and ${condition} and ${skipped}::bigint * 2 > ${items}
    ${backwards} limit greatest(0, least(${size}::bigint, ${items} - ${skipped}))
    offset greatest(0, ${items} - ${skipped} - ${size})
  ) as keys limit ${size})`
  const besideRow = cursor && rowsBeside(cursor)
  if (!besideRow) return [fromStart(sql`true`), fromEnd(sql`true`)]

  const isCurrent = sql`(select revision from current) = ${cursor.revision}`
  const isOutdated = sql`not ${isCurrent}`
  return [
    sql`(${select} and ${isCurrent} and ${besideRow} limit ${size})`,
    fromStart(isOutdated),
    fromEnd(isOutdated),
  ]
}

/** The rows after `after`, or the full page of rows before `before`. */
function rowsBeside({ after, before }: KeysetCursor): SQL | undefined {
  const key = sql`(${assets.createdOn}, ${assets.assetId})`
  const keyOf = (row: RowKey) => sql`(${row.created_on}::timestamptz, ${row.asset_id}::uuid)`
  if (after) return sql`${key} > ${keyOf(after)} ${forwards}`
  if (before) return sql`${key} < ${keyOf(before)} ${backwards}`
  return undefined
}

function matching(query: AssetQuery): SQL {
  // Boundary: the record has no other keys than those of its type.
  const conditions = (Object.keys(filterColumns) as (keyof Filters)[]).map((name) => {
    const value = query[name]
    if (value === undefined) return undefined
    if (name === 'version' && value === 'latest') return eq(assets.isLatest, true)
    return eq(filterColumns[name], value)
  })
  return and(...conditions) ?? sql`true`
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
