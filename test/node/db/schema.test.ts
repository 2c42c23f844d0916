/** The tables that the code declares, and those that the migrations make, are the same. */

import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PgliteServer } from '../../../tools/pglite/server.ts'
import { servePreparedPglite } from '../../harness/prepared-database.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const CONFIG = join(ROOT, 'drizzle/config.ts')
const MIGRATIONS = join(ROOT, 'drizzle')
const DRIZZLE_KIT = join(ROOT, 'node_modules/drizzle-kit/bin.cjs')

let directory: string
let postgres: PgliteServer

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'schema-'))
  await generate(directory)
  postgres = await servePreparedPglite('migrated')
})
afterAll(async () => {
  await postgres.close()
  await rm(directory, { recursive: true })
})

/** Generates one migration that makes everything, by the project's configuration. */
async function generate(folder: string): Promise<void> {
  const config = join(folder, 'config.ts')
  await writeFile(
    config,
    `import config from ${JSON.stringify(CONFIG)}
export default { ...config, out: ${JSON.stringify(relative(ROOT, folder))} }`,
  )
  const args = [DRIZZLE_KIT, 'generate', '--config', config, '--name', 'anew']
  await promisify(execFile)(process.execPath, args, { cwd: ROOT })
}

async function readMeta(folder: string, file: string) {
  return JSON.parse(await readFile(join(folder, 'meta', file), 'utf8'))
}

it('drizzle-kit has nothing to generate: the last snapshot is that of the schema', async () => {
  const { entries }: { entries: unknown[] } = await readMeta(MIGRATIONS, '_journal.json')
  const last = `${String(entries.length - 1).padStart(4, '0')}_snapshot.json`
  const { id, prevId, ...kept } = await readMeta(MIGRATIONS, last)
  const { id: _, prevId: __, ...declared } = await readMeta(directory, '0000_snapshot.json')
  expect(Object.keys(declared.tables).length).toBeGreaterThan(0)
  expect(kept).toEqual(declared)
})

it('each migration has a snapshot that follows the one before', async () => {
  const read = (file: string) => readMeta(MIGRATIONS, file)
  const { entries }: { entries: { idx: number; tag: string }[] } = await read('_journal.json')
  const sqlFiles = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()
  expect(sqlFiles).not.toEqual([])
  expect(entries.map(({ tag }) => `${tag}.sql`)).toEqual(sqlFiles)
  expect(entries.map(({ idx }) => idx)).toEqual(entries.map((_, index) => index))
  const snapshots: { id: string; prevId: string }[] = await Promise.all(
    entries.map(({ idx }) => read(`${String(idx).padStart(4, '0')}_snapshot.json`)),
  )
  const nothing = '00000000-0000-0000-0000-000000000000'
  expect(snapshots.map(({ prevId }) => prevId)).toEqual(
    [nothing, ...snapshots.map(({ id }) => id)].slice(0, -1),
  )
})

/** Columns, constraints and indexes of all tables, as Postgres writes them. */
async function describeTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    SELECT format('%s.%s %s %s default %s generated %s', attrelid::regclass, attname,
      format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END,
      pg_get_expr(adbin, adrelid), attgenerated) AS line
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped
      AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)
    UNION ALL
    SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON oid = indrelid WHERE relnamespace = 'public'::regnamespace`)
  return rows.map(({ line }) => line).sort()
}

it('the migrated tables are those of the schema, in every column, constraint and index', async () => {
  const client = new pg.Client(postgres.url)
  await client.connect()
  const migrated = await describeTables(client)
  await client.query('DROP SCHEMA public CASCADE')
  await client.query('CREATE SCHEMA public')
  await client.query(await readFile(join(directory, '0000_anew.sql'), 'utf8'))
  const declared = await describeTables(client)
  await client.end()
  expect(declared.filter((line) => line.startsWith('CREATE INDEX')).length).toBeGreaterThan(0)
  expect(migrated).toEqual(declared)
})
