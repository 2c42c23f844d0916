/** The catalog's tables. Migrations in `drizzle/` are generated from this file. */

import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { ASSET_STATUSES, ASSET_TYPES } from '../api/asset-types.ts'
import { MAX_METADATA_BYTES, type Metadata } from '../api/metadata.ts'
import { assetBytes, metadataBytes } from './asset-bytes.ts'

/**
 * One row: the catalog's revision, renewed by triggers in the transaction of every change. Every
 * writer locks it first, so that two writers wait for each other but never deadlock.
 */
export const catalogRevision = pgTable(
  'catalog_revision',
  {
    revision: uuid().primaryKey().defaultRandom(),
    changedAt: timestamp('changed_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
  },
  () => [uniqueIndex('catalog_revision_one_row').on(sql`(true)`)],
)

/**
 * The datasets that have a version, and their revisions: triggers keep the rows, and renew a
 * revision in the transaction of every change of the dataset's versions or assets.
 */
export const datasets = pgTable(
  'datasets',
  {
    dataset: text().primaryKey(),
    revision: uuid().notNull().defaultRandom(),
  },
  (table) => [index('datasets_page').on(sql`(${table.dataset} collate "C")`)],
)

/** Versions of datasets. A dataset has at most one latest version. */
export const versions = pgTable(
  'versions',
  {
    dataset: text().notNull(),
    version: text().notNull(),
    isLatest: boolean('is_latest').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.dataset, table.version] }),
    unique('versions_with_latest').on(table.dataset, table.version, table.isLatest),
    uniqueIndex('versions_latest').on(table.dataset).where(sql`${table.isLatest}`),
    check(
      'versions_dataset',
      sql`${table.dataset} ~ '^[a-z][a-z0-9_-]{2,}$' and length(${table.dataset}) <= 255`,
    ),
    check('versions_version', sql`${table.version} ~ '^v[0-9]{1,8}([.][0-9]{1,3}){0,2}$'`),
  ],
)

/**
 * Assets of dataset versions. `metadata` is as the response shows it, `{}` if none is recorded.
 * `is_latest` is copied from the version, by a trigger and by the foreign key's cascade, so that
 * filtering by it needs no join.
 */
export const assets = pgTable(
  'assets',
  {
    assetId: uuid('asset_id').primaryKey().defaultRandom(),
    dataset: text().notNull(),
    version: text().notNull(),
    assetType: text('asset_type', { enum: ASSET_TYPES }).notNull(),
    assetUri: text('asset_uri').notNull().unique(),
    status: text({ enum: ASSET_STATUSES }).notNull().default('pending'),
    isManaged: boolean('is_managed').notNull().default(true),
    isLatest: boolean('is_latest').notNull().default(false),
    isDefault: boolean('is_default').notNull().default(false),
    isDownloadable: boolean('is_downloadable').notNull().default(true),
    metadata: jsonb().$type<Metadata>().notNull().default({}),
    metadataBytes: integer('metadata_bytes').notNull().generatedAlwaysAs(metadataBytes),
    createdOn: timestamp('created_on', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
    updatedOn: timestamp('updated_on', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
  },
  (table) => [
    foreignKey({
      columns: [table.dataset, table.version, table.isLatest],
      foreignColumns: [versions.dataset, versions.version, versions.isLatest],
      name: 'assets_version',
    }).onUpdate('cascade'),
    listingIndex('assets_listing', table),
    listingIndex('assets_dataset_listing', table, table.dataset),
    listingIndex('assets_version_listing', table, table.version),
    listingIndex('assets_type_listing', table, table.assetType),
    // Nearly all assets are saved.
    listingIndex('assets_status_listing', table, table.status).where(
      sql`${table.status} <> 'saved'`,
    ),
    index('assets_bytes').on(assetBytes),
    check('assets_type', oneOf(table.assetType, ASSET_TYPES)),
    check('assets_status', oneOf(table.status, ASSET_STATUSES)),
    check('assets_uri_length', sql`octet_length(${table.assetUri}) <= 2048`),
    check('assets_metadata_object', sql`jsonb_typeof(${table.metadata}) = 'object'`),
    check(
      'assets_metadata_bytes',
      sql`${table.metadataBytes} <= ${sql.raw(`${MAX_METADATA_BYTES}`)}`,
    ),
    check(
      'assets_four_digit_years',
      sql`${fourDigitYear(table.createdOn)} and ${fourDigitYear(table.updatedOn)}`,
    ),
  ],
)

/** How many assets share the values of these filters; triggers keep the rows. None has a total of 0. */
export const assetTotals = pgTable(
  'asset_totals',
  {
    version: text().notNull(),
    assetType: text('asset_type', { enum: ASSET_TYPES }).notNull(),
    status: text({ enum: ASSET_STATUSES }).notNull(),
    isLatest: boolean('is_latest').notNull(),
    isDefault: boolean('is_default').notNull(),
    total: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.version, table.assetType, table.status, table.isLatest, table.isDefault],
      name: 'asset_totals_key',
    }),
  ],
)

type ListingColumn =
  | 'createdOn'
  | 'assetId'
  | 'version'
  | 'assetType'
  | 'isLatest'
  | 'isDefault'
  | 'status'

/**
 * An index of the listings that share a value of `first`, in their order. The other filters follow,
 * so that Postgres skips to any page without reading the table.
 */
function listingIndex(
  name: string,
  table: Record<ListingColumn, AnyPgColumn>,
  first?: AnyPgColumn,
) {
  const { createdOn, assetId, version, assetType, isLatest, isDefault, status } = table
  const others = [version, assetType, isLatest, isDefault, status].filter(
    (other) => other !== first,
  )
  return first
    ? index(name).on(first, createdOn, assetId, ...others)
    : index(name).on(createdOn, assetId, ...others)
}

/** Literals, because a check constraint takes no parameters. */
function oneOf(column: AnyPgColumn, values: readonly string[]) {
  const list = values.map((value) => `'${value}'`).join(', ')
  return sql`${column} in (${sql.raw(list)})`
}

/** RFC 3339 has only four-digit years, and no infinity. */
function fourDigitYear(column: AnyPgColumn) {
  return sql`${column} >= '0001-01-01T00:00:00Z' and ${column} < '10000-01-01T00:00:00Z'`
}
