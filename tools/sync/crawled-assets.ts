/** Assets as a crawl finds them, and the flags that only filtered listings tell. */

import type { Filters } from './gfw-client.ts'
import { identity } from './gfw-listing.ts'

export interface CrawledAsset {
  row: unknown
  /** Undefined if the source doesn't tell, or has said both. */
  is_latest: boolean | undefined
  is_default: boolean | undefined
  /** Flags of which the source has said both. */
  doubtful: Set<Flag>
}

export const FLAGS = ['is_latest', 'is_default'] as const
export type Flag = (typeof FLAGS)[number]

/** A type, since an interface is no record of filters. */
export type DatasetVersion = { dataset: string; version: string }

/** Assets by identity, and the same by dataset version. */
export interface FoundAssets {
  all: Map<string, CrawledAsset>
  byVersion: Map<string, DatasetVersion & { assets: Map<string, CrawledAsset> }>
}

export function createFoundAssets(): FoundAssets {
  return { all: new Map(), byVersion: new Map() }
}

/** Keeps a row of a listing with these filters. */
export function keepRow({ all, byVersion }: FoundAssets, row: unknown, filters: Filters): void {
  const id = identity(row)
  const asset = all.get(id) ?? newAsset(row)
  all.set(id, asset)
  for (const name of FLAGS) {
    if (filters[name] === undefined) continue
    const flag = filters[name] === 'true'
    if (asset[name] !== undefined && asset[name] !== flag) asset.doubtful.add(name)
    asset[name] = asset.doubtful.has(name) ? undefined : flag
  }
  const version = versionOf(asset.row)
  if (!version) return
  const known = byVersion.get(versionKey(version)) ?? { ...version, assets: new Map() }
  byVersion.set(versionKey(version), known)
  known.assets.set(id, asset)
}

/** Undefined if these are not two names. */
export function versionOf(row: unknown): DatasetVersion | undefined {
  const { dataset, version } = { dataset: undefined, version: undefined, ...Object(row) }
  if (typeof dataset !== 'string' || typeof version !== 'string') return undefined
  return { dataset, version }
}

export function versionKey({ dataset, version }: DatasetVersion): string {
  return JSON.stringify([dataset, version])
}

function newAsset(row: unknown): CrawledAsset {
  return { row, is_latest: undefined, is_default: undefined, doubtful: new Set() }
}
