/** Reads a source's whole catalog and applies it to the database. */

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
  maxAssets?: number
  prune?: boolean
  force?: boolean
  partial?: boolean
  dryRun?: boolean
  /** JSON file for the report of what was skipped and why. */
  reportFile: string
  /** File in which pages are stored until the sync succeeds. */
  stateFile: string
  /** `isReplaying` is true for pages read by an earlier run. */
  onFound?: (found: number, totalItems: number, isReplaying: boolean) => void
  onWarning?: (warning: string) => void
}

export interface SyncResult extends SyncCounts {
  skipped: number
}

/** Throws a CommandError, and writes only the report, if the crawl is incomplete. */
export async function syncCatalog(
  openDatabase: () => Promise<{ url: string; close(): Promise<void> }>,
  options: SyncOptions,
): Promise<SyncResult> {
  const { onWarning = () => {}, dryRun = false } = options
  const source = createGfwClient(options)
  const state = openSyncState(options.stateFile, options, source)
  if (state.pages > 0) onWarning(`resuming after ${state.pages} pages of an earlier run`)
  const crawl = await crawlCatalog(state.readList, {
    pageSize: options.pageSize,
    maxAssets: options.maxAssets,
    onFound: (found, totalItems) => options.onFound?.(found, totalItems, state.isReplaying()),
  }).catch((error) => {
    // Resuming would fail the same way.
    if (error instanceof SourceError) state.remove()
    throw error
  })
  const synced = syncedItems(crawl.assets)
  for (const warning of synced.warnings) onWarning(warning)
  const uncertain = crawl.malformed.filter((asset) => !asset.is_certain).length
  if (uncertain > 0) {
    onWarning(`${uncertain} malformed assets may hide other assets with the same created_on`)
  }
  const isComplete = crawl.missing.length === 0
  const skipped = synced.skipped.length + crawl.malformed.length

  function report(counts?: SyncCounts, kept: StoredAsset[] = []): void {
    const text = JSON.stringify(createReport(options, { crawl, synced, counts, kept }), null, 2)
    writePrivateFile(options.reportFile, `${text}\n`)
  }

  if (!isComplete && !options.partial) {
    report()
    // Resuming would miss the same assets.
    state.remove()
    throw new CommandError(`nothing was written: ${missingText(crawl)}; --partial writes the rest`)
  }
  if (!isComplete) onWarning(missingText(crawl))
  if (!isComplete && options.prune) onWarning('nothing is removed after an incomplete read')
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

/** True if the source still has an asset that the crawl did not find, such as a malformed one. */
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

interface Outcome {
  crawl: Crawl
  synced: SyncedItems
  counts: SyncCounts | undefined
  kept: StoredAsset[]
}

function createReport(
  { from, prune = false, dryRun = false }: SyncOptions,
  { crawl, synced, counts, kept }: Outcome,
) {
  const { malformed, missing, totalItems, assets } = crawl
  const { skipped, warnings } = synced
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
    /** Not removed, since the source has them but cannot serialize them. */
    kept_assets: kept,
    warnings,
  }
}
