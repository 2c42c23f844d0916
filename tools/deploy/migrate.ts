/** Applies the migrations of `drizzle/` to DATABASE_URL, a Neon or any other Postgres. */

import { fileURLToPath } from 'node:url'
import { type Command, requireDatabaseUrl, runCommand } from '../command-line.ts'
import { withClient } from '../connection.ts'

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url))

/** Any number, the same for every run: two runs at once take turns. */
const MIGRATION_LOCK = 4_732_013

/** Brings the database to the newest migration; nothing happens where it is there already. */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  // They take most of a second to load, which the tools that import this can mostly do without.
  const [{ drizzle }, { migrate }] = await Promise.all([
    import('drizzle-orm/node-postgres'),
    import('drizzle-orm/node-postgres/migrator'),
  ])
  await withClient(databaseUrl, async (client) => {
    // Drizzle looks for what is applied before it begins a transaction. This one is begun before
    // that, so that its lock covers both; Drizzle's own `begin` is then only a warning of
    // Postgres, and its `commit` ends this transaction and its lock. A lock of the session would
    // not do: poolers (and PGlite) let connections share one.
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS })
  })
}

export const COMMAND = {
  name: 'db:migrate',
  description: 'Brings the database of DATABASE_URL to the newest schema.',
  flags: {},
} as const satisfies Command

export async function main(): Promise<void> {
  await migrateDatabase(requireDatabaseUrl())
  console.log('the database is up to date')
}

if (import.meta.main) await runCommand(COMMAND, main)
