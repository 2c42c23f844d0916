/** Purges all cached pages by renewing every revision, as changes of the catalog do. */

import { type Command, CommandError, requireDatabaseUrl, runCommand } from '../command-line.ts'
import { withClient } from '../connection.ts'

/** Returns the new revision of the catalog. */
export function renewRevision(databaseUrl: string): Promise<string> {
  return withClient(databaseUrl, async (client) => {
    await client.query('SELECT public.refresh_catalog()')
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
  description: `Purges cached pages: renews all revisions in DATABASE_URL, and prints that of the catalog. Within a
minute, no page cached before is served. Also counts assets and datasets again, which changes that
fire no triggers, such as those of logical replication, leave out of date.`,
  flags: {},
} as const satisfies Command

async function main(): Promise<void> {
  console.log(await renewRevision(requireDatabaseUrl()))
}

if (import.meta.main) await runCommand(COMMAND, main)
