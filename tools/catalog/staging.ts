/**
 * Stages the items of an import in the temporary table `import_items`, so that this process's
 * memory does not limit their number.
 */

import type pg from 'pg'
import { v5 as uuidv5 } from 'uuid'
import { completeMetadata } from '../../src/api/metadata.ts'
import { CommandError } from '../command-line.ts'
import { type FaultLine, findDuplicates } from './duplicates.ts'
import type { Fault } from './file.ts'
import { type CatalogItem, derivedAssetId } from './item.ts'

/** Size of an INSERT in items and characters; each item may have 1 MiB of metadata. */
const MAX_CHUNK_ITEMS = 500
const MAX_CHUNK_LENGTH = 4 * 1024 * 1024

/** Further faults are only counted. */
const MAX_FAULTS = 10_000

/** An item, with its line in the file if it has one, or the faults of an invalid item. */
export type ImportEntry = (CatalogItem & { line?: number }) | { faults: readonly Fault[] }
export type ImportEntries = AsyncIterable<ImportEntry> | Iterable<ImportEntry>

/**
 * Fills `import_items` with the items, numbered from 0, and returns their count. Throws a
 * CommandError that lists all faults if an item is invalid or contradicts another.
 */
export async function stageItems(client: pg.Client, entries: ImportEntries): Promise<number> {
  await client.query(CREATE_ITEMS)
  const faults: FaultLine[] = []
  let faultCount = 0
  let count = 0
  let rows: string[] = []
  let length = 0
  async function send(): Promise<void> {
    await client.query(INSERT_ITEMS, [`[${rows.join()}]`])
    rows = []
    length = 0
  }
  for await (const entry of entries) {
    if ('faults' in entry) {
      faultCount += entry.faults.length
      faults.push(...entry.faults.slice(0, MAX_FAULTS - faults.length).map(faultLine))
      continue
    }
    const row = JSON.stringify(stagedRow(entry, count))
    rows.push(row)
    length += row.length
    count += 1
    if (rows.length === MAX_CHUNK_ITEMS || length >= MAX_CHUNK_LENGTH) await send()
  }
  await send()
  await client.query(ANALYZE_ITEMS)
  const duplicates = await findDuplicates(client, MAX_FAULTS)
  faultCount += duplicates.count
  faults.push(...duplicates.faults)
  if (faultCount > 0) throw new CommandError(faultsText(faults, faultCount))
  return count
}

function faultsText(faults: readonly FaultLine[], count: number): string {
  const shown = faults.toSorted((a, b) => a.line - b.line).slice(0, MAX_FAULTS)
  const title = count === 1 ? '1 fault' : `${count} faults`
  const lines = [title, ...shown.map(({ text }) => `  ${text}`)]
  if (count > shown.length) lines.push(`  and ${count - shown.length} more`)
  return lines.join('\n')
}

function faultLine({ line, column, field, reason }: Fault): FaultLine {
  const place = column === undefined ? `line ${line}` : `line ${line}, column ${column}`
  return { line, text: `${place}: ${field ? `${field}: ` : ''}${reason}` }
}

/** The JSON that INSERT_ITEMS reads; undefined keys become SQL nulls. */
function stagedRow(item: CatalogItem & { line?: number }, position: number) {
  const { metadata, asset_type: type, asset_uri: uri } = item
  return {
    ...item,
    position,
    derived_id: derivedAssetId(uri),
    metadata: metadata === undefined ? undefined : completeMetadata(type, metadata ?? {}),
    metadata_id: uuidv5(`${uri}#metadata`, uuidv5.URL),
  }
}

const COLUMNS = `position integer, line integer, asset_id uuid, derived_id uuid, dataset text,
  version text, asset_type text, asset_uri text, status text, is_managed boolean,
  is_latest boolean, is_default boolean, is_downloadable boolean, metadata jsonb,
  metadata_id text, created_on timestamptz, updated_on timestamptz`

/** `derived_id` is a hash of `asset_uri`. */
const CREATE_ITEMS = `
  CREATE TEMPORARY TABLE import_items (${COLUMNS}, PRIMARY KEY (position)) ON COMMIT DROP`

const INSERT_ITEMS = `
  INSERT INTO import_items SELECT * FROM jsonb_to_recordset($1::jsonb) AS item(${COLUMNS})`

/** Autovacuum does not analyze temporary tables. */
const ANALYZE_ITEMS = `
  ANALYZE import_items (position, asset_id, derived_id, dataset, version, asset_uri, is_latest)`
