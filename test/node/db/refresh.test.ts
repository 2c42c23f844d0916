/** `refresh_catalog()` makes up for changes that fired no triggers. */

import { beforeEach, expect, it } from 'vitest'
import { renewRevision } from '../../../tools/deploy/renew-revision.ts'
import { connectToPrepared } from '../../harness/prepared-client.ts'

const { postgres, client } = await connectToPrepared('migrated')

beforeEach(async () => {
  await client.query(`
    TRUNCATE assets, versions;
    INSERT INTO versions VALUES ('aaa', 'v1', true), ('bbb', 'v1', false);
    INSERT INTO assets (dataset, version, asset_type, asset_uri)
    SELECT dataset, version, 'csv', 's3://' || dataset FROM versions`)
})

async function read() {
  const revisions = await client.query(
    `SELECT dataset, revision FROM datasets UNION ALL SELECT '', revision FROM catalog_revision`,
  )
  const totals = await client.query(
    'SELECT version, asset_type, status, is_latest, is_default, total::int FROM asset_totals ORDER BY 1, 4',
  )
  const entries: [string, string][] = revisions.rows.map((row) => [row.dataset, row.revision])
  return { revisions: Object.fromEntries(entries), totals: totals.rows }
}

/** Runs statements as logical replication and `pg_restore --disable-triggers` do. */
async function withoutTriggers(statements: string): Promise<void> {
  await client.query('SET session_replication_role = replica')
  await client.query(statements)
  await client.query('RESET session_replication_role')
}

const one = { version: 'v1', asset_type: 'csv', status: 'pending', is_default: false, total: 1 }

it('counts again and renews all revisions after changes without triggers', async () => {
  const before = await read()
  await withoutTriggers(`
    DELETE FROM assets WHERE dataset = 'bbb'; DELETE FROM versions WHERE dataset = 'bbb';
    INSERT INTO versions VALUES ('ccc', 'v2', false);
    INSERT INTO assets (dataset, version, asset_type, asset_uri, status)
    SELECT 'ccc', 'v2', 'COG', 's3://' || n, 'saved' FROM generate_series(1, 3) n`)
  expect(await read()).toEqual(before)

  await client.query('SELECT public.refresh_catalog()')
  const after = await read()
  expect(Object.keys(after.revisions).sort()).toEqual(['', 'aaa', 'ccc'])
  expect(after.totals).toEqual([
    { ...one, is_latest: true },
    { ...one, version: 'v2', asset_type: 'COG', status: 'saved', is_latest: false, total: 3 },
  ])
  const old = new Set(Object.values(before.revisions))
  expect(Object.values(after.revisions).filter((revision) => old.has(revision))).toEqual([])
})

it('is what the purge does', async () => {
  const before = await read()
  await withoutTriggers('DELETE FROM assets')
  const revision = await renewRevision(postgres.url)
  const after = await read()
  expect(after).toEqual({
    revisions: { '': revision, aaa: expect.any(String), bbb: expect.any(String) },
    totals: [],
  })
  expect(after.revisions.aaa).not.toBe(before.revisions.aaa)
  expect(after.revisions.bbb).not.toBe(before.revisions.bbb)
})

it('counts changes that follow it', async () => {
  await withoutTriggers('DELETE FROM assets')
  await client.query('SELECT public.refresh_catalog()')
  await client.query(`INSERT INTO assets (dataset, version, asset_type, asset_uri)
    VALUES ('bbb', 'v1', 'csv', 's3://new')`)
  expect((await read()).totals).toEqual([{ ...one, is_latest: false }])
})
