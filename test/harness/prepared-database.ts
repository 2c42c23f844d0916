/**
 * Databases that start quickly: the result of `initdb` and the migrations, which take seconds in
 * WASM, is cached in a file until PGlite, a setting or a migration changes.
 */

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { type PgliteServer, servePglite } from '../../tools/pglite/server.ts'

type Content = 'empty' | 'migrated'

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))
const DEPLOY_GUIDE = fileURLToPath(new URL('../../docs/operations.md', import.meta.url))
const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url))
const CACHE = join(MODULES, '.cache/prepared-databases')

/**
 * Settings that differ from the defaults, so that code that relies on a default fails. Besides "C",
 * PGlite has only the root collation of Unicode, which sorts `_` before `-` before `0`.
 */
const INITDB_OPTIONS = ['--locale-provider=icu', '--icu-locale=und', '--wal-segsize=1']
const SETTINGS = {
  timezone: 'Asia/Kathmandu',
  datestyle: 'SQL, DMY',
  intervalstyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-5',
  // Postgres writes to all of its shared buffers at each start.
  shared_buffers: '32MB',
}
/** Makes the files smaller. */
const DROP_TEMPLATES = [
  'UPDATE pg_database SET datistemplate = false, datallowconn = true',
  'DROP DATABASE template0',
  'DROP DATABASE template1',
]

/** Serves a new database in memory on a free port. */
export async function servePreparedPglite(content: Content): Promise<PgliteServer> {
  return servePglite({ snapshot: new Blob([await readFile(await preparedFile(content))]) })
}

/** Makes a data directory of PGlite with a new database. */
export async function makePreparedDataDir(content: Content, dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const args = ['-x', '-f', await preparedFile(content), '-C', dataDir]
  await promisify(execFile)('tar', args)
}

async function preparedFile(content: Content): Promise<string> {
  await prepareDatabases()
  return join(CACHE, await cacheKey(), content)
}

/** Creates the files if they are missing; runs once, as `globalSetup` of each project. */
export async function prepareDatabases(): Promise<void> {
  const key = await cacheKey()
  const kept: string[] = await readdir(CACHE).catch(() => [])
  if (kept.includes(key)) return
  await mkdir(CACHE, { recursive: true })
  // Renamed when complete, since other processes may read it at any time.
  const draft = join(CACHE, `draft-${process.pid}`)
  await mkdir(draft)
  const database = await PGlite.create({ initDbStartParams: INITDB_OPTIONS })
  // In single-user mode, Postgres ignores what `ALTER DATABASE` sets.
  for (const [name, value] of Object.entries(SETTINGS)) {
    await database.exec(`ALTER SYSTEM SET ${name} TO '${value}'`)
  }
  for (const statement of DROP_TEMPLATES) await database.exec(statement)
  await dump(database, join(draft, 'empty'))
  await database.exec(await workerRole())
  await migrate(drizzle(database), { migrationsFolder: MIGRATIONS })
  await dump(database, join(draft, 'migrated'))
  await database.close()
  for (const name of kept) await rm(join(CACHE, name), { recursive: true, force: true })
  await rename(draft, join(CACHE, key)).catch(() => rm(draft, { recursive: true }))
}

export default prepareDatabases

async function dump(database: PGlite, file: string): Promise<void> {
  const tarball = await database.dumpDataDir('none')
  await writeFile(file, new Uint8Array(await tarball.arrayBuffer()))
}

/** The statements of the deploy guide that make the role that only reads, before the migrations. */
async function workerRole(): Promise<string> {
  const guide = await readFile(DEPLOY_GUIDE, 'utf8')
  const statements = /```sql\n(\s*CREATE ROLE worker[^`]*)```/.exec(guide)?.[1]
  if (!statements) throw new Error('docs/operations.md does not create the role of the Worker')
  return statements
}

/** A hash of PGlite's version, the settings, the role of the Worker and all files of `drizzle/`. */
async function cacheKey(): Promise<string> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([INITDB_OPTIONS, SETTINGS, DROP_TEMPLATES, await workerRole()]))
  const entries = await readdir(MIGRATIONS, { recursive: true, withFileTypes: true })
  const migrations = entries.filter((entry) => entry.isFile())
  const paths = migrations.map(({ parentPath, name }) => join(parentPath, name)).sort()
  for (const path of [join(MODULES, '@electric-sql/pglite/package.json'), ...paths]) {
    hash.update(path).update(await readFile(path))
  }
  return hash.digest('hex')
}
