/** The cost of the triggers to an import into the largest catalog. */

import type pg from 'pg'
import { ASSET_TYPES } from '../../src/api/asset-types.ts'
import { importStaged } from '../../tools/catalog/import.ts'
import { type ImportEntry, stageItems } from '../../tools/catalog/staging.ts'
import { changeCatalog } from '../../tools/catalog/target.ts'
import { withClient } from '../../tools/connection.ts'
import { type Group, repeat } from '../figure.ts'

const RUNS = 3
const ITEMS = 10_000
const ITEMS_PER_DATASET = 40

/** It decides the value of a column, so that an import without it would fail. */
const NEEDED_TRIGGER = 'assets_set_is_latest'

/** Both are undone, so that the database can be used again. */
export const importing: Group = async (environment, sizes) => {
  const size = sizes.at(-1) ?? '10k'
  const { url } = await environment.database(size)
  const runs = await repeat(RUNS, async () => {
    const withTriggers = await importMs(url)
    const withoutTriggers = await importMs(url, disableTriggers)
    return {
      'import.ratio': withTriggers / withoutTriggers,
      'import.with_triggers_ms': withTriggers,
      'import.without_triggers_ms': withoutTriggers,
    }
  })
  await withClient(url, (client) => client.query('vacuum analyze assets, versions'))
  return runs
}

/** Milliseconds that `importCatalog` takes. Deferred triggers fire before the transaction is undone. */
async function importMs(
  url: string,
  prepare: (client: pg.Client) => Promise<void> = async () => {},
): Promise<number> {
  return await changeCatalog(
    url,
    async (client) => {
      await prepare(client)
      const startedAt = performance.now()
      const { inserted } = await importStaged(client, await stageItems(client, newItems()))
      await client.query('set constraints all immediate')
      if (inserted !== ITEMS) throw new Error(`${inserted} assets were imported`)
      return performance.now() - startedAt
    },
    'ROLLBACK',
  )
}

async function disableTriggers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('alter table %s disable trigger %I', tgrelid::regclass, tgname) as statement
     from pg_trigger where tgrelid in ('assets'::regclass, 'versions'::regclass)
       and not tgisinternal and tgname <> $1`,
    [NEEDED_TRIGGER],
  )
  for (const { statement } of rows) await client.query(statement)
}

/** New datasets of four versions with ten assets each. The last version is the latest. */
function* newItems(): Generator<ImportEntry> {
  for (let index = 0; index < ITEMS; index++) {
    const version = Math.floor(index / 10) % 4
    yield {
      dataset: `import_${Math.floor(index / ITEMS_PER_DATASET)}`,
      version: `v1.${version}`,
      is_latest: version === 3,
      asset_type: ASSET_TYPES[index % 4 === 0 ? 4 : 9] ?? 'csv',
      asset_uri: `https://example.org/import/${index}`,
      status: 'saved',
      is_default: index % 10 === 0,
      metadata: { tags: ['import'], fields: fields() },
    }
  }
}

function fields() {
  return Array.from({ length: 8 }, (_, index) => ({
    name: `field_${index}`,
    alias: `Field number ${index}`,
    description: `What field number ${index} of this asset records`,
    data_type: 'text',
  }))
}
