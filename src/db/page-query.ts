/**
 * The SQL of a page: one statement, so one snapshot, that answers the revision, the listing's total
 * and the page's rows. Rows are found by index (their keys first, the rows after), from the nearest
 * point that is known: the row next to the page, the listing's start, or its end. They are sent only
 * if they are not too many bytes for Neon and for the Worker.
 */

import { and, eq, type Query, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { AssetQuery, PageQuery } from '../api/query.ts'
import { assetBytes, assets, catalogRevision } from './schema.ts'
import { statements, type Values, value } from './statement.ts'

const MIB = 1024 * 1024

/** A page of assets is refused if its body is larger. */
export const MAX_PAGE_BYTES = 6 * MIB

/** Neon answers 507 instead of more than 10 MiB; the rest of its answer takes less than the 64 KiB. */
const MAX_ANSWER_BYTES = 10 * MIB - 64 * 1024

/**
 * Assets whose `assetBytes` add up to this fit any page: with its links and counts its body stays
 * below 6 MiB, and Neon's answer, in which each quote and backslash of metadata counts twice, below
 * 10 MiB.
 */
const FITTING_BYTES = 5 * MIB

/** With so many `assetBytes` a page is too large in any case: its exact size is not worth counting. */
const COUNTABLE_BYTES = 20 * MIB

/** What is known of a listing at a revision: its total, and the row next to the page, if any. */
export type PageHints = {
  revision: string
  totalItems: number
  after?: RowKey | undefined
  before?: RowKey | undefined
}

/** A row's place in the order of every listing, as on the wire. */
export type RowKey = { created_on: string; asset_id: string }

/** The columns of the filters, by the names of their values. */
const filters = {
  dataset: assets.dataset,
  version: assets.version,
  latest: assets.isLatest,
  asset_type: assets.assetType,
  asset_uri: assets.assetUri,
  is_latest: assets.isLatest,
  is_default: assets.isDefault,
  status: assets.status,
}

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

const pages = statements(pageStatement)
const singleAssets = statements(
  () => sql`
    select ${catalogRevision.revision}, ${columns} from ${catalogRevision}
    left join ${assets} on ${assets.assetId} = ${value('assetId')}::uuid limit 1`,
)

/**
 * Rows of `revision`, `total_items`, `fitting_size` and, where the page has items, an asset each.
 * What the hints say counts only at their revision: at another one, Postgres itself counts and
 * starts elsewhere.
 *
 * `fitting_size` is null for a page that is certainly not too large; for others it is the largest
 * page size at which no page of the listing is. Without assets beside it, the page is too large.
 */
export function selectPage(query: AssetQuery, hints?: PageHints): Query {
  return pages(pageValues(query, hints))
}

/** One row of `revision` and, where there is such an asset, the asset. */
export function selectAsset(assetId: string): Query {
  return singleAssets({ assetId })
}

/** What decides a page, by the names that `pageStatement` has for it; what is not given is absent. */
function pageValues(query: AssetQuery, hints: PageHints | undefined): Values {
  const { 'page[number]': _, 'page[size]': size, version, ...others } = query
  const values: Values = { ...others, size }
  if (version === 'latest') values.latest = true
  else if (version !== undefined) values.version = version
  if (hints) Object.assign(values, { revision: hints.revision, totalItems: hints.totalItems })
  const skipped = offset(query)
  if (skipped === 0) return values

  const neighbour = hints?.after ?? hints?.before
  if (neighbour) {
    values[hints?.after ? 'after' : 'before'] = neighbour.created_on
    values.neighbourId = neighbour.asset_id
  }
  return { ...values, skipped }
}

function pageStatement(given: Set<string>): SQL {
  const matching = filter(given)
  const counted = sql`(select count(*) from ${assets} where ${matching})`
  const total = given.has('revision')
    ? sql`case when revision = ${value('revision')} then ${value('totalItems')}::bigint else ${counted} end`
    : counted
  return sql`
    with current as materialized (select revision from ${catalogRevision} limit 1),
    total as materialized (select ${total} as items from current),
    page as (${sql.join(selectKeys(given, matching), sql` union all `)}),
    found as materialized (select ${assets}.* from page join ${assets} using (asset_id)),
    size as materialized (select coalesce(sum(${assetBytes}), 0) as bytes from found)
    select current.revision, total.items as total_items,
      case when size.bytes > ${sql.raw(`${FITTING_BYTES}`)} then (${fittingSize(matching)}) end
        as fitting_size,
      ${columns}
    from current cross join total cross join size
    left join found as ${assets} on ${isSent}
    ${forwards}`
}

/** Whether Neon would answer with the rows: what it sends is counted only if it may be too much. */
const isSent = sql.raw(`case
  when size.bytes <= ${FITTING_BYTES} then true
  when size.bytes > ${COUNTABLE_BYTES} then false
  else (
    select sum(octet_length(to_json(metadata::text)::text) + octet_length(to_json(asset_uri)::text)
      + octet_length(dataset) + 256) <= ${MAX_ANSWER_BYTES} from found
  ) end`)

/**
 * How many of the listing's largest assets fit a page together. As many others are no larger, so
 * each page of this size fits, wherever it starts.
 */
function fittingSize(matching: SQL): SQL {
  return sql`
    select count(*) from (
      select sum(bytes) over (order by bytes desc rows unbounded preceding) as together from (
        select ${assetBytes} as bytes from ${assets} where ${matching}
        order by 1 desc limit ${value('size')}
      ) as largest
    ) as sums where together <= ${sql.raw(`${FITTING_BYTES}`)}`
}

/** The ways to the page's keys. All but one are switched off by a condition that is no row's. */
function selectKeys(given: Set<string>, matching: SQL): SQL[] {
  const [size, skipped] = [value('size'), value('skipped')]
  const select = sql`select ${assets.assetId} from ${assets} where ${matching}`
  if (!given.has('skipped')) return [sql`(${select} ${forwards} limit ${size})`]

  const items = sql`(select items from total)`
  const known = neighbourKeys(given, select)
  const otherwise = known ? sql`(select revision from current) <> ${value('revision')}` : sql`true`
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

/** The page starts behind the row `after`, or ends, being full, before the row `before`. */
function neighbourKeys(given: Set<string>, select: SQL): SQL | undefined {
  const key = sql`(${assets.createdOn}, ${assets.assetId})`
  const current = sql`(select revision from current) = ${value('revision')}`
  const next = (neighbour: 'after' | 'before') =>
    sql`(${value(neighbour)}::timestamptz, ${value('neighbourId')}::uuid)`
  if (given.has('after')) {
    return sql`(${select} and ${current} and ${key} > ${next('after')} ${forwards} limit ${value('size')})`
  }
  if (given.has('before')) {
    return sql`(${select} and ${current} and ${key} < ${next('before')} ${backwards} limit ${value('size')})`
  }
  return undefined
}

function filter(given: Set<string>): SQL {
  const matching = Object.entries(filters).map(([name, column]) =>
    given.has(name) ? eq(column, value(name)) : undefined,
  )
  return and(...matching) ?? sql`true`
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
