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

/** Both imports are undone, so that the database can be used again, and alternate in who goes first. */
export const importing: Group = async (environment, sizes) => {
  const { url } = await environment.database(sizes.at(-1) ?? '10k')
  const runs = await repeat(RUNS, async (run) => {
    const inTurn = [true, false]
    const ms = { with: 0, without: 0 }
    for (const hasTriggers of run % 2 ? inTurn : inTurn.reverse()) {
      const name = `import_${run}_${hasTriggers ? 'with' : 'without'}`
      ms[hasTriggers ? 'with' : 'without'] = await importMs(url, { name, hasTriggers })
    }
    return {
      'import.ratio': ms.with / ms.without,
      'import.with_triggers_ms': ms.with,
      'import.without_triggers_ms': ms.without,
    }
  })
  await withClient(url, (client) => client.query('vacuum analyze assets, versions'))
  return runs
}

/**
 * Milliseconds that `importCatalog` takes. Deferred triggers fire before the transaction is undone.
 *
 * @param options `name` begins the names of the imported datasets. Every import has its own, since the
 * rows of an undone one slow down the next one with the same keys.
 */
async function importMs(
  url: string,
  { name, hasTriggers }: { name: string; hasTriggers: boolean },
): Promise<number> {
  return await changeCatalog(
    url,
    async (client) => {
      if (!hasTriggers) await disableTriggers(client)
      const startedAt = performance.now()
      const { inserted } = await importStaged(client, await stageItems(client, newItems(name)))
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
function* newItems(name: string): Generator<ImportEntry> {
  for (let index = 0; index < ITEMS; index++) {
    const version = Math.floor(index / 10) % 4
    yield {
      dataset: `${name}_${Math.floor(index / ITEMS_PER_DATASET)}`,
      version: `v1.${version}`,
      is_latest: version === 3,
      asset_type: ASSET_TYPES[index % 4 === 0 ? 4 : 9] ?? 'csv',
      asset_uri: `https://example.org/${name}/${index}`,
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
