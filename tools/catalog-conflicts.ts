/** Checks the items of an import against what is stored. */

import type pg from 'pg'
import type { FileItem } from './catalog-file.ts'
import { type CatalogItem, derivedAssetId } from './catalog-item.ts'
import { CommandError } from './command-line.ts'

const CHUNK_SIZE = 1000
const MAX_SHOWN = 20

type Item = CatalogItem | FileItem

/**
 * Throws a CommandError that names the items whose URI or derived id belongs to another stored
 * asset. Returns the ids of stored assets that give their URI to another asset and get a new one,
 * both in this import.
 */
export async function checkConflicts(client: pg.Client, items: readonly Item[]): Promise<string[]> {
  const conflicts: string[] = []
  /** By the id of the asset that an item changes or makes. */
  const targets = new Map<string, Item>()
  const taken: { item: Item; holder: string }[] = []
  for (let start = 0; start < items.length; start += CHUNK_SIZE) {
    const chunk = items.slice(start, start + CHUNK_SIZE)
    const stored = await selectStored(client, chunk)
    for (const item of chunk) {
      const holder = stored.byUri.get(item.asset_uri)
      const derived = derivedAssetId(item.asset_uri)
      const target = item.asset_id ?? holder ?? derived
      const other = targets.get(target)
      const namesake = stored.byId.get(derived)
      if (other) {
        conflicts.push(
          conflict(item, `is that of the stored asset ${target}, which ${name(other)} changes`),
        )
      } else if (holder && holder !== target) {
        taken.push({ item, holder })
      } else if (!item.asset_id && !holder && namesake) {
        const reason = `the id derived from it, ${derived}, is that of the stored asset with the asset_uri ${namesake}`
        conflicts.push(conflict(item, reason))
      }
      targets.set(target, item)
    }
  }
  for (const { item, holder } of taken) {
    if (!targets.has(holder))
      conflicts.push(conflict(item, `is that of the stored asset ${holder}`))
  }
  if (conflicts.length > 0) throw new CommandError(conflictsText(conflicts))
  return taken.map(({ holder }) => holder)
}

async function selectStored(client: pg.Client, items: readonly Item[]) {
  const uris = items.map((item) => item.asset_uri)
  const { rows } = await client.query<{ asset_id: string; asset_uri: string }>(SELECT_STORED, [
    uris.map(derivedAssetId),
    uris,
  ])
  return {
    byId: new Map(rows.map((row) => [row.asset_id, row.asset_uri])),
    byUri: new Map(rows.map((row) => [row.asset_uri, row.asset_id])),
  }
}

const SELECT_STORED = `
  SELECT asset_id, asset_uri FROM assets WHERE asset_id = ANY($1::uuid[])
  UNION SELECT asset_id, asset_uri FROM assets WHERE asset_uri = ANY($2)`

function conflict(item: Item, reason: string): string {
  return `  ${name(item)}: asset_uri: ${reason}`
}

function name(item: Item): string {
  return 'line' in item ? `line ${item.line}` : item.asset_uri
}

function conflictsText(conflicts: string[]): string {
  const count = conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`
  const shown = conflicts.slice(0, MAX_SHOWN)
  if (shown.length < conflicts.length) shown.push('  …')
  return [`${count} with stored assets`, ...shown].join('\n')
}
