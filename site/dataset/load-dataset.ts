/** Loads a dataset, its versions, and its assets: all at once if they fit one page of the API. */

import { type Asset, type CatalogClient, CatalogError } from '../../packages/client/src/client.ts'
import { readFirstPage } from '../read-pages.ts'

export type AssetSet = {
  assets: readonly Asset[]
  /** The ids of the assets that their version names as default. The assets do not say so. */
  defaultIds: ReadonlySet<string>
  /** More than there are `assets` if they do not fit one page. */
  total: number
  /** The largest `page[size]` that the API accepted. */
  pageSize: number
}

export type DatasetContent = {
  dataset: string
  /** Newest first. */
  versions: readonly string[]
  latest: string | undefined
  total: number
  /** The largest `page[size]` that the API accepted for the assets. */
  pageSize: number
  /** The assets of all versions, or undefined if they do not fit one page. */
  whole: AssetSet | undefined
}

/** Returns undefined if there is no such dataset. */
export async function loadDataset(
  client: CatalogClient,
  dataset: string,
  signal: AbortSignal,
): Promise<DatasetContent | undefined> {
  const [found, set] = await Promise.all([
    client.getDataset(dataset, { signal }).catch(unlessMissing),
    loadAssets(client, { dataset }, signal),
  ])
  if (!found) return undefined
  const { versions, latest } = found
  const isWhole = set.assets.length === set.total
  return {
    dataset,
    versions: versions.toReversed(),
    latest: latest ?? versions.at(-1),
    total: set.total,
    pageSize: set.pageSize,
    whole: isWhole ? set : undefined,
  }
}

/** The first page of the assets of a dataset, or of one of its versions. */
export async function loadAssets(
  client: CatalogClient,
  of: { dataset: string; version?: string },
  signal: AbortSignal,
): Promise<AssetSet> {
  const [all, defaults] = await Promise.all([
    readFirstPage(client, of, signal),
    readFirstPage(client, { ...of, is_default: true }, signal),
  ])
  return {
    assets: all.data,
    defaultIds: new Set(defaults.data.map((asset) => asset.asset_id)),
    total: Number(all.meta.total_items),
    pageSize: Number(all.meta.size),
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof CatalogError && error.status === 404) return undefined
  throw error
}
