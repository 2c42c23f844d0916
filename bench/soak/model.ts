/** The soak test's catalog in memory, at each of its changes. */

import { type AssetQuery, assetQuerySchema } from '../../src/api/query.ts'
import type { AssetPage } from '../../src/api/resource.ts'

/** An asset as far as pages show it and filters read it. The tag is the number of its last change. */
export type ModelAsset = {
  asset_id: string
  dataset: string
  version: string
  asset_type: string
  asset_uri: string
  status: string
  is_latest: boolean
  is_default: boolean
  tag: number
}

/** All assets in listing order. */
export type State = readonly ModelAsset[]

export class CatalogModel {
  /** The index is the number of the change that made the state. */
  readonly states: State[] = []
  /** Descriptions of the page of each path, one for each state. */
  readonly #shown = new Map<string, string[]>()

  /** The first change at which a path showed this. Throws if it never did. */
  firstChangeOf(path: string, shown: string): number {
    const first = this.states.findIndex((_, change) => this.#shownAt(path, change) === shown)
    if (first < 0) throw new Error('the catalog never had this page')
    return first
  }

  /** The last change at which a path shows this. Throws if it never did. */
  lastChangeOf(path: string, shown: string): number {
    const last = this.states.findLastIndex((_, change) => this.#shownAt(path, change) === shown)
    if (last < 0) throw new Error('the catalog never had this page')
    return last
  }

  /** True if the change renewed the revision that the pages of a path belong to. */
  isChanged(path: string, change: number): boolean {
    const { dataset } = parseQuery(path)
    if (dataset === undefined || change === 0) return true
    const rows = (state: State | undefined) =>
      JSON.stringify(state?.filter((asset) => asset.dataset === dataset))
    return rows(this.states[change]) !== rows(this.states[change - 1])
  }

  #shownAt(path: string, change: number): string {
    const shown = this.#shown.get(path) ?? []
    this.#shown.set(path, shown)
    shown[change] ??= readPage(this.states[change] ?? [], parseQuery(path))
    return shown[change]
  }
}

/** Describes a page by its total and by the id and the tag of each asset. */
export function describePage({ data, meta }: AssetPage): string {
  const rows = data.map(({ asset_id, metadata }) => ({ asset_id, tag: metadata.tags?.[0] ?? '' }))
  return describe(Number(meta.total_items), rows)
}

function readPage(state: State, query: AssetQuery): string {
  const { 'page[number]': number, 'page[size]': size, version, ...equal } = query
  const listing = state.filter(
    (asset) =>
      Object.entries(equal).every(([name, value]) => asset[name as keyof ModelAsset] === value) &&
      (version === undefined ||
        (version === 'latest' ? asset.is_latest : asset.version === version)),
  )
  const skipped = (Number(number) - 1) * size
  return describe(listing.length, listing.slice(skipped, skipped + size))
}

function describe(
  total: number,
  rows: readonly { asset_id: string; tag: number | string }[],
): string {
  return `${total}: ${rows.map(({ asset_id, tag }) => `${asset_id} ${tag}`).join(', ')}`
}

function parseQuery(path: string): AssetQuery {
  return assetQuerySchema.parse(Object.fromEntries(new URL(path, 'http://soak').searchParams))
}
