/** The database whose catalog a tool reads or changes, in one transaction. */

import pg from 'pg'
import { CommandError, errorMessage, parseDatabaseUrl } from '../command-line.ts'
import { withClient } from '../connection.ts'
import { migrateDatabase } from '../deploy/migrate.ts'
import { findDevDatabase, openDevDatabase } from '../dev/database.ts'

/** For `--help` of the tools. */
export const TARGET_TEXT =
  'The database is DATABASE_URL, by default that of a running `npm run dev` or of the data directory.'

/** Opens DATABASE_URL, or the database of a running `npm run dev`, or that of the data directory. */
export async function openTarget(
  dataDir: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const given = process.env.DATABASE_URL
  const url = given ? parseDatabaseUrl(given, 'DATABASE_URL') : await findDevDatabase(dataDir)
  if (url) return { url, close: async () => {} }
  const database = await openDevDatabase(dataDir)
  await migrateDatabase(database.url)
  return database
}

/** SQLSTATEs of an undefined table and an undefined function. */
const UNDEFINED = ['42P01', '42883']

/**
 * Runs `change` in a transaction that excludes other writers and ends with `end`. Throws a
 * CommandError, and writes nothing, if `change` or the database fails.
 */
export async function changeCatalog<T>(
  databaseUrl: string,
  change: (client: pg.Client) => Promise<T>,
  end: 'COMMIT' | 'ROLLBACK' = 'COMMIT',
): Promise<T> {
  try {
    return await withClient(databaseUrl, async (client) => {
      await client.query('BEGIN')
      await client.query('SELECT public.lock_catalog()')
      const result = await change(client)
      await client.query(end)
      return result
    })
  } catch (error) {
    throw new CommandError(`nothing was written: ${messageWithHint(error)}`)
  }
}

/** Runs `read` on a snapshot of the catalog. Throws a CommandError if it or the database fails. */
export async function readCatalog<T>(
  databaseUrl: string,
  read: (client: pg.Client) => Promise<T>,
): Promise<T> {
  try {
    return await withClient(databaseUrl, async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      return await read(client)
    })
  } catch (error) {
    throw new CommandError(messageWithHint(error))
  }
}

function messageWithHint(error: unknown): string {
  const isUnmigrated = error instanceof pg.DatabaseError && UNDEFINED.includes(error.code ?? '')
  return `${errorMessage(error)}${isUnmigrated ? '; run `npm run db:migrate` first' : ''}`
}
