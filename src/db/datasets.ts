/** Reads of datasets and their versions, each of them one statement. */

import { and, eq, sql } from 'drizzle-orm'
import { type DatasetQuery, searchWords } from '../api/query.ts'
import type { Dataset } from '../api/resource.ts'
import { compareVersions } from '../api/version-order.ts'
import type { CatalogPage } from './catalog.ts'
import { callDatabase, type DatabaseSettings } from './neon-call.ts'
import { pageOffset } from './page-statement.ts'
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
