/** The SQL of a page of datasets: one statement, so one snapshot. */

import { type Query, sql } from 'drizzle-orm'
import type { PageQuery } from '../api/query.ts'
import { offset } from './page-query.ts'
import { catalogRevision, versions } from './schema.ts'
import { statements, value } from './statement.ts'

/** Datasets by the bytes of their name, whatever the collation of the database. */
const byName = sql`order by dataset collate "C"`

const pages = statements(
  () => sql`
    with current as materialized (select revision from ${catalogRevision} limit 1),
    names as materialized (select distinct dataset from ${versions}),
    page as (
      select dataset from names ${byName} limit ${value('size')} offset ${value('skipped')}::bigint
    )
    select current.revision, (select count(*) from names) as total_items, page.dataset,
      of_dataset.versions, of_dataset.latest
    from current left join page on true left join lateral (
      select json_agg(version) as versions,
        max(version) filter (where is_latest) as latest
      from ${versions} where ${versions.dataset} = page.dataset
    ) as of_dataset on true
    order by page.dataset collate "C"`,
)

/**
 * Rows of `revision`, `total_items` and, where the page has items, a dataset each: its name, its
 * versions as JSON in no particular order, and the one that is flagged latest.
 */
export function selectDatasets(query: PageQuery): Query {
  return pages({ size: query['page[size]'], skipped: offset(query) })
}
