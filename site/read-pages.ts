/** Reads assets that match a filter in pages of the largest size. */

import {
  type Asset,
  type AssetFilters,
  type AssetPage,
  type CatalogClient,
  CatalogError,
} from '../packages/client/src/client.ts'
import { TILE_CACHE_TYPES } from '../src/api/asset-types.ts'
import { MAX_PAGE_SIZE } from './limits.ts'

/** At most 6 MiB unless an asset has more than 60 KiB of metadata. */
const SMALL_PAGE_SIZE = 100
const MAX_PAGES = 5

/** There are more assets than are read at once. */
export const TOO_MANY = 'too many'

/** Reads the largest page, or a smaller one if the API refuses that because of the assets' metadata. */
export async function readFirstPage(
  client: CatalogClient,
  filters: AssetFilters,
  signal: AbortSignal,
): Promise<AssetPage> {
  try {
    return await client.listAssets({ ...filters, 'page[size]': MAX_PAGE_SIZE }, { signal })
  } catch (error) {
    const isTooLarge =
      error instanceof CatalogError &&
      error.faults.some(({ type }) => type === 'value_error.page_bytes')
    if (!isTooLarge) throw error
    return client.listAssets({ ...filters, 'page[size]': SMALL_PAGE_SIZE }, { signal })
  }
}

/** Reads all pages, unless there are too many. */
export async function readPages(
  client: CatalogClient,
  filters: AssetFilters,
  signal: AbortSignal,
): Promise<Asset[] | typeof TOO_MANY> {
  const read = (number: number) =>
    client.listAssets(
      { ...filters, 'page[number]': number, 'page[size]': MAX_PAGE_SIZE },
      { signal },
    )
  try {
    const first = await read(1)
    const total = Number(first.meta.total_pages)
    if (total > MAX_PAGES) return TOO_MANY
    const numbers = Array.from({ length: Math.max(0, total - 1) }, (_, index) => index + 2)
    const rest = await Promise.all(numbers.map(read))
    return [first, ...rest].flatMap(({ data }) => data)
  } catch (error) {
    // The API refuses pages with too much metadata.
    if (error instanceof CatalogError && error.status === 422) return TOO_MANY
    throw error
  }
}

/** Reads the tile caches that are saved, which have a map, of one dataset or of all. */
export async function readMaps(
  client: CatalogClient,
  of: { dataset?: string },
  signal: AbortSignal,
): Promise<Asset[] | typeof TOO_MANY> {
  const lists = await Promise.all(
    TILE_CACHE_TYPES.map((asset_type) =>
      readPages(client, { ...of, asset_type, status: 'saved' }, signal),
    ),
  )
  const assets: Asset[] = []
  for (const list of lists) {
    if (list === TOO_MANY) return TOO_MANY
    assets.push(...list)
  }
  return assets
}
