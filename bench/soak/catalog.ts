/** A catalog whose every page tells which change made it. */

import pg from 'pg'
import type { AssetPage } from '../../src/api/resource.ts'
import { createCatalog } from '../catalog.ts'

const ASSETS = 512

/** Times around the commit, in milliseconds since the epoch. Change 0 is the catalog as made. */
export type Change = { startedAt: number; committedAt: number }

export interface SoakCatalog {
  /** By number, which is each asset's only tag after it, and how many assets were added till then. */
  changes: Change[]
  /** Makes the next change, to every asset, in one transaction. */
  change(): Promise<void>
  /** Resolves when the database has answered a query that reads nothing. */
  ping(): Promise<unknown>
  close(): Promise<void>
}

/** Makes the catalog in an empty database. */
export async function openSoakCatalog(url: string): Promise<SoakCatalog> {
  await createCatalog(url, ASSETS)
  const database = new pg.Client(url)
  await database.connect()
  // The benchmark's ids are hashes, which RFC 9562 does not take for UUIDs.
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
  // Of its own: the other connection is busy during a change.
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

/** The number of the change that a page shows, if it has assets; throws where it mixes several. */
export function readChange(page: AssetPage, isUnfiltered: boolean): number | undefined {
  const tags = new Set(page.data.map(({ metadata }) => JSON.stringify(metadata.tags)))
  if (tags.size > 1) throw new Error(`a page of several revisions: ${[...tags]}`)
  const [tag] = tags
  if (tag === undefined) return undefined
  const [number] = JSON.parse(tag)
  const total = ASSETS + Number(number)
  if (isUnfiltered && Number(page.meta.total_items) !== total) {
    throw new Error(`total_items is ${page.meta.total_items} where it was ${total}`)
  }
  return Number(number)
}
