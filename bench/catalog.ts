/** The synthetic catalogs of the benchmark and the soak test. */

import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import pg from 'pg'
import { ASSET_TYPES } from '../src/api/asset-types.ts'
import { migrateDatabase } from '../tools/deploy/migrate.ts'

/** Numbers of assets, by the size's name in the figures' keys. */
export const SIZES = { '10k': 10_000, '100k': 100_000, '1m': 1_000_000 } as const
export type Size = keyof typeof SIZES

const MIGRATIONS = fileURLToPath(new URL('../drizzle', import.meta.url))
const ROWS_PER_STATEMENT = 50_000

const fields = `(
  select jsonb_agg(jsonb_build_object('name', 'field_' || n, 'alias', 'Field number ' || n,
    'description', 'What field number ' || n || ' of this asset records', 'data_type', 'text',
    'unit', null, 'is_feature_info', true, 'is_filter', true))
  from generate_series(1, 8) n)`

const bands = `(
  select jsonb_agg(jsonb_build_object('pixel_meaning', 'band_' || n, 'unit', 'ha',
    'description', 'What band number ' || n || ' of this asset records',
    'statistics', jsonb_build_object('min', 0, 'max', 255, 'mean', 12.5, 'stddev', 3.25),
    'values_table', null, 'data_type', 'uint8', 'compression', 'deflate', 'no_data_value', 0))
  from generate_series(1, 2) n)`

/** Four versions per dataset and eight assets per version; the last version is the latest. */
const insertVersions = `
  insert into versions (dataset, version, is_latest)
  select 'dataset_' || v / 4, 'v1.' || v % 4, v % 4 = 3 from generate_series(0, $1::int / 8 - 1) v`

/** Asset types rotate, one asset per version is the default, and ten assets share a `created_on`. */
const insertAssets = `
  insert into assets (asset_id, dataset, version, asset_type, asset_uri, status, is_default,
    metadata, created_on, updated_on)
  select md5('asset ' || i)::uuid, 'dataset_' || v / 4, 'v1.' || v % 4, asset_type,
    'https://example.org/assets/' || i, 'saved', i % 8 = 0,
    jsonb_build_object('tags', jsonb_build_array('bench'), 'id', md5('metadata ' || i)::uuid) || case
      when asset_type = 'COG'
        then jsonb_build_object('bands', ${bands}, 'block_size', 512, 'resampling', 'nearest')
      when asset_type = 'Raster tile set'
        then jsonb_build_object('bands', ${bands}, 'resolution', 30)
      when asset_type like '%tile cache'
        then jsonb_build_object('min_zoom', 0, 'max_zoom', 12, 'fields', ${fields})
      else jsonb_build_object('fields', ${fields})
    end,
    created_on, created_on + interval '1 hour'
  from (
    select i, i / 8 as v, ($1::text[])[1 + i % 13] as asset_type,
      timestamptz '2015-01-01Z' + i / 10 * interval '240.123456 seconds' as created_on
    from generate_series($2::int, $3::int - 1) i
  ) series`

/** Identifies a database that holds the complete catalog made by this code. */
const MARKER = createHash('sha256')
  .update(insertVersions + insertAssets)
  .digest('hex')

export function assetUri(index: number): string {
  return `https://example.org/assets/${index}`
}

/** Creates the catalog in an empty database. */
export async function createCatalog(url: string, assets: number): Promise<void> {
  await migrateDatabase(url)
  await withClient(url, async (client) => {
    await client.query(insertVersions, [assets])
    for (let from = 0; from < assets; from += ROWS_PER_STATEMENT) {
      const to = Math.min(from + ROWS_PER_STATEMENT, assets)
      await client.query(insertAssets, [[...ASSET_TYPES], from, to])
    }
    await client.query('vacuum analyze')
    await client.query(`create table bench_marker as select '${MARKER}' as marker`)
  })
}

/**
 * Returns whether the database holds this catalog, after applying new migrations to it. False if a
 * migration that it has applied was edited.
 */
export async function hasCatalog(url: string): Promise<boolean> {
  try {
    return await withClient(url, async (client) => {
      const applied = await client.query<{ hash: string }>(
        'select hash from drizzle.__drizzle_migrations order by created_at',
      )
      const migrations = readMigrationFiles({ migrationsFolder: MIGRATIONS })
      if (applied.rows.some(({ hash }, index) => hash !== migrations[index]?.hash)) return false
      const marked = await client.query('select from bench_marker where marker = $1', [MARKER])
      if (marked.rowCount !== 1) return false
      if (applied.rows.length < migrations.length) {
        await migrateDatabase(url)
        await client.query('vacuum analyze')
      }
      return true
    })
  } catch {
    return false
  }
}

/** Changes one asset, which renews the catalog's revision. */
export async function changeCatalog(url: string): Promise<void> {
  await withClient(url, (client) =>
    client.query('update assets set updated_on = clock_timestamp() where asset_uri = $1', [
      assetUri(0),
    ]),
  )
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  return await use(client).finally(() => client.end())
}
