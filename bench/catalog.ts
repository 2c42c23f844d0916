/** The synthetic catalogs of the benchmark and the soak test. */

import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { ASSET_TYPES } from '../src/api/asset-types.ts'
import { withClient } from '../tools/connection.ts'
import { migrateDatabase } from '../tools/deploy/migrate.ts'

/** Numbers of assets, by the size's name in the figures' keys. */
export const SIZES = { '10k': 10_000, '100k': 100_000, '1m': 1_000_000 } as const
export type Size = keyof typeof SIZES

/** It has thousands of assets in the largest catalog, where other datasets have at most 32. */
export const LARGE_DATASET = 'large_dataset'
/** One asset in 1,261 is of this type. */
export const RARE_TYPE = 'Geopackage'
/** A version of the large dataset. It has eight assets. */
export const RARE_VERSION = 'v20150302'

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

/**
 * The dataset and version of number `v`, of `versions` in all. Datasets have four versions. Every
 * n-th one belongs to one large dataset instead, whose versions are rare names: 5,000 assets in the
 * largest catalog, a tenth of smaller ones.
 */
const placeOfVersion = `
  case when v % greatest(10, versions / 625) = 5 then 'large_dataset' else 'dataset_' || v / 4 end
    as dataset,
  case when v % greatest(10, versions / 625) = 5
    then to_char(date '2015-01-01' + v / greatest(10, versions / 625), '"v"YYYYMMDD')
    else 'v1.' || v % 4 end as version`

/** The last of four versions is the latest, and the last one of the large dataset. */
const insertVersions = `
  insert into versions (dataset, version, is_latest)
  select dataset, version,
    case dataset when 'large_dataset' then v + greatest(10, versions / 625) >= versions
      else v % 4 = 3 end
  from (
    select *, ${placeOfVersion}
    from (select $1::int / 8 as versions) counted, generate_series(0, $1::int / 8 - 1) v
  ) series`

/**
 * A version has eight assets, of which the first is the default. Ten assets share a `created_on`.
 * One in 1,261 is a Geopackage, and one in 5,003 has failed; the newest are partly pending, as
 * during an import.
 */
const insertAssets = `
  insert into assets (asset_id, dataset, version, asset_type, asset_uri, status, is_default,
    metadata, created_on, updated_on)
  select md5('asset ' || i)::uuid, dataset, version, asset_type,
    'https://example.org/assets/' || i,
    case when i % 5003 = 7 then 'failed'
      when i >= versions * 8 * 0.998 and i % 4 = 1 then 'pending' else 'saved' end,
    i % 8 = 0,
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
    select *, ${placeOfVersion},
      case when i % 13 = 7 and i % 97 > 0 then 'Database table' else ($1::text[])[1 + i % 13] end
        as asset_type,
      timestamptz '2015-01-01Z' + i / 10 * interval '240.123456 seconds' as created_on
    from (
      select i, i / 8 as v, $2::int / 8 as versions from generate_series($3::int, $4::int - 1) i
    ) numbers
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
      await client.query(insertAssets, [[...ASSET_TYPES], assets, from, to])
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

/** Changes one asset of a dataset, which renews the revisions of the dataset and of the catalog. */
export async function changeDataset(url: string, dataset = 'dataset_0'): Promise<void> {
  const { rowCount } = await withClient(url, (client) =>
    client.query(
      `update assets set updated_on = clock_timestamp() where asset_id =
         (select asset_id from assets where dataset = $1 order by created_on, asset_id limit 1)`,
      [dataset],
    ),
  )
  if (rowCount !== 1) throw new Error(`${dataset} has no assets`)
}
