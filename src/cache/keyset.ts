/**
 * Keyset pagination. This isolate keeps the totals of listings, which are counted once for each
 * revision, and the keys of the first and last row of pages, so that the pages beside them start at a
 * key, not at an offset.
 */

import { LRUCache } from 'lru-cache'
import { filterSearch, pageSearch } from '../api/links.ts'
import type { AssetQuery } from '../api/query.ts'
import type { Asset } from '../api/resource.ts'
import { type CatalogPage, readAssets } from '../db/catalog.ts'
import type { KeysetCursor } from '../db/page-statement.ts'
import type { Settings } from '../settings.ts'
import { findChecks, WHOLE_CATALOG } from './revision-checks.ts'

type RowKey = NonNullable<KeysetCursor['after']>

const totals = new LRUCache<string, number>({ max: 1000 })
const bounds = new LRUCache<string, { first: RowKey; last: RowKey }>({ max: 1000 })

/**
 * Reads a page of assets from the nearest row whose key is kept.
 *
 * @throws {ApiError} as `readAssets`
 */
export async function readAssetPage(
  settings: Settings,
  query: AssetQuery,
): Promise<CatalogPage<Asset>> {
  const [check] = findChecks(WHOLE_CATALOG, settings)
  const page = await readAssets(settings, query, check && findCursor(check.revision, query))
  totals.set(page.revision + filterSearch(query), page.totalItems)
  const [first, last] = [page.items.at(0), page.items.at(-1)].map(
    (item) => item && { created_on: item.created_on, asset_id: item.asset_id },
  )
  if (first && last) bounds.set(page.revision + pageSearch(query), { first, last })
  return page
}

function findCursor(revision: string, query: AssetQuery): KeysetCursor | undefined {
  const totalItems = totals.get(revision + filterSearch(query))
  if (totalItems === undefined) return undefined
  const number = query['page[number]']
  const [before, after] = [number + 1n, number - 1n].map((page) =>
    bounds.get(revision + pageSearch(query, page)),
  )
  return { revision, totalItems, after: after?.last, before: before?.first }
}
