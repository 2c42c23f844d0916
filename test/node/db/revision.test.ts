import { afterEach, beforeEach, expect, it } from 'vitest'
import { connectToPrepared } from '../../harness/prepared-client.ts'

const { client } = await connectToPrepared('migrated')

beforeEach(async () => {
  await client.query('TRUNCATE assets, versions')
  await client.query(
    "INSERT INTO versions VALUES ('umd_loss', 'v1', true), ('umd_loss', 'v2', false)",
  )
  await client.query(`INSERT INTO assets (dataset, version, asset_type, asset_uri)
    VALUES ('umd_loss', 'v1', 'csv', 'https://example.org/a.csv')`)
})

afterEach(async () => {
  const { rows: kept } = await client.query('SELECT dataset FROM datasets ORDER BY 1')
  const { rows: expected } = await client.query('SELECT DISTINCT dataset FROM versions ORDER BY 1')
  expect(kept, 'datasets').toEqual(expected)
  const { rows: totals } = await client.query(`${TOTALS} SELECT * FROM asset_totals ORDER BY 1, 2`)
  const { rows: counted } = await client.query(`${TOTALS} SELECT * FROM counted ORDER BY 1, 2`)
  expect(totals, 'asset_totals').toEqual(counted)
})

const TOTALS = `
  WITH counted AS (
    SELECT version, asset_type, status, is_latest, is_default, count(*) AS total FROM assets
    GROUP BY 1, 2, 3, 4, 5
  )`

async function revision(): Promise<string> {
  const { rows } = await client.query('SELECT revision FROM catalog_revision')
  expect(rows).toEqual([
    { revision: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) },
  ])
  return rows[0].revision
}

it.each([
  `INSERT INTO assets (dataset, version, asset_type, asset_uri) VALUES ('umd_loss', 'v2', 'csv', 'b')`,
  `UPDATE assets SET status = 'saved'`,
  `UPDATE assets SET metadata = '{"tags": ["a"]}'`,
  'DELETE FROM assets',
  'TRUNCATE assets',
  'TRUNCATE assets, versions',
  `INSERT INTO versions VALUES ('umd_loss', 'v3')`,
  `UPDATE versions SET is_latest = false WHERE version = 'v1'`,
  `DELETE FROM versions WHERE version = 'v2'`,
])('is renewed by %s', async (statement) => {
  const before = await revision()
  await client.query(statement)
  expect(await revision()).not.toBe(before)
})

it.each([
  `INSERT INTO assets (dataset, version, asset_type, asset_uri)
    VALUES ('umd_loss', 'v1', 'csv', 'https://example.org/a.csv') ON CONFLICT DO NOTHING`,
  `INSERT INTO assets (dataset, version, asset_type, asset_uri)
    SELECT dataset, version, asset_type, asset_uri FROM assets WHERE false`,
  'UPDATE assets SET status = status, metadata = metadata',
  `UPDATE assets SET status = 'saved' WHERE false`,
  'DELETE FROM assets WHERE false',
  `INSERT INTO versions VALUES ('umd_loss', 'v1', true) ON CONFLICT DO NOTHING`,
  'UPDATE versions SET is_latest = is_latest',
  `DELETE FROM versions WHERE version = 'v9'`,
])('is kept if no row changes: %s', async (statement) => {
  const before = await revision()
  await client.query(statement)
  expect(await revision()).toBe(before)
})

it('is kept if an empty table is truncated', async () => {
  await client.query('TRUNCATE assets, versions')
  const before = await revision()
  await client.query('TRUNCATE assets')
  await client.query('TRUNCATE assets, versions')
  expect(await revision()).toBe(before)
})

it('is renewed in the transaction of the change', async () => {
  const before = await revision()
  await client.query('BEGIN')
  await client.query('DELETE FROM assets')
  expect(await revision()).not.toBe(before)
  await client.query('ROLLBACK')
  expect(await revision()).toBe(before)
})

it('stores the time of its renewal', async () => {
  await client.query('BEGIN')
  await client.query('DELETE FROM assets')
  const { rows } = await client.query('SELECT changed_at = now() AS now FROM catalog_revision')
  await client.query('COMMIT')
  expect(rows).toEqual([{ now: true }])
})
