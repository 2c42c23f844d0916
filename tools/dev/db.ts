/** `npm run db`: the database and its Neon endpoint for `npx wrangler dev`, until Ctrl-C. */

import { type Command, type CommandInput, parsePort, runCommand } from '../command-line.ts'
import { requireFreePort } from '../listen.ts'
import { DEV_CATALOG_FLAGS, startDevCatalog } from './catalog.ts'
import { untilStopped } from './until-stopped.ts'

export const COMMAND = {
  name: 'db',
  description: `Serves an embedded database that holds the real catalog, as Neon does, until Ctrl-C. For
\`npx wrangler dev\` in another terminal, with the DATABASE_URL of .dev.vars.example.`,
  flags: {
    port: { type: 'string', value: 'N', description: 'port of the Neon endpoint', default: '8432' },
    ...DEV_CATALOG_FLAGS,
  },
} as const satisfies Command

export async function main({ flags }: CommandInput<typeof COMMAND>): Promise<void> {
  const port = parsePort(flags.port)
  await requireFreePort(port, '127.0.0.1')
  const stopped = untilStopped()
  console.log('starting the database')
  await using running = new AsyncDisposableStack()
  const catalog = await startDevCatalog(flags, port)
  running.defer(() => catalog.close())
  const ready = catalog.ready.then((line) => {
    console.log(line)
    console.log(`ready ${catalog.connectionString}`)
    console.log('the Worker, in another terminal: npx wrangler dev')
  })
  await Promise.race([ready, stopped])
  await stopped
}

if (import.meta.main) await runCommand(COMMAND, main)
