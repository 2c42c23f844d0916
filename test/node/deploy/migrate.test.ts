import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import * as migration from '../../../tools/deploy/migrate.ts'
import { connectToPrepared } from '../../harness/prepared-client.ts'
import { runTool } from '../../harness/run-tool.ts'

const MIGRATE = fileURLToPath(new URL('../../../tools/deploy/migrate.ts', import.meta.url))

const MIGRATIONS = fileURLToPath(new URL('../../../drizzle', import.meta.url))

const { postgres, client } = await connectToPrepared('empty')

beforeEach(async () => {
  await client.query('DROP SCHEMA IF EXISTS drizzle CASCADE')
  await client.query('DROP SCHEMA public CASCADE')
  await client.query('CREATE SCHEMA public')
})

function run(databaseUrl = postgres.url) {
  return runTool(migration, [], { DATABASE_URL: databaseUrl })
}

it('creates the tables, also in concurrent and repeated runs', async () => {
  await Promise.all([1, 2, 3].map(() => migration.migrateDatabase(postgres.url)))
  await migration.migrateDatabase(postgres.url)
  const { rows } = await client.query(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
  )
  expect(rows.map((row) => row.table_name)).toEqual([
    'asset_totals',
    'assets',
    'catalog_revision',
    'datasets',
    'versions',
  ])
})

it('holds an advisory lock during all changes', async () => {
  onTestFinished(async () => {
    await client.query('DROP EVENT TRIGGER record_locks')
    await client.query('DROP SCHEMA recorded CASCADE')
  })
  // PGlite has one session, so another run would wait in any case.
  await client.query(`
    CREATE SCHEMA recorded;
    CREATE TABLE recorded.held (locks bigint);
    CREATE FUNCTION recorded.record_locks() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO recorded.held SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND pid = pg_backend_pid();
    END $$;
    CREATE EVENT TRIGGER record_locks ON ddl_command_start EXECUTE FUNCTION recorded.record_locks()`)
  await migration.migrateDatabase(postgres.url)
  const { rows } = await client.query('SELECT DISTINCT locks::int FROM recorded.held')
  const left = await client.query(`SELECT FROM pg_locks WHERE locktype = 'advisory'`)
  expect(rows).toEqual([{ locks: 1 }])
  expect(left.rowCount).toBe(0)
})

it('prints one line on success', async () => {
  const env = { ...process.env, DATABASE_URL: postgres.url }
  const ran = await promisify(execFile)(process.execPath, [MIGRATE], { env })
  expect(ran).toEqual({ stdout: 'the database is up to date\n', stderr: '' })
})

it.each([
  ['', 'db:migrate: DATABASE_URL is not set\n'],
  ['hush', 'db:migrate: DATABASE_URL must be a postgres:// URL\n'],
  ['postgres://u:hush@127.0.0.1:1/db', 'db:migrate: connect ECONNREFUSED 127.0.0.1:1\n'],
])('exits with 1 and a one-line message for DATABASE_URL "%s"', async (databaseUrl, stderr) => {
  expect(await run(databaseUrl)).toEqual({ code: 1, stdout: '', stderr })
})

/** A folder with only the first migrations, as in an earlier release. */
async function firstMigrations(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(MIGRATIONS, folder, { recursive: true })
  const journal = join(folder, 'meta/_journal.json')
  const { entries, ...rest } = JSON.parse(await readFile(journal, 'utf8'))
  await writeFile(journal, JSON.stringify({ ...rest, entries: entries.slice(0, count) }))
  return folder
}

it('names assets with metadata over the limit, and changes nothing', async () => {
  await migrate(drizzle(client), { migrationsFolder: await firstMigrations(2) })
  await client.query(`
    INSERT INTO versions (dataset, version) VALUES ('umd_loss', 'v1');
    INSERT INTO assets (asset_id, dataset, version, asset_type, asset_uri, metadata)
    SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'umd_loss', 'v1', 'csv',
      's3://' || n, jsonb_build_object('tags', jsonb_build_array(repeat('x', n * 400000)))
    FROM generate_series(1, 4) n`)
  expect(await run()).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'db:migrate: shorten the metadata of these assets to 1 MiB, then migrate again: ' +
      '00000000-0000-4000-8000-000000000003, 00000000-0000-4000-8000-000000000004\n',
  })
  const columns = `SELECT FROM information_schema.columns WHERE column_name = 'metadata_bytes'`
  expect((await client.query(columns)).rowCount).toBe(0)

  await client.query(`UPDATE assets SET metadata = '{}' WHERE asset_uri IN ('s3://3', 's3://4')`)
  expect(await run()).toMatchObject({ code: 0 })
  const { rows } = await client.query('SELECT metadata_bytes FROM assets ORDER BY asset_uri')
  expect(rows.map((row) => row.metadata_bytes)).toEqual([400_014, 800_014, 2, 2])
})

it('counts the datasets and assets that were stored before there were tables of them', async () => {
  await migrate(drizzle(client), { migrationsFolder: await firstMigrations(3) })
  await client.query(`
    INSERT INTO versions VALUES ('umd_loss', 'v1', true), ('umd_loss', 'v2', false), ('wur', 'v1', false);
    INSERT INTO assets (dataset, version, asset_type, asset_uri)
    SELECT 'umd_loss', 'v1', 'csv', 's3://' || n FROM generate_series(1, 3) n`)
  expect(await run()).toMatchObject({ code: 0 })
  const datasets = await client.query('SELECT dataset FROM datasets ORDER BY 1')
  expect(datasets.rows).toEqual([{ dataset: 'umd_loss' }, { dataset: 'wur' }])
  const totals = await client.query('SELECT * FROM asset_totals')
  const key = { version: 'v1', asset_type: 'csv', status: 'pending' }
  expect(totals.rows).toEqual([{ ...key, is_latest: true, is_default: false, total: '3' }])
})
