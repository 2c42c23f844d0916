/** A sync: reads all of a source's catalogue, then applies it, or says why it doesn't. */

import { CommandError } from '../command-line.ts'
import { writePrivateFile } from '../private-file.ts'
import { applySync, type StoredAsset, type SyncCounts, selectGone } from './apply.ts'
import {
  createGfwClient,
  type Filters,
  type GfwClientOptions,
  type ReadList,
  SourceError,
} from './gfw-client.ts'
import { type Crawl, crawlCatalog } from './gfw-crawl.ts'
import { type SyncedItems, syncedItems } from './items.ts'
import { openSyncState } from './state.ts'

export interface SyncOptions extends GfwClientOptions {
  pageSize: number
  mostAssets?: number
  prune?: boolean
  force?: boolean
  partial?: boolean
  dryRun?: boolean
  /** The JSON file that says what was skipped and why. */
  reportFile: string
  /** Where pages are kept until the sync is done. */
  stateFile: string
  /** `isReplaying` while the pages are those of an earlier run. */
  onFound?: (found: number, totalItems: number, isReplaying: boolean) => void
  /** What the operator should know besides the counts. */
  onNote?: (note: string) => void
}

export interface SyncResult extends SyncCounts {
  skipped: number
}

/** Throws a CommandError, and writes nothing but the report, where the read is incomplete. */
export async function syncCatalog(
  openDatabase: () => Promise<{ url: string; close(): Promise<void> }>,
  options: SyncOptions,
): Promise<SyncResult> {
  const { onNote = () => {}, dryRun = false } = options
  const source = createGfwClient(options)
  const state = openSyncState(options.stateFile, options, source)
  if (state.pages > 0) onNote(`going on after ${state.pages} pages of an earlier run`)
  const crawl = await crawlCatalog(state.readList, {
    pageSize: options.pageSize,
    mostAssets: options.mostAssets,
    onFound: (found, totalItems) => options.onFound?.(found, totalItems, state.isReplaying()),
  }).catch((error) => {
    // Going on from it would find the same again.
    if (error instanceof SourceError) state.remove()
    throw error
  })
  const synced = syncedItems(crawl.assets)
  for (const note of synced.notes) onNote(note)
  const uncertain = crawl.malformed.filter((asset) => !asset.is_certain).length
  if (uncertain > 0) onNote(`${uncertain} of the malformed assets may hide others of the same time`)
  const isComplete = crawl.missing.length === 0
  const skipped = synced.skipped.length + crawl.malformed.length

  function report(counts?: SyncCounts, kept: StoredAsset[] = []): void {
    const text = JSON.stringify(reportOf(options, crawl, synced, counts, kept), null, 2)
    writePrivateFile(options.reportFile, `${text}\n`)
  }

  if (!isComplete && !options.partial) {
    report()
    // Going on from it would find the same missing again.
    state.remove()
    throw new CommandError(`nothing was written: ${missingText(crawl)}; --partial writes the rest`)
  }
  if (!isComplete) onNote(missingText(crawl))
  if (!isComplete && options.prune) onNote('nothing is removed after an incomplete read')
  const database = await openDatabase()
  try {
    let gone: StoredAsset[] | undefined
    const kept: StoredAsset[] = []
    if (options.prune && isComplete) {
      gone = []
      for (const asset of await selectGone(database.url, synced, options.force ?? false)) {
        if (await isAtSource(source, asset.asset_uri)) kept.push(asset)
        else gone.push(asset)
      }
    }
    const counts = await applySync(database.url, synced, { gone, dryRun })
    report(counts, kept)
    if (!dryRun || !isComplete) state.remove()
    return { ...counts, skipped }
  } finally {
    await database.close()
  }
}

/** An asset that the read doesn't hold may be one that the source cannot serialise. */
async function isAtSource(readList: ReadList, asset_uri: string): Promise<boolean> {
  const answer = await readList('/assets', { asset_uri, 'page[number]': '1', 'page[size]': '1' })
  if (answer.kind === 'past') return false
  if (answer.kind !== 'page') return true
  return answer.rows.some((row) => Object(row).asset_uri === asset_uri)
}

function missingText({ missing, totalItems }: Crawl): string {
  const count = missing.reduce((sum, part) => sum + part.count, 0)
  const parts = missing.map((part) => `${part.count} of ${filterText(part.filters)}`)
  return `the read is incomplete, ${count} of ${totalItems} assets are missing: ${parts.join(', ')}`
}

function filterText(filters: Filters): string {
  const parts = Object.entries(filters).map(([name, value]) => `${name}=${value}`)
  return parts.join(' ') || 'all'
}

function reportOf(
  { from, prune = false, dryRun = false }: SyncOptions,
  { malformed, missing, totalItems, assets }: Crawl,
  { skipped, notes }: SyncedItems,
  counts: SyncCounts | undefined,
  kept: StoredAsset[],
) {
  const skippedAssets = [...malformed.map((asset) => ({ why: 'malformed', ...asset })), ...skipped]
  return {
    from,
    finished_on: new Date().toISOString(),
    prune,
    dry_run: dryRun,
    written: counts !== undefined && !dryRun,
    total_items: totalItems,
    read: assets.length,
    ...counts,
    skipped: skippedAssets.length,
    skipped_assets: skippedAssets,
    missing,
    /** Not removed: the source has them, though it cannot show them. */
    kept_assets: kept,
    notes,
  }
}
