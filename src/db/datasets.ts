/** Reads of datasets. Each is one statement, and so one snapshot and one round trip. */

import { and, eq, type SQLWrapper, sql } from 'drizzle-orm'
import type { NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { type DatasetQuery, searchWords } from '../api/query.ts'
import type { Dataset } from '../api/resource.ts'
import { compareVersions } from '../api/version-order.ts'
import type { CatalogPage } from './catalog.ts'
import { callDatabase, type DatabaseCall, type DatabaseSettings } from './neon-call.ts'
import { currentRevision, pageOffset } from './page-statement.ts'
import { validCount, validRevision } from './row-values.ts'
import { catalogRevision, datasets, versions } from './schema.ts'

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
    const ofDataset = selectVersions(db, page.name)
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
      items: rows.flatMap((row) => toDataset(row) ?? []),
    }
  })
}

/**
 * The dataset with a name, if there is one, and its revision, or else that of the catalog.
 *
 * @throws {ApiError} as `callDatabase`
 */
export function readDataset(
  settings: DatabaseSettings,
  name: string,
): Promise<{ revision: string; dataset: Dataset | undefined; call: DatabaseCall }> {
  return callDatabase(settings, async (db) => {
    const ofDataset = selectVersions(db, datasets.dataset)
    const [row] = await db
      .select({
        revision: currentRevision,
        dataset: datasets.dataset,
        versions: ofDataset.versions,
        latest: ofDataset.latest,
      })
      .from(catalogRevision)
      .leftJoin(datasets, eq(datasets.dataset, name))
      .leftJoinLateral(ofDataset, sql`true`)
    return { revision: validRevision(row?.revision), dataset: row && toDataset(row) }
  })
}

/** The versions of a dataset, in any order. */
function selectVersions(db: Pick<NeonHttpDatabase, 'select'>, dataset: SQLWrapper) {
  const { version, isLatest } = versions
  return db
    .select({
      versions: sql<string[] | null>`json_agg(${version})`.as('versions'),
      latest: sql<string | null>`max(${version}) filter (where ${isLatest})`.as('latest'),
    })
    .from(versions)
    .where(eq(versions.dataset, dataset))
    .as('of_dataset')
}

function toDataset(row: {
  dataset: string | null
  versions: string[] | null
  latest: string | null
}): Dataset | undefined {
  const { dataset, versions, latest } = row
  if (!dataset || !versions) return undefined
  return { dataset, versions: versions.toSorted(compareVersions), latest }
}
