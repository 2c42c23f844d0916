/** Assets as a crawl finds them, and the flags that only filtered listings tell. */

import type { Filters } from './gfw-client.ts'
import { identity, type Listing } from './gfw-listing.ts'

export interface CrawledAsset {
  row: unknown
  /** Undefined where the source doesn't tell, or has said both. */
  is_latest: boolean | undefined
  is_default: boolean | undefined
  /** Flags of which the source has said both. */
  doubtful: Set<'is_latest' | 'is_default'>
}

/** Keeps a row of a listing with these filters. */
export function keepRow(found: Map<string, CrawledAsset>, row: unknown, filters: Filters): void {
  const id = identity(row)
  const asset = found.get(id) ?? newAsset(row)
  found.set(id, asset)
  for (const name of ['is_latest', 'is_default'] as const) {
    if (filters[name] === undefined) continue
    const flag = filters[name] === 'true'
    if (asset[name] !== undefined && asset[name] !== flag) asset.doubtful.add(name)
    asset[name] = asset.doubtful.has(name) ? undefined : flag
  }
}

function newAsset(row: unknown): CrawledAsset {
  return { row, is_latest: undefined, is_default: undefined, doubtful: new Set() }
}

/** Adds to a listing what belongs to it, but was only found in others. */
export function addFound(listing: Listing, found: ReadonlyMap<string, CrawledAsset>): void {
  const { is_latest: isLatest, is_default: isDefault, ...filters } = listing.filters
  for (const [id, { row, is_latest, is_default }] of found) {
    const belongs =
      (isLatest === undefined || String(is_latest) === isLatest) &&
      (isDefault === undefined || String(is_default) === isDefault) &&
      Object.entries(filters).every(([name, value]) => Object(row)[name] === value)
    if (belongs) listing.found.set(id, row)
  }
}

/**
 * Dataset versions of which a listing may hold more assets; those of which it holds none come
 * first, since most versions have one asset of a type.
 */
export function knownVersions(
  found: ReadonlyMap<string, CrawledAsset>,
  listing: Listing,
): { dataset: string; version: string }[] {
  const { is_latest: isLatest } = listing.filters
  const versions = new Map<string, { dataset: string; version: string; count: number }>()
  for (const [id, asset] of found) {
    if (isLatest !== undefined && asset.is_latest !== (isLatest === 'true')) continue
    const { dataset, version } = { dataset: undefined, version: undefined, ...Object(asset.row) }
    if (typeof dataset !== 'string' || typeof version !== 'string') continue
    const known = versions.get(`${dataset} ${version}`) ?? { dataset, version, count: 0 }
    known.count += listing.found.has(id) ? 1 : 0
    versions.set(`${dataset} ${version}`, known)
  }
  return [...versions.values()]
    .sort((a, b) => a.count - b.count)
    .map(({ dataset, version }) => ({ dataset, version }))
}
