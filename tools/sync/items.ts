/** Turns crawled assets into items to import, and reports those that are skipped. */

import { type CatalogItem, type ItemFault, parseItem } from '../catalog/item.ts'
import type { CrawledAsset } from './crawled-assets.ts'

export type SyncedItem = CatalogItem & { asset_id: string }

export interface SkippedAsset {
  why: 'invalid' | 'duplicate'
  asset_id?: unknown
  asset_uri?: unknown
  faults: ItemFault[]
}

export interface SyncedItems {
  items: SyncedItem[]
  skipped: SkippedAsset[]
  /** Ids of all assets of the source, including skipped ones. */
  ids: string[]
  /** Values of the source that are not applied. */
  warnings: string[]
}

/** GFW has no special meaning for `latest`. */
const NAMED_LATEST: ItemFault = {
  field: 'version',
  reason: 'is `latest`, which this API reserves for the versions flagged latest',
}

export function syncedItems(assets: readonly CrawledAsset[]): SyncedItems {
  const items: SyncedItem[] = []
  const skipped: SkippedAsset[] = []
  const warnings: string[] = []
  const ids = new Set<string>()
  const uris = new Map<string, string>()
  const contradictions = { is_latest: 0, is_default: 0 }
  for (const { row, is_latest, is_default, contradictory } of assets) {
    const { asset_id, asset_uri } = { asset_id: undefined, asset_uri: undefined, ...Object(row) }
    for (const flag of contradictory) contradictions[flag] += 1
    const flags = { ...(is_latest !== undefined && { is_latest }) }
    const value = { ...Object(row), ...flags, ...(is_default !== undefined && { is_default }) }
    const parsed = parseItem(value)
    const faults = ('faults' in parsed ? parsed.faults : []).map((fault) =>
      fault.field === 'version' && value.version === 'latest' ? NAMED_LATEST : fault,
    )
    if (asset_id === undefined) faults.push({ field: 'asset_id', reason: 'is missing' })
    if (typeof asset_id === 'string') ids.add(asset_id.toLowerCase())
    if (faults.length > 0 || !('item' in parsed) || parsed.item.asset_id === undefined) {
      skipped.push({ why: 'invalid', asset_id, asset_uri, faults })
      continue
    }
    const item = { ...parsed.item, asset_id: parsed.item.asset_id }
    const other = uris.get(item.asset_uri)
    if (other !== undefined) {
      const reason = `is that of asset ${other}`
      skipped.push({
        why: 'duplicate',
        asset_id,
        asset_uri,
        faults: [{ field: 'asset_uri', reason }],
      })
      continue
    }
    uris.set(item.asset_uri, item.asset_id)
    items.push(item)
  }
  for (const [flag, count] of Object.entries(contradictions)) {
    if (count > 0)
      warnings.push(
        `the source contradicts itself about ${flag}: ${count} assets keep their stored value`,
      )
  }
  warnings.push(...removeAmbiguousLatest(items))
  return { items, skipped, ids: [...ids], warnings }
}

/**
 * Removes `is_latest` from items of datasets with several latest versions, which a source that
 * changed during the crawl may have sent. Returns warnings.
 */
function removeAmbiguousLatest(items: SyncedItem[]): string[] {
  const latest = new Map<string, Set<string>>()
  const others = new Set<string>()
  for (const { dataset, version, is_latest } of items) {
    if (is_latest) latest.set(dataset, (latest.get(dataset) ?? new Set()).add(version))
    if (is_latest === false) others.add(`${dataset} ${version}`)
  }
  const ambiguous = new Set<string>()
  for (const [dataset, versions] of latest) {
    const isBoth = [...versions].some((version) => others.has(`${dataset} ${version}`))
    if (versions.size > 1 || isBoth) ambiguous.add(dataset)
  }
  for (const item of items) if (ambiguous.has(item.dataset)) delete item.is_latest
  return [...ambiguous].map((dataset) => `the latest version of ${dataset} is ambiguous`)
}
