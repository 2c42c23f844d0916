/** The database whose catalog a tool reads or changes, and the one transaction in which it does. */

import pg from 'pg'
import { CommandError, errorMessage, parseDatabaseUrl } from '../command-line.ts'
import { withClient } from '../connection.ts'
import { migrateDatabase } from '../deploy/migrate.ts'
import { findDevDatabase, openDevDatabase } from '../dev/database.ts'

/** What `--help` of the tools says about it. */
export const TARGET_TEXT =
  'The database is that of DATABASE_URL, else of a running `npm run dev`, else of the data directory.'

/** DATABASE_URL, else the database of a running `npm run dev`, else its data while none runs. */
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

/**
 * Runs `change` alone on the catalogue, in one transaction that ends with `end`. Throws a
 * CommandError, and writes nothing, where `change` or the database fails.
 */
export async function changeCatalog<T>(
  databaseUrl: string,
  change: (client: pg.Client) => Promise<T>,
  end: 'COMMIT' | 'ROLLBACK' = 'COMMIT',
): Promise<T> {
  try {
    return await withClient(databaseUrl, async (client) => {
      await client.query('BEGIN')
      await client.query('LOCK TABLE versions, assets IN SHARE ROW EXCLUSIVE MODE')
      const result = await change(client)
      await client.query(end)
      return result
    })
  } catch (error) {
    throw new CommandError(`nothing was written: ${reasonWithHint(error)}`)
  }
}

/** Runs `read` on one snapshot of the catalog. Throws a CommandError if it or the database fails. */
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
    throw new CommandError(reasonWithHint(error))
  }
}

function reasonWithHint(error: unknown): string {
  const isUnmigrated = error instanceof pg.DatabaseError && error.code === '42P01'
  return `${errorMessage(error)}${isUnmigrated ? '; run `npm run db:migrate` first' : ''}`
}
