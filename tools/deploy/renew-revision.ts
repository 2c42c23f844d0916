/** Purges all cached pages by renewing the catalog's revision, as a change of the catalog does. */

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
    if (!current) throw new CommandError('the catalog has no revision')
    return current.revision
  })
}

const COMMAND = {
  name: 'revision:renew',
  description: `Purges cached pages: renews the catalog's revision in DATABASE_URL and prints it. Within a minute,
no page cached before is served.`,
  flags: {},
} as const satisfies Command

async function main(): Promise<void> {
  console.log(await renewRevision(requireDatabaseUrl()))
}

if (import.meta.main) await runCommand(COMMAND, main)
