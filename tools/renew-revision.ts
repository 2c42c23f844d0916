/**
 * Renews the catalogue's revision, as a change would: within a minute no stored page is served any
 * more. `npm run revision:renew` is the purge of this API.
 */

import pg from 'pg'
import { CommandError, parseDatabaseUrl, runCommand } from './command-line.ts'
import { CONNECT_TIMEOUT_MS } from './migrate.ts'

/** Returns the new revision. */
export async function renewRevision(databaseUrl: string): Promise<string> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  // A connection that breaks fails the query in progress; without a listener it ends the process.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT public.renew_catalog_revision()')
    const { rows } = await client.query<{ revision: string }>(
      'SELECT revision FROM catalog_revision',
    )
    const [current] = rows
    if (!current) throw new CommandError('the catalogue has no revision')
    return current.revision
  } finally {
    await client.end()
  }
}

async function main(): Promise<void> {
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl) throw new CommandError('DATABASE_URL is not set')
  console.log(await renewRevision(parseDatabaseUrl(databaseUrl, 'DATABASE_URL')))
}

if (import.meta.main) await runCommand('revision:renew', main)
