/** Reads of assets and revisions. Each is one statement, and so one snapshot and one round trip. */

import { eq, inArray } from 'drizzle-orm'
import type { AssetQuery } from '../api/query.ts'
import type { Asset } from '../api/resource.ts'
import type { MissingPart } from './filters.ts'
import { callDatabase, type DatabaseCall, type DatabaseSettings } from './neon-call.ts'
import { selectFittingSize } from './page-bytes.ts'
import { assetColumns, pageOffset, selectPages } from './page-statement.ts'
import { toAsset, validCount, validRevision } from './row-values.ts'
import { catalogRevision, datasets, assets as table } from './schema.ts'

/** A page at one revision of the catalog. Items are as on the wire, in its key order. */
export type CatalogPage<Item> = {
  revision: string
  totalItems: number
  items: Item[]
  call: DatabaseCall
}

/**
 * A page of assets; empty if it is past the last one.
 *
 * @param pages how many pages to read; `following` are those after the page that were read with it,
 *   fewer at the end of the listing or if they are large; `missing` is what does not exist of the
 *   dataset and the version, if the query has both
 * @throws {ApiError} as `callDatabase`
 */
export function readAssets(
  settings: DatabaseSettings,
  query: AssetQuery,
  pages = 1,
): Promise<CatalogPage<Asset> & { following: Asset[][]; missing: MissingPart | null }> {
  return callDatabase(settings, async (db) => {
    const rows = await selectPages(db, query, pages)
    const totalItems = validCount(rows[0]?.totalItems)
    const assets = rows.flatMap(({ asset }) => (asset ? [toAsset(asset)] : []))
    const size = query['page[size]']
    const following: Asset[][] = []
    for (let from = size; from < assets.length; from += size) {
      const page = assets.slice(from, from + size)
      const isLast = pageOffset(query) + from + page.length === totalItems
      // Otherwise the rest of the page was too large to be read with this one.
      if (page.length === size || isLast) following.push(page)
    }
    const revision = validRevision(rows[0]?.revision)
    const missing = rows[0]?.missing ?? null
    return { revision, totalItems, items: assets.slice(0, size), following, missing }
  })
}

/**
 * The largest page size at which no page of a listing is too large, if it is below the query's.
 *
 * @throws {ApiError} as `callDatabase`
 */
export async function readFittingSize(
  settings: DatabaseSettings,
  query: AssetQuery,
): Promise<number> {
  const { fittingSize } = await callDatabase(settings, async (db) => {
    const [row] = await selectFittingSize(db, query)
    return { fittingSize: validCount(row?.fittingSize) }
  })
  return fittingSize
}

/**
 * The asset with an id, if there is one.
 *
 * @throws {ApiError} as `callDatabase`
 */
export function readAsset(
  settings: DatabaseSettings,
  assetId: string,
): Promise<{ revision: string; asset: Asset | undefined; call: DatabaseCall }> {
  return callDatabase(settings, async (db) => {
    const [row] = await db
      .select({ revision: catalogRevision.revision, asset: assetColumns })
      .from(catalogRevision)
      .leftJoin(table, eq(table.assetId, assetId))
    return {
      revision: validRevision(row?.revision),
      asset: row?.asset ? toAsset(row.asset) : undefined,
    }
  })
}

/**
 * The current revisions of the catalog and of the datasets with these names. A dataset that does
 * not exist has the revision of the catalog, which is renewed when the dataset is created.
 *
 * @throws {ApiError} as `callDatabase`
 */
export function readRevisions(
  settings: DatabaseSettings,
  names: readonly string[],
): Promise<{ catalog: string; datasets: Map<string, string>; call: DatabaseCall }> {
  return callDatabase(settings, async (db) => {
    const rows = await db
      .select({
        catalog: catalogRevision.revision,
        name: datasets.dataset,
        revision: datasets.revision,
      })
      .from(catalogRevision)
      .leftJoin(datasets, inArray(datasets.dataset, [...names]))
    const catalog = validRevision(rows[0]?.catalog)
    const found = new Map(rows.map(({ name, revision }) => [name, revision]))
    return {
      catalog,
      datasets: new Map(names.map((name) => [name, validRevision(found.get(name) ?? catalog)])),
    }
  })
}
