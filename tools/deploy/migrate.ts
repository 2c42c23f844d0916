/** Applies the migrations of `drizzle/` to DATABASE_URL, a Neon or any other Postgres. */

import { fileURLToPath } from 'node:url'
import { type Command, requireDatabaseUrl, runCommand } from '../command-line.ts'
import { withClient } from '../connection.ts'

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url))

/** An arbitrary key; concurrent runs wait for each other. */
const MIGRATION_LOCK = 4_732_013

/** Applies the migrations that are still missing. */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  // Imported here because loading them takes most of a second, and most runs don't need them.
  const [{ drizzle }, { migrate }] = await Promise.all([
    import('drizzle-orm/node-postgres'),
    import('drizzle-orm/node-postgres/migrator'),
  ])
  await withClient(databaseUrl, async (client) => {
    // Drizzle reads the applied migrations before it begins a transaction. Beginning one here lets
    // the lock cover both: Drizzle's own `begin` is then only a warning, and its `commit` ends this
    // transaction and the lock. A session lock would not work, since poolers (and PGlite) share
    // sessions between connections.
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS })
  })
}

export const COMMAND = {
  name: 'db:migrate',
  description: 'Applies the migrations in drizzle/ to the database in DATABASE_URL.',
  flags: {},
} as const satisfies Command

export async function main(): Promise<void> {
  await migrateDatabase(requireDatabaseUrl())
  console.log('the database is up to date')
}

if (import.meta.main) await runCommand(COMMAND, main)
