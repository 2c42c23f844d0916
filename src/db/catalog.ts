/** Reads of the catalog in Postgres. Each is one statement, and so one snapshot and one round trip. */

import { and, eq, inArray, sql } from 'drizzle-orm'
import { completeMetadata } from '../api/metadata.ts'
import { type AssetQuery, type DatasetQuery, searchWords } from '../api/query.ts'
import type { Asset, Dataset } from '../api/resource.ts'
import { compareVersions } from '../api/version-order.ts'
import { callDatabase, type DatabaseCall, type DatabaseSettings } from './neon-call.ts'
import { selectFittingSize } from './page-bytes.ts'
import { type AssetRow, assetColumns, pageOffset, selectPages } from './page-statement.ts'
import { catalogRevision, datasets, assets as table, versions } from './schema.ts'

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
 *   fewer at the end of the listing or if they are large
 * @throws {ApiError} as `callDatabase`
 */
export function readAssets(
  settings: DatabaseSettings,
  query: AssetQuery,
  pages = 1,
): Promise<CatalogPage<Asset> & { following: Asset[][] }> {
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
    return { revision, totalItems, items: assets.slice(0, size), following }
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
 * A page of the datasets whose names hold all words of the search, in the byte order of their names,
 * whatever the database's collation.
 *
 * @throws {ApiError} as `callDatabase`
 */
export function readDatasets(
  settings: DatabaseSettings,
  query: DatasetQuery,
): Promise<CatalogPage<Dataset>> {
  return callDatabase(settings, async (db) => {
    // `strpos` has no wildcards that would need escaping, as those of LIKE do.
    const matching = and(
      ...searchWords(query).map((word) => sql`strpos(${datasets.dataset}, ${word}) > 0`),
    )
    const page = db
      .select({ name: datasets.dataset })
      .from(datasets)
      .where(matching)
      .orderBy(sql`${datasets.dataset} collate "C"`)
      .limit(query['page[size]'])
      .offset(pageOffset(query))
      .as('page')
    const ofDataset = db
      .select({
        versions: sql<string[] | null>`json_agg(${versions.version})`.as('versions'),
        latest: sql<string | null>`max(${versions.version}) filter (where ${versions.isLatest})`.as(
          'latest',
        ),
      })
      .from(versions)
      .where(eq(versions.dataset, page.name))
      .as('of_dataset')
    const rows = await db
      .select({
        revision: catalogRevision.revision,
        totalItems: db.$count(datasets, matching),
        dataset: page.name,
        versions: ofDataset.versions,
        latest: ofDataset.latest,
      })
      .from(catalogRevision)
      .leftJoin(page, sql`true`)
      .leftJoinLateral(ofDataset, sql`true`)
      .orderBy(sql`${page.name} collate "C"`)
    return {
      revision: validRevision(rows[0]?.revision),
      totalItems: validCount(rows[0]?.totalItems),
      items: rows.flatMap(({ dataset, versions, latest }) =>
        dataset && versions
          ? { dataset, versions: versions.toSorted(compareVersions), latest }
          : [],
      ),
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

/** Stored pages are named after it, so nothing else may pass. */
function validRevision(value: unknown): string {
  const revision = `${value}`
  if (!/^[0-9a-f-]{36}$/.test(revision)) throw new Error('no revision')
  return revision
}

/** The driver returns int8 as text. */
function validCount(value: unknown): number {
  const count = Number.parseInt(`${value}`, 10)
  if (Number.isNaN(count)) throw new Error('no count')
  return count
}

function toAsset(row: AssetRow): Asset {
  const metadata = completeMetadata(row.asset_type, row.metadata)
  // Boundary: `completeMetadata` returns the metadata of the row's type.
  return { ...row, asset_type: row.asset_type satisfies Asset['asset_type'], metadata } as Asset
}
