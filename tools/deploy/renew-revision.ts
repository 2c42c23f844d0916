/**
 * Renews the catalogue's revision, as a change would: within a minute no stored page is served any
 * more. `npm run revision:renew` is the purge of this API.
 */

import { type Command, CommandError, requireDatabaseUrl, runCommand } from '../command-line.ts'
import { withClient } from '../connection.ts'

/** Returns the new revision. */
export function renewRevision(databaseUrl: string): Promise<string> {
  return withClient(databaseUrl, async (client) => {
    await client.query('SELECT public.renew_catalog_revision()')
    const { rows } = await client.query<{ revision: string }>(
      'SELECT revision FROM catalog_revision',
    )
    const [current] = rows
    if (!current) throw new CommandError('the catalogue has no revision')
    return current.revision
  })
}

const COMMAND = {
  name: 'revision:renew',
  description: `Renews the revision of the catalog in DATABASE_URL, as a change would, and prints it: within a
minute no page stored before is served any more.`,
  flags: {},
} as const satisfies Command

async function main(): Promise<void> {
  console.log(await renewRevision(requireDatabaseUrl()))
}

if (import.meta.main) await runCommand(COMMAND, main)
