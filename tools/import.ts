/** Loads a catalog file into the database, all of it or nothing. */

import { resolve } from 'node:path'
import type pg from 'pg'
import { v5 as uuidv5 } from 'uuid'
import { completeMetadata } from '../src/metadata.ts'
import { checkConflicts } from './catalog-conflicts.ts'
import { readCatalogFile } from './catalog-file.ts'
import { type CatalogItem, derivedAssetId } from './catalog-item.ts'
import { changeCatalog, openTarget, TARGET_TEXT } from './catalog-target.ts'
import { type Command, type Given, runCommand } from './command-line.ts'
import { DATA_DIR_FLAG } from './dev-database.ts'
import { createProgress } from './progress.ts'

const CHUNK_SIZE = 500

export interface ImportCounts {
  inserted: number
  updated: number
  unchanged: number
}

/**
 * Inserts and updates assets, by `asset_id` or else by `asset_uri`, and their versions, in one
 * transaction. What an item leaves out keeps its stored value; a time that is new is that of the
 * import, one microsecond later for each item, so that a listing keeps their order. Throws a
 * CommandError, and writes nothing, if an item conflicts with what is stored.
 */
export async function importCatalog(
  databaseUrl: string,
  items: readonly CatalogItem[],
  onProgress: (done: number) => void = () => {},
): Promise<ImportCounts> {
  return changeCatalog(databaseUrl, (client) => importItems(client, items, onProgress))
}

/** The same in a transaction of the caller's, who has locked both tables. */
export async function importItems(
  client: pg.Client,
  items: readonly CatalogItem[],
  onProgress: (done: number) => void = () => {},
): Promise<ImportCounts> {
  const movedIds = await checkConflicts(client, items)
  await client.query(FREE_URIS, [movedIds])
  await importVersions(client, items)
  const counts = { inserted: 0, updated: 0, unchanged: 0 }
  for (let start = 0; start < items.length; start += CHUNK_SIZE) {
    const chunk = items.slice(start, start + CHUNK_SIZE)
    const { rows } = await client.query(IMPORT_ASSETS, [
      JSON.stringify(chunk.map((item, index) => assetRow(item, start + index))),
    ])
    const { inserted = 0, updated = 0 } = rows[0] ?? {}
    counts.inserted += inserted
    counts.updated += updated
    counts.unchanged += chunk.length - inserted - updated
    onProgress(start + chunk.length)
  }
  return counts
}

/** Imports into a catalog without assets; one that holds some is left as it is. */
export async function importIntoEmpty(
  databaseUrl: string,
  items: readonly CatalogItem[],
): Promise<{ inserted: number; stored: number }> {
  return changeCatalog(databaseUrl, async (client) => {
    const { rows } = await client.query('SELECT count(*)::int AS stored FROM assets')
    const { stored } = rows[0]
    if (stored > 0 || items.length === 0) return { inserted: 0, stored }
    const { inserted } = await importItems(client, items)
    return { inserted, stored: inserted }
  })
}

async function importVersions(client: pg.Client, items: readonly CatalogItem[]): Promise<void> {
  const versions = new Map<string, Pick<CatalogItem, 'dataset' | 'version' | 'is_latest'>>()
  for (const { dataset, version, is_latest } of items) {
    const key = `${dataset} ${version}`
    versions.set(key, { dataset, version, is_latest: is_latest ?? versions.get(key)?.is_latest })
  }
  const rows = JSON.stringify([...versions.values()])
  await client.query(INSERT_VERSIONS, [rows])
  await client.query(UNSET_LATEST, [rows])
  await client.query(SET_LATEST, [rows])
}

const VERSIONS =
  'jsonb_to_recordset($1::jsonb) AS item(dataset text, version text, is_latest boolean)'

const INSERT_VERSIONS = `
  INSERT INTO versions (dataset, version) SELECT dataset, version FROM ${VERSIONS}
  ON CONFLICT DO NOTHING`

/** First of all: a dataset may have one latest version only. */
const UNSET_LATEST = `
  UPDATE versions SET is_latest = false FROM ${VERSIONS}
  WHERE versions.is_latest AND versions.dataset = item.dataset
    AND CASE WHEN item.is_latest THEN versions.version <> item.version
             ELSE versions.version = item.version AND NOT item.is_latest END`

const SET_LATEST = `
  UPDATE versions SET is_latest = true FROM ${VERSIONS}
  WHERE item.is_latest AND NOT versions.is_latest
    AND versions.dataset = item.dataset AND versions.version = item.version`

/** Assets that give their URI to others: each has another until it gets its new one. */
const FREE_URIS = `
  UPDATE assets SET asset_uri = 'urn:uuid:' || asset_id WHERE asset_id = ANY($1::uuid[])`

/** An item as IMPORT_ASSETS reads it; keys that are undefined are SQL nulls there. */
function assetRow(item: CatalogItem, position: number) {
  const { metadata, asset_type: type, asset_uri: uri } = item
  const recorded = metadata === undefined ? undefined : completeMetadata(type, metadata ?? {})
  return {
    ...item,
    position,
    new_asset_id: item.asset_id ?? derivedAssetId(uri),
    metadata: recorded,
    new_metadata_id: uuidv5(`${uri}#metadata`, uuidv5.URL),
  }
}

const IMPORT_ASSETS = `
  WITH items AS (
    SELECT stored.asset_id AS stored_id, item.new_asset_id, item.dataset, item.version,
      item.asset_type, item.asset_uri,
      coalesce(item.status, stored.status, 'pending') AS status,
      coalesce(item.is_managed, stored.is_managed, true) AS is_managed,
      coalesce(item.is_default, stored.is_default, false) AS is_default,
      coalesce(item.is_downloadable, stored.is_downloadable, true) AS is_downloadable,
      CASE
        WHEN item.metadata IS NULL THEN coalesce(stored.metadata, '{}')
        WHEN item.metadata = '{}' THEN item.metadata
        ELSE item.metadata || jsonb_build_object('id',
          coalesce(item.metadata->>'id', stored.metadata->>'id', item.new_metadata_id))
      END AS metadata,
      coalesce(item.created_on, stored.created_on, import.time) AS created_on,
      item.updated_on, import.time AS import_time
    FROM jsonb_to_recordset($1::jsonb) AS item(position integer, asset_id uuid,
      new_asset_id uuid, dataset text, version text, asset_type text, asset_uri text, status text, is_managed boolean,
      is_default boolean, is_downloadable boolean, metadata jsonb, new_metadata_id text,
      created_on timestamptz, updated_on timestamptz)
    CROSS JOIN LATERAL (
      SELECT now() + item.position * interval '1 microsecond' AS time) AS import
    LEFT JOIN assets AS stored ON stored.asset_id = coalesce(item.asset_id,
      (SELECT assets.asset_id FROM assets WHERE assets.asset_uri = item.asset_uri))
  ), updated AS (
    UPDATE assets SET dataset = items.dataset, version = items.version,
      asset_type = items.asset_type, asset_uri = items.asset_uri, status = items.status,
      is_managed = items.is_managed, is_default = items.is_default,
      is_downloadable = items.is_downloadable, metadata = items.metadata,
      created_on = items.created_on, updated_on = coalesce(items.updated_on, items.import_time)
    FROM items
    WHERE assets.asset_id = items.stored_id
      AND (assets.dataset, assets.version, assets.asset_type, assets.asset_uri, assets.status,
        assets.is_managed, assets.is_default, assets.is_downloadable, assets.metadata,
        assets.created_on, assets.updated_on)
      IS DISTINCT FROM (items.dataset, items.version, items.asset_type, items.asset_uri,
        items.status, items.is_managed, items.is_default, items.is_downloadable, items.metadata,
        items.created_on, coalesce(items.updated_on, assets.updated_on))
    RETURNING assets.asset_id
  ), inserted AS (
    INSERT INTO assets (asset_id, dataset, version, asset_type, asset_uri, status, is_managed,
      is_default, is_downloadable, metadata, created_on, updated_on)
    SELECT new_asset_id, dataset, version, asset_type, asset_uri, status, is_managed, is_default,
      is_downloadable, metadata, created_on, coalesce(updated_on, import_time)
    FROM items WHERE stored_id IS NULL
    RETURNING asset_id
  )
  SELECT (SELECT count(*) FROM inserted)::int AS inserted,
    (SELECT count(*) FROM updated)::int AS updated`

const COMMAND = {
  name: 'import',
  description: `Loads a catalog file into the database, all of it or nothing; importing it again changes nothing.
${TARGET_TEXT}

FILE is JSON ({"data": [asset, …]}, [asset, …] or one asset) or NDJSON, one asset a line, as the API
returns assets. Required: dataset, version, asset_type, asset_uri. An asset that is stored keeps what
is left out. Else: asset_id is derived from asset_uri, created_on and updated_on are the time of the
import, status is pending, is_managed and is_downloadable are true, is_default is false, metadata is
empty; is_latest says that the version is the latest of its dataset. Other keys are refused.`,
  operand: 'FILE',
  flags: { 'data-dir': DATA_DIR_FLAG },
} as const satisfies Command

async function main({ flags, operand }: Given<typeof COMMAND>): Promise<void> {
  const items = await readCatalogFile(operand)
  const target = await openTarget(resolve(flags['data-dir']))
  try {
    const progress = createProgress(items.length)
    const counts = await importCatalog(target.url, items, progress.update).finally(progress.stop)
    console.log(
      `inserted ${counts.inserted}, updated ${counts.updated}, unchanged ${counts.unchanged}`,
    )
  } finally {
    await target.close()
  }
}

if (import.meta.main) await runCommand(COMMAND, main)
