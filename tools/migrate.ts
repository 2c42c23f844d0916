/** Applies the migrations of `drizzle/` to DATABASE_URL, a Neon or any other Postgres. */

import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { CommandError, parseDatabaseUrl, runCommand } from './command-line.ts'

const MIGRATIONS = fileURLToPath(new URL('../drizzle', import.meta.url))

/** Longer than a Neon compute needs to wake up. */
export const CONNECT_TIMEOUT_MS = 15_000

/** Any number, the same for every run: two runs at once take turns. */
const MIGRATION_LOCK = 4_732_013

/** Brings the database to the newest migration; nothing happens where it is there already. */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  // A connection that breaks fails the query in progress; without a listener it ends the process.
  client.on('error', () => {})
  try {
    await client.connect()
    // Drizzle looks for what is applied before it begins a transaction. This one is begun before
    // that, so that its lock covers both; Drizzle's own `begin` is then only a warning of
    // Postgres, and its `commit` ends this transaction and its lock. A lock of the session would
    // not do: poolers (and PGlite) let connections share one.
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS })
  } finally {
    await client.end()
  }
}

async function main(): Promise<void> {
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl) throw new CommandError('DATABASE_URL is not set')
  await migrateDatabase(parseDatabaseUrl(databaseUrl, 'DATABASE_URL'))
  console.log('the database is up to date')
}

if (import.meta.main) await runCommand('db:migrate', main)
