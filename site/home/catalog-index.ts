/** What the home page knows of datasets besides their names, read in few requests. */

import type { CatalogClient, Dataset } from '../../packages/client/src/client.ts'
import type { AssetType } from '../../src/api/asset-types.ts'
import { inOrder } from '../asset/asset-type.ts'
import { MAX_PAGE_SIZE } from '../limits.ts'
import { readMaps, readPages, TOO_MANY } from '../read-pages.ts'

export type Catalog = {
  /** The first page. */
  datasets: Dataset[]
  /** The first page is all there is. */
  isWhole: boolean
  totalDatasets: number
  totalAssets: number
}
/** The types of each dataset's latest version. */
export type Types = ReadonlyMap<string, readonly AssetType[]>
/** The versions of each dataset that have a saved tile cache. */
export type Mapped = ReadonlyMap<string, ReadonlySet<string>>

export async function loadCatalog(client: CatalogClient, signal: AbortSignal): Promise<Catalog> {
  const [datasets, assets] = await Promise.all([
    client.listDatasets({ 'page[size]': MAX_PAGE_SIZE }, { signal }),
    client.listAssets({ 'page[size]': 1 }, { signal }),
  ])
  return {
    datasets: datasets.data,
    isWhole: Number(datasets.meta.total_pages) <= 1,
    totalDatasets: Number(datasets.meta.total_items),
    totalAssets: Number(assets.meta.total_items),
  }
}

export async function loadTypes(
  client: CatalogClient,
  signal: AbortSignal,
): Promise<Types | typeof TOO_MANY> {
  const assets = await readPages(client, { is_latest: true }, signal)
  if (assets === TOO_MANY) return TOO_MANY
  const byDataset = Map.groupBy(assets, ({ dataset }) => dataset)
  return new Map(
    Array.from(byDataset, ([dataset, own]) => [
      dataset,
      inOrder(own.map(({ asset_type }) => asset_type)),
    ]),
  )
}

export async function loadMapped(
  client: CatalogClient,
  signal: AbortSignal,
): Promise<Mapped | typeof TOO_MANY> {
  const assets = await readMaps(client, {}, signal)
  if (assets === TOO_MANY) return TOO_MANY
  const mapped = new Map<string, Set<string>>()
  for (const { dataset, version } of assets) {
    const versions = mapped.get(dataset)
    if (versions) versions.add(version)
    else mapped.set(dataset, new Set([version]))
  }
  return mapped
}
