/** A catalog in which every page reveals the change that produced it. */

import pg from 'pg'
import type { AssetPage } from '../../src/api/resource.ts'
import { createCatalog } from '../catalog.ts'

const ASSETS = 512

/** Times before and after the commit, in milliseconds since the epoch. Change 0 creates the catalog. */
export type Change = { startedAt: number; committedAt: number }

export interface SoakCatalog {
  /**
   * Indexed by number. Change n sets the only tag of every asset to n, and the catalog has n more
   * assets than at the start.
   */
  changes: Change[]
  /** Applies the next change in one transaction. */
  change(): Promise<void>
  ping(): Promise<unknown>
  close(): Promise<void>
}

/** Creates the catalog in an empty database. */
export async function openSoakCatalog(url: string): Promise<SoakCatalog> {
  await createCatalog(url, ASSETS)
  const database = new pg.Client(url)
  await database.connect()
  // The benchmark's ids are MD5 hashes, which are not valid UUIDs (RFC 9562) for the API's schema.
  await database.query(
    `update assets set asset_id = gen_random_uuid(),
       metadata = jsonb_set(metadata, '{id}', to_jsonb(gen_random_uuid()))`,
  )
  const changes: Change[] = []
  async function change() {
    const startedAt = Date.now()
    await database.query('begin')
    if (changes.length > 0) {
      await database.query(
        `insert into assets (dataset, version, asset_type, asset_uri, metadata)
         values ('dataset_0', 'v1.0', 'csv', $1, '{"tags": []}')`,
        [`https://example.org/soak/${changes.length}`],
      )
    }
    await database.query(
      `update assets set updated_on = clock_timestamp(),
         metadata = jsonb_set(metadata, '{tags}', jsonb_build_array($1::text))`,
      [`${changes.length}`],
    )
    await database.query('commit')
    changes.push({ startedAt, committedAt: Date.now() })
  }
  await change()
  // A separate connection, because the other one is busy during a change.
  const pinging = new pg.Client(url)
  await pinging.connect()
  return {
    changes,
    change,
    ping: () => pinging.query('select 1'),
    async close() {
      await Promise.all([database.end(), pinging.end()])
    },
  }
}

/** The number of the change that a page shows, if it has assets. Throws if it mixes changes. */
export function readChange(page: AssetPage, isUnfiltered: boolean): number | undefined {
  const tags = new Set(page.data.map(({ metadata }) => JSON.stringify(metadata.tags)))
  if (tags.size > 1) throw new Error(`the page mixes changes ${[...tags]}`)
  const [tag] = tags
  if (tag === undefined) return undefined
  const [number] = JSON.parse(tag)
  const total = ASSETS + Number(number)
  if (isUnfiltered && Number(page.meta.total_items) !== total) {
    throw new Error(`total_items is ${page.meta.total_items} instead of ${total}`)
  }
  return Number(number)
}
