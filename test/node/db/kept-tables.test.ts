/**
 * `datasets`, `asset_totals` and the revisions, after random changes by concurrent writers, are what
 * plain SQL finds in `assets` and `versions`.
 */

import * as fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { assets } from '../../../src/db/schema.ts'
import { withClient } from '../../../tools/connection.ts'
import { serveConcurrentDatabase } from '../../harness/concurrent-database.ts'

let server: Awaited<ReturnType<typeof serveConcurrentDatabase>>

beforeAll(async () => {
  server = await serveConcurrentDatabase()
})
afterAll(() => server.close())

type Snapshot = {
  catalog: string
  /** Revisions by dataset. */
  datasets: Record<string, string>
  /** Hashes of the stored versions and assets, by dataset. */
  contents: Record<string, string>
  totals: unknown[]
  counted: unknown[]
}

const SNAPSHOT = `
  SELECT (SELECT revision FROM catalog_revision) AS catalog,
    (SELECT coalesce(json_object_agg(dataset, revision), '{}') FROM datasets) AS datasets,
    (SELECT coalesce(json_object_agg(dataset, content), '{}') FROM (
      SELECT dataset, md5(string_agg(line, ';' ORDER BY line)) AS content FROM (
        SELECT dataset, versions::text AS line FROM versions
        UNION ALL SELECT dataset, assets::text FROM assets
      ) AS lines GROUP BY dataset
    ) AS contents) AS contents,
    ARRAY(SELECT asset_totals::text FROM asset_totals ORDER BY 1) AS totals,
    ARRAY(
      SELECT (version, asset_type, status, is_latest, is_default, count(*))::text FROM assets
      GROUP BY version, asset_type, status, is_latest, is_default ORDER BY 1
    ) AS counted`

async function read(client: pg.Client): Promise<Snapshot> {
  const { rows } = await client.query<Snapshot>(SNAPSHOT)
  expect(rows).toHaveLength(1)
  return rows[0] as Snapshot
}

const changedKeys = (before: Record<string, string>, after: Record<string, string>) =>
  Object.keys({ ...before, ...after })
    .filter((key) => before[key] !== after[key])
    .sort()

/** What a change did, and what it was to do. */
function compare(before: Snapshot, after: Snapshot) {
  const changed = changedKeys(before.contents, after.contents)
  return {
    found: {
      renewed: changedKeys(before.datasets, after.datasets),
      catalogRenewed: before.catalog !== after.catalog,
      datasets: Object.keys(after.datasets).sort(),
      totals: after.totals,
    },
    expected: {
      renewed: changed,
      catalogRenewed: changed.length > 0,
      datasets: Object.keys(after.contents).sort(),
      totals: after.counted,
    },
  }
}

const dataset = fc.constantFrom('aaa', 'bbb', 'ccc')
const version = fc.constantFrom('v1', 'v2')
const uri = fc.integer({ min: 0, max: 7 }).map((number) => `s3://${number}`)
const type = fc.constantFrom('csv', 'COG')
const status = fc.constantFrom('saved', 'pending')

const assignments: Record<keyof typeof assets.$inferInsert, fc.Arbitrary<string>> = {
  assetId: fc.constant('asset_id = gen_random_uuid()'),
  dataset: dataset.map((value) => `dataset = '${value}'`),
  version: version.map((value) => `version = '${value}'`),
  assetType: type.map((value) => `asset_type = '${value}'`),
  assetUri: uri.map((value) => `asset_uri = '${value}'`),
  status: status.map((value) => `status = '${value}'`),
  isManaged: fc.constant('is_managed = NOT is_managed'),
  isLatest: fc.constant('is_latest = NOT is_latest'),
  isDefault: fc.constant('is_default = NOT is_default'),
  isDownloadable: fc.constant('is_downloadable = NOT is_downloadable'),
  metadata: fc.constantFrom('{}', '{"tags": []}').map((value) => `metadata = '${value}'`),
  createdOn: fc.constant("created_on = created_on + interval '1 second'"),
  updatedOn: fc.constant('updated_on = updated_on'),
}
const condition = fc.oneof(
  dataset.map((value) => `dataset = '${value}'`),
  version.map((value) => `version = '${value}'`),
  uri.map((value) => `asset_uri = '${value}'`),
  fc.constantFrom('true', 'false'),
)

const change = fc.oneof(
  fc
    .tuple(dataset, version, fc.boolean())
    .map(
      (values) => `INSERT INTO versions VALUES ('${values.join("', '")}') ON CONFLICT DO NOTHING`,
    ),
  fc.tuple(dataset, version, type, uri, status).map(
    (values) => `INSERT INTO assets (dataset, version, asset_type, asset_uri, status)
      VALUES ('${values.join("', '")}') ON CONFLICT (asset_uri) DO UPDATE
      SET dataset = excluded.dataset, version = excluded.version, status = excluded.status`,
  ),
  fc.constant(`INSERT INTO assets (dataset, version, asset_type, asset_uri)
    SELECT dataset, version, 'csv', 's3://' || row_number() OVER () FROM versions
    ON CONFLICT DO NOTHING`),
  fc
    .tuple(fc.oneof(...Object.values(assignments)), condition)
    .map(([assignment, where]) => `UPDATE assets SET ${assignment} WHERE ${where}`),
  fc.constant(`UPDATE assets SET dataset = CASE dataset WHEN 'aaa' THEN 'bbb' ELSE 'aaa' END`),
  dataset.map((value) => `UPDATE versions SET is_latest = false WHERE dataset = '${value}'`),
  version.map((value) => `UPDATE versions SET is_latest = true WHERE version = '${value}'`),
  fc
    .tuple(dataset, dataset)
    .map(([to, from]) => `UPDATE versions SET dataset = '${to}' WHERE dataset = '${from}'`),
  version.map((value) => `UPDATE versions SET version = '${value}'`),
  condition.map((where) => `DELETE FROM assets WHERE ${where}`),
  dataset.map((value) => `DELETE FROM versions WHERE dataset = '${value}'`),
  fc.constant(`DELETE FROM versions WHERE NOT EXISTS
    (SELECT FROM assets WHERE assets.dataset = versions.dataset)`),
  fc.constant(`WITH gone AS (DELETE FROM assets WHERE dataset = 'aaa')
    UPDATE assets SET status = 'failed' WHERE dataset = 'bbb'`),
)
const truncation = fc.constantFrom(
  'TRUNCATE assets',
  'TRUNCATE assets, versions',
  'TRUNCATE versions CASCADE',
)

/** Statements between savepoints, which are kept or rolled back. */
type Block = { changes: string[]; kept: boolean }
type Transaction = { blocks: Block[]; end: 'COMMIT' | 'ROLLBACK' }

/** The transactions of a writer. */
function writer(statement: fc.Arbitrary<string>): fc.Arbitrary<Transaction[]> {
  const block = fc.record({
    changes: fc.array(statement, { minLength: 1, maxLength: 3 }),
    kept: fc.boolean(),
  })
  const transaction = fc.record({
    blocks: fc.array(block, { minLength: 1, maxLength: 3 }),
    end: fc.constantFrom('COMMIT' as const, 'COMMIT' as const, 'ROLLBACK' as const),
  })
  return fc.array(transaction, { minLength: 1, maxLength: 3 })
}
type Catalog = { committed: Snapshot; comparisons: ReturnType<typeof compare>[] }

/** SQLSTATE classes of changes that break a constraint. */
const isRefused = (error: unknown) =>
  error instanceof pg.DatabaseError && error.code?.startsWith('23')

/**
 * Runs a transaction. The state before a change is the writer's own after its previous one, or the
 * last committed one, because the first change waits for the end of every other writer.
 */
async function run(client: pg.Client, { blocks, end }: Transaction, catalog: Catalog) {
  let own: Snapshot | undefined
  await client.query('BEGIN')
  for (const { changes, kept } of blocks) {
    const saved = own
    await client.query('SAVEPOINT block')
    for (const text of changes) {
      await client.query('SAVEPOINT change')
      try {
        await client.query(text)
      } catch (error) {
        if (!isRefused(error)) throw error
        await client.query('ROLLBACK TO change')
        continue
      }
      const after = await read(client)
      catalog.comparisons.push(compare(own ?? catalog.committed, after))
      own = after
    }
    if (kept) continue
    await client.query('ROLLBACK TO block')
    own = saved
  }
  // Before the commit, since another writer may go on before this one knows that it has ended.
  if (end === 'COMMIT' && own) catalog.committed = own
  await client.query(end)
}

const isDeadlock = (error: unknown) => error instanceof pg.DatabaseError && error.code === '40P01'

const FIRST_STATE = `
  TRUNCATE assets, versions;
  INSERT INTO versions VALUES ('aaa', 'v1', true), ('aaa', 'v2', false), ('bbb', 'v1', false);
  INSERT INTO assets (dataset, version, asset_type, asset_uri)
  SELECT dataset, version, 'csv', 's3://' || row_number() OVER () FROM versions, generate_series(1, 2)`

/** Runs the transactions of the writers at the same time. */
async function runWriters(writers: Transaction[][]) {
  return withClient(server.url, async (observer) => {
    await observer.query(FIRST_STATE)
    const catalog: Catalog = { committed: await read(observer), comparisons: [] }
    const deadlocks = await Promise.all(
      writers.map((transactions) =>
        withClient(server.url, async (client) => {
          let count = 0
          for (const one of transactions) {
            await run(client, one, catalog).catch(async (error) => {
              await client.query('ROLLBACK')
              if (!isDeadlock(error)) throw error
              count += 1
            })
          }
          return count
        }),
      ),
    )
    const { committed, comparisons } = catalog
    return {
      found: {
        changes: comparisons.map(({ found }) => found),
        stored: await read(observer),
        deadlocks: deadlocks.reduce((sum, count) => sum + count, 0),
      },
      expected: { changes: comparisons.map(({ expected }) => expected), stored: committed },
    }
  })
}

const NUM_RUNS = 25

it('match plain SQL after every change of one writer', async () => {
  const oneWriter = writer(fc.oneof({ arbitrary: change, weight: 6 }, truncation))
  await fc.assert(
    fc.asyncProperty(oneWriter, async (transactions) => {
      const { found, expected } = await runWriters([transactions])
      expect(found).toEqual({ ...expected, deadlocks: 0 })
    }),
    { numRuns: NUM_RUNS },
  )
})

it('match plain SQL after every change of concurrent writers, who never deadlock', async () => {
  await fc.assert(
    fc.asyncProperty(writer(change), writer(change), writer(change), async (...writers) => {
      const { found, expected } = await runWriters(writers)
      expect(found).toEqual({ ...expected, deadlocks: 0 })
    }),
    { numRuns: NUM_RUNS },
  )
})

// TRUNCATE locks its tables before its triggers can wait for other writers.
it('match plain SQL if Postgres ends a writer that deadlocks with TRUNCATE', async () => {
  await fc.assert(
    fc.asyncProperty(writer(change), writer(truncation), async (...writers) => {
      const { found, expected } = await runWriters(writers)
      expect(found).toEqual({ ...expected, deadlocks: expect.any(Number) })
    }),
    { numRuns: NUM_RUNS },
  )
})
