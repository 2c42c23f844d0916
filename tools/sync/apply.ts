/** Applies a crawl to the database in one transaction, with one new revision. */

import type pg from 'pg'
import { type ImportCounts, importStaged } from '../catalog/import.ts'
import { stageItems } from '../catalog/staging.ts'
import { changeCatalog } from '../catalog/target.ts'
import { CommandError } from '../command-line.ts'
import type { SyncedItem } from './items.ts'

/** A larger share is more likely a fault of the source than a change. */
const MAX_REMOVED_SHARE = 0.2

export interface SyncCounts extends ImportCounts {
  removed: number
}

export interface StoredAsset {
  asset_id: string
  asset_uri: string
}

/** The source's catalog: the items to import, and the ids of all assets. */
export interface SyncedCatalog {
  items: readonly SyncedItem[]
  ids: readonly string[]
}

/**
 * Selects stored assets that the source no longer has, neither by id nor by URI. Throws a
 * CommandError if these are more than a fifth of all stored assets, unless `force` is set.
 */
export async function selectGone(
  databaseUrl: string,
  { items, ids }: SyncedCatalog,
  force: boolean,
): Promise<StoredAsset[]> {
  const uris = items.map((item) => item.asset_uri)
  return changeCatalog(
    databaseUrl,
    async (client) => {
      const { rows } = await client.query<StoredAsset>(SELECT_GONE, [ids, uris])
      const stored = await client.query<{ count: number }>('SELECT count(*)::int FROM assets')
      const count = stored.rows[0]?.count ?? 0
      if (rows.length > count * MAX_REMOVED_SHARE && !force) {
        throw new CommandError(
          `--prune would remove ${rows.length} of ${count} stored assets; --force allows it`,
        )
      }
      return rows
    },
    'ROLLBACK',
  )
}

/** Imports the items. If `gone` is given, removes those assets and versions without assets. */
export async function applySync(
  databaseUrl: string,
  { items, ids }: SyncedCatalog,
  options: { gone: readonly StoredAsset[] | undefined; dryRun: boolean },
): Promise<SyncCounts> {
  const { gone, dryRun } = options
  async function change(client: pg.Client): Promise<SyncCounts> {
    const total = await stageItems(client, items)
    const pruned = await client.query(DELETE_GONE, [(gone ?? []).map((asset) => asset.asset_id)])
    await client.query(RENAME, [ids])
    const replaced = await client.query(DELETE_REPLACED, [ids])
    const counts = await importStaged(client, total)
    if (gone) await client.query(DELETE_EMPTY_VERSIONS)
    return { ...counts, removed: (pruned.rowCount ?? 0) + (replaced.rowCount ?? 0) }
  }
  return changeCatalog(databaseUrl, change, dryRun ? 'ROLLBACK' : 'COMMIT')
}

const SELECT_GONE = `
  SELECT asset_id, asset_uri FROM assets
  WHERE NOT asset_id::text = ANY($1) AND NOT asset_uri = ANY($2)
  ORDER BY asset_uri`

const DELETE_GONE = 'DELETE FROM assets WHERE asset_id = ANY($1::uuid[])'

const DELETE_EMPTY_VERSIONS = `
  DELETE FROM versions WHERE NOT EXISTS (SELECT FROM assets
    WHERE assets.dataset = versions.dataset AND assets.version = versions.version)`

const HOLDS_URI = 'assets.asset_uri = item.asset_uri AND assets.asset_id <> item.asset_id'

/**
 * Gives assets that were recreated at the source their new ids. Their temporary URIs are replaced
 * by the import, so that the rows count as updated.
 */
const RENAME = `
  UPDATE assets SET asset_id = item.asset_id, asset_uri = 'urn:uuid:' || item.asset_id
  FROM import_items AS item
  WHERE ${HOLDS_URI} AND NOT assets.asset_id::text = ANY($1)
    AND NOT EXISTS (SELECT FROM assets AS other WHERE other.asset_id = item.asset_id)`

/** Deletes recreated assets whose new ids are already stored with another URI. */
const DELETE_REPLACED = `
  DELETE FROM assets USING import_items AS item WHERE ${HOLDS_URI} AND NOT assets.asset_id::text = ANY($1)`
