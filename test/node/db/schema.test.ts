/** The tables that the code declares, and those that the migrations make, are the same. */

import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { servePreparedPglite } from '../../harness/prepared-database.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const CONFIG = join(ROOT, 'drizzle/config.ts')
const MIGRATIONS = join(ROOT, 'drizzle')
const DRIZZLE_KIT = join(ROOT, 'node_modules/drizzle-kit/bin.cjs')

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'schema-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** Runs drizzle-kit by the project's configuration, but on another folder of migrations. */
async function drizzleKit(command: 'check' | 'generate', folder: string): Promise<string> {
  const config = join(folder, '..', `config-${command}-${Date.now()}.ts`)
  await writeFile(
    config,
    `import config from ${JSON.stringify(CONFIG)}
export default { ...config, out: ${JSON.stringify(relative(ROOT, folder))} }`,
  )
  const args = [DRIZZLE_KIT, command, '--config', config]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT })
  return stdout
}

it('drizzle-kit has nothing to generate, and finds no break in the chain of snapshots', async () => {
  const folder = join(directory, 'migrations')
  await cp(MIGRATIONS, folder, { recursive: true })
  const files = await readdir(folder, { recursive: true })
  expect(await drizzleKit('check', folder)).toContain("Everything's fine")
  expect(await drizzleKit('generate', folder)).toContain('No schema changes, nothing to migrate')
  expect(await readdir(folder, { recursive: true })).toEqual(files)
})

it('each migration has a snapshot that follows the one before', async () => {
  const read = async (file: string) =>
    JSON.parse(await readFile(join(MIGRATIONS, 'meta', file), 'utf8'))
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
async function describeTables(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
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
  await client.end()
  return rows.map(({ line }) => line).sort()
}

it('the migrated tables are those of the schema, in every column, constraint and index', async () => {
  const folder = join(directory, 'anew')
  await drizzleKit('generate', folder)
  const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  const declared = await servePreparedPglite('empty')
  const migrated = await servePreparedPglite('migrated')
  const client = new pg.Client(declared.url)
  await client.connect()
  await client.query(await readFile(join(folder, file), 'utf8'))
  await client.end()
  const tables = await describeTables(declared.url)
  expect(tables.filter((line) => line.startsWith('CREATE INDEX')).length).toBeGreaterThan(0)
  expect(await describeTables(migrated.url)).toEqual(tables)
  await declared.close()
  await migrated.close()
})
