/** Reads all assets that match a filter, unless there are too many. */

import {
  type Asset,
  type AssetFilters,
  type CatalogClient,
  CatalogError,
} from '../packages/client/src/client.ts'
import { MAX_PAGE_SIZE } from './limits.ts'

const MAX_PAGES = 5

/** There are more assets than are read at once. */
export const TOO_MANY = 'too many'

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
