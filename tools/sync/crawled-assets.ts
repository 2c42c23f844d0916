/** Assets found by a crawl, with the flags that only filtered listings reveal. */

import type { Filters } from './gfw-client.ts'
import { identity } from './gfw-listing.ts'

export interface CrawledAsset {
  row: unknown
  /** Undefined if unknown or contradictory. */
  is_latest: boolean | undefined
  is_default: boolean | undefined
  /** Flags that are true in one listing and false in another. */
  contradictory: Set<Flag>
}

export const FLAGS = ['is_latest', 'is_default'] as const
export type Flag = (typeof FLAGS)[number]

/** A type alias, since an interface is not assignable to `Filters`. */
export type DatasetVersion = { dataset: string; version: string }

/** Assets by identity, and grouped by dataset version. */
export interface FoundAssets {
  all: Map<string, CrawledAsset>
  byVersion: Map<string, DatasetVersion & { assets: Map<string, CrawledAsset> }>
}

export function createFoundAssets(): FoundAssets {
  return { all: new Map(), byVersion: new Map() }
}

/** Adds a row of a listing with these filters. */
export function addRow({ all, byVersion }: FoundAssets, row: unknown, filters: Filters): void {
  const id = identity(row)
  const asset = all.get(id) ?? newAsset(row)
  all.set(id, asset)
  for (const name of FLAGS) {
    if (filters[name] === undefined) continue
    const flag = filters[name] === 'true'
    if (asset[name] !== undefined && asset[name] !== flag) asset.contradictory.add(name)
    asset[name] = asset.contradictory.has(name) ? undefined : flag
  }
  const version = versionOf(asset.row)
  if (!version) return
  const group = byVersion.get(versionKey(version)) ?? { ...version, assets: new Map() }
  byVersion.set(versionKey(version), group)
  group.assets.set(id, asset)
}

/** Undefined if dataset or version is not a string. */
export function versionOf(row: unknown): DatasetVersion | undefined {
  const { dataset, version } = { dataset: undefined, version: undefined, ...Object(row) }
  if (typeof dataset !== 'string' || typeof version !== 'string') return undefined
  return { dataset, version }
}

export function versionKey({ dataset, version }: DatasetVersion): string {
  return JSON.stringify([dataset, version])
}

function newAsset(row: unknown): CrawledAsset {
  return { row, is_latest: undefined, is_default: undefined, contradictory: new Set() }
}
