/** Writers wait for each other, and neither fails. */

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { importCatalog } from '../../../tools/catalog/import.ts'
import { withClient } from '../../../tools/connection.ts'
import { applySync } from '../../../tools/sync/apply.ts'
import { serveConcurrentDatabase } from '../../harness/concurrent-database.ts'

let server: Awaited<ReturnType<typeof serveConcurrentDatabase>>

beforeAll(async () => {
  server = await serveConcurrentDatabase()
})
afterAll(() => server.close())

beforeEach(() =>
  withClient(server.url, (client) =>
    client.query(`
      TRUNCATE assets, versions;
      INSERT INTO versions VALUES ('aaa', 'v1', true), ('bbb', 'v1', true);
      INSERT INTO assets (dataset, version, asset_type, asset_uri)
      SELECT dataset, version, 'csv', 's3://' || dataset FROM versions`),
  ),
)

const CHANGE_A = `UPDATE assets SET is_managed = NOT is_managed WHERE dataset = 'aaa'`
const CHANGE_B = `UPDATE assets SET is_managed = NOT is_managed WHERE dataset = 'bbb'`
const CHANGE_VERSIONS = 'UPDATE versions SET is_latest = false'
const INSERT_VERSION = `INSERT INTO versions (dataset, version) VALUES ('ccc', 'v1') ON CONFLICT DO NOTHING`
const CHANGE_NOTHING = 'DELETE FROM assets WHERE false'

/** Commits the statements in one transaction of another connection. */
function commit(...statements: string[]): Promise<boolean> {
  return withClient(server.url, async (client) => {
    for (const statement of ['BEGIN', ...statements, 'COMMIT']) await client.query(statement)
    return true
  })
}

it.each([
  ['two datasets', [CHANGE_A, CHANGE_B], [CHANGE_B, CHANGE_A]],
  ['both tables', [CHANGE_A, CHANGE_VERSIONS], [CHANGE_VERSIONS, CHANGE_A]],
  ['a new dataset', [INSERT_VERSION, CHANGE_A], [CHANGE_A, INSERT_VERSION]],
  ['nothing, then rows', [CHANGE_NOTHING, CHANGE_VERSIONS], [CHANGE_NOTHING, CHANGE_A]],
])('two writers that change %s in opposite orders both commit', async (_, first, second) => {
  const committed = await withClient(server.url, async (writer) => {
    await writer.query('BEGIN')
    await writer.query(first[0] ?? '')
    const other = commit(...second)
    await writer.query(first[1] ?? '')
    await writer.query('COMMIT')
    return await other
  })
  expect(committed).toBe(true)
})

it('a missing row of the catalog does not let writers pass each other', async () => {
  const revisions = await withClient(server.url, async (writer) => {
    await writer.query('DELETE FROM catalog_revision')
    await writer.query('BEGIN')
    await writer.query(CHANGE_A)
    const other = commit(CHANGE_B, CHANGE_A)
    await writer.query(CHANGE_B)
    await writer.query('COMMIT')
    await other
    return await writer.query('SELECT FROM catalog_revision')
  })
  expect(revisions.rowCount).toBe(1)
})

it('imports, syncs and single changes at the same time all commit', async () => {
  const items = ['aaa', 'bbb', 'ccc'].map((dataset, number) => ({
    asset_id: `00000000-0000-4000-8000-00000000000${number}`,
    dataset,
    version: 'v2',
    is_latest: true,
    asset_type: 'csv' as const,
    asset_uri: `https://example.org/${dataset}`,
  }))
  const ids = items.map((item) => item.asset_id)
  const results = await Promise.allSettled([
    importCatalog(server.url, items),
    commit(CHANGE_A, CHANGE_VERSIONS),
    applySync(server.url, { items: items.toReversed(), ids }, { gone: [], dryRun: false }),
    commit(CHANGE_VERSIONS, CHANGE_B),
    importCatalog(server.url, items.toReversed()),
    commit(CHANGE_B, INSERT_VERSION, CHANGE_A),
  ])
  expect(results.map(({ status }) => status)).toEqual(Array(6).fill('fulfilled'))
})
