/** Loads a catalog file into the database, all of it or nothing. */

import { resolve } from 'node:path'
import type pg from 'pg'
import { type Command, type CommandInput, runCommand } from '../command-line.ts'
import { DATA_DIR_FLAG } from '../dev/database.ts'
import { createImportProgress } from '../progress.ts'
import { checkConflicts } from './conflicts.ts'
import { openCatalogFile } from './file.ts'
import { type ImportEntries, stageItems } from './staging.ts'
import { changeCatalog, openTarget, TARGET_TEXT } from './target.ts'

const CHUNK_SIZE = 500

export interface ImportCounts {
  inserted: number
  updated: number
  unchanged: number
}

type OnProgress = (done: number, total: number) => void

/**
 * Inserts and updates assets and their versions in one transaction. Assets are matched by
 * `asset_id`, or by `asset_uri` for items without one. Keys that an item omits keep their stored
 * values. Omitted times are the time of the import plus one microsecond per item, so that a listing
 * keeps the order of the file. Throws a CommandError, and writes nothing, if an entry is invalid or
 * conflicts with a stored asset.
 */
export async function importCatalog(
  databaseUrl: string,
  entries: ImportEntries,
  onProgress: OnProgress = () => {},
): Promise<ImportCounts> {
  return changeCatalog(databaseUrl, async (client) => {
    const total = await stageItems(client, entries)
    return importStaged(client, total, onProgress)
  })
}

/** Imports the `total` items of `import_items`, in a transaction that has locked the catalog. */
export async function importStaged(
  client: pg.Client,
  total: number,
  onProgress: OnProgress = () => {},
): Promise<ImportCounts> {
  await checkConflicts(client)
  await client.query(FREE_URIS)
  await client.query(INSERT_VERSIONS)
  await client.query(UNSET_LATEST)
  await client.query(SET_LATEST)
  const counts = { inserted: 0, updated: 0, unchanged: 0 }
  for (let start = 0; start < total; start += CHUNK_SIZE) {
    const end = Math.min(start + CHUNK_SIZE, total)
    const { rows } = await client.query(IMPORT_ASSETS, [start, end])
    const { inserted = 0, updated = 0 } = rows[0] ?? {}
    counts.inserted += inserted
    counts.updated += updated
    counts.unchanged += end - start - inserted - updated
    onProgress(end, total)
  }
  return counts
}

/** Imports the entries only if the catalog has no assets. */
export async function importIntoEmpty(
  databaseUrl: string,
  entries: ImportEntries,
): Promise<{ inserted: number; stored: number }> {
  return changeCatalog(databaseUrl, async (client) => {
    const { rows } = await client.query('SELECT count(*)::int AS stored FROM assets')
    const { stored } = rows[0]
    if (stored > 0) return { inserted: 0, stored }
    const { inserted } = await importStaged(client, await stageItems(client, entries))
    return { inserted, stored: inserted }
  })
}

/** `findDuplicates` has checked that the items of a version agree on `is_latest`. */
const VERSIONS = `(SELECT dataset, version, bool_or(is_latest) AS is_latest
  FROM import_items GROUP BY dataset, version) AS item`

const INSERT_VERSIONS = `
  INSERT INTO versions (dataset, version) SELECT dataset, version FROM ${VERSIONS}
  ON CONFLICT DO NOTHING`

/** Runs before SET_LATEST, since a dataset can have only one latest version. */
const UNSET_LATEST = `
  UPDATE versions SET is_latest = false FROM ${VERSIONS}
  WHERE versions.is_latest AND versions.dataset = item.dataset
    AND CASE WHEN item.is_latest THEN versions.version <> item.version
             ELSE versions.version = item.version AND NOT item.is_latest END`

const SET_LATEST = `
  UPDATE versions SET is_latest = true FROM ${VERSIONS}
  WHERE item.is_latest AND NOT versions.is_latest
    AND versions.dataset = item.dataset AND versions.version = item.version`

/** Gives assets whose URI moves to another asset a temporary one, since URIs are unique. */
const FREE_URIS = `
  UPDATE assets SET asset_uri = 'urn:uuid:' || assets.asset_id FROM import_items AS item
  WHERE assets.asset_uri = item.asset_uri AND assets.asset_id <> item.asset_id`

const IMPORT_ASSETS = `
  WITH items AS (
    SELECT stored.asset_id AS stored_id, coalesce(item.asset_id, item.derived_id) AS new_asset_id,
      item.dataset, item.version, item.asset_type, item.asset_uri,
      coalesce(item.status, stored.status, 'pending') AS status,
      coalesce(item.is_managed, stored.is_managed, true) AS is_managed,
      coalesce(item.is_default, stored.is_default, false) AS is_default,
      coalesce(item.is_downloadable, stored.is_downloadable, true) AS is_downloadable,
      CASE
        WHEN item.metadata IS NULL THEN coalesce(stored.metadata, '{}')
        WHEN item.metadata = '{}' THEN item.metadata
        ELSE item.metadata || jsonb_build_object('id',
          coalesce(item.metadata->>'id', stored.metadata->>'id', item.metadata_id))
      END AS metadata,
      coalesce(item.created_on, stored.created_on, import.time) AS created_on,
      item.updated_on, import.time AS import_time
    FROM import_items AS item
    CROSS JOIN LATERAL (
      SELECT now() + item.position * interval '1 microsecond' AS time) AS import
    LEFT JOIN assets AS stored ON stored.asset_id = coalesce(item.asset_id,
      (SELECT assets.asset_id FROM assets WHERE assets.asset_uri = item.asset_uri))
    WHERE item.position >= $1 AND item.position < $2
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
  description: `Loads a catalog file into the database, completely or not at all. Importing it again changes
nothing. ${TARGET_TEXT}

FILE is JSON ({"data": [asset, …]}, [asset, …] or one asset) or NDJSON (one asset a line), with
assets as the API returns them. Required keys: dataset, version, asset_type, asset_uri. Omitted keys
of a stored asset keep their values. For a new asset, asset_id is derived from asset_uri, created_on
and updated_on are the time of the import, status is pending, is_managed and is_downloadable are
true, is_default is false, and metadata is empty. is_latest marks the version as the latest of its
dataset. Unknown keys are refused.`,
  operand: 'FILE',
  flags: { 'data-dir': DATA_DIR_FLAG },
} as const satisfies Command

async function main({ flags, operand }: CommandInput<typeof COMMAND>): Promise<void> {
  await using file = await openCatalogFile(operand)
  const target = await openTarget(resolve(flags['data-dir']))
  try {
    const progress = createImportProgress(file.size)
    const entries = file.entries(progress.onRead)
    const counts = await importCatalog(target.url, entries, progress.onImported).finally(
      progress.stop,
    )
    console.log(
      `inserted ${counts.inserted}, updated ${counts.updated}, unchanged ${counts.unchanged}`,
    )
  } finally {
    await target.close()
  }
}

if (import.meta.main) await runCommand(COMMAND, main)
