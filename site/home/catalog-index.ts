/** What the home page knows of datasets besides their names, read in few requests. */

import {
  type Asset,
  type AssetFilters,
  type CatalogClient,
  CatalogError,
  type Dataset,
} from '../../packages/client/src/client.ts'
import { type AssetType, TILE_CACHE_TYPES } from '../../src/api/asset-types.ts'
import { ORDERED_TYPES } from '../asset/asset-type.ts'
import { MAX_PAGE_SIZE } from '../limits.ts'

/** The types of a catalog with more pages of assets are read dataset by dataset. */
const MAX_PAGES = 5

export type Catalog = {
  /** The first page. */
  datasets: Dataset[]
  /** The first page is all there is. */
  isWhole: boolean
  totalDatasets: number
  totalAssets: number
}
/** There are more assets than are read at once. */
export const TOO_MANY = 'too many'
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
  if (!assets) return TOO_MANY
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
  const lists = await Promise.all(
    TILE_CACHE_TYPES.map((type) =>
      readPages(client, { asset_type: type, status: 'saved' }, signal),
    ),
  )
  const mapped = new Map<string, Set<string>>()
  for (const list of lists) {
    if (!list) return TOO_MANY
    for (const { dataset, version } of list) {
      const versions = mapped.get(dataset)
      if (versions) versions.add(version)
      else mapped.set(dataset, new Set([version]))
    }
  }
  return mapped
}

/** The distinct types among `names`, in the order that they are listed in. */
export function inOrder(names: readonly string[]): AssetType[] {
  const present = new Set(names)
  return ORDERED_TYPES.filter((type) => present.has(type))
}

/** Undefined if there are too many. */
async function readPages(
  client: CatalogClient,
  filters: AssetFilters,
  signal: AbortSignal,
): Promise<Asset[] | undefined> {
  const read = (number: number) =>
    client.listAssets(
      { ...filters, 'page[number]': number, 'page[size]': MAX_PAGE_SIZE },
      { signal },
    )
  try {
    const first = await read(1)
    const total = Number(first.meta.total_pages)
    if (total > MAX_PAGES) return undefined
    const numbers = Array.from({ length: Math.max(0, total - 1) }, (_, index) => index + 2)
    const rest = await Promise.all(numbers.map(read))
    return [first, ...rest].flatMap(({ data }) => data)
  } catch (error) {
    // The API refuses pages with too much metadata.
    if (error instanceof CatalogError && error.status === 422) return undefined
    throw error
  }
}
