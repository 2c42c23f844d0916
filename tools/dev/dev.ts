/** `npm run dev`: database, local Neon endpoint, migrations, catalog, pages, Worker; until Ctrl-C. */

import {
  type Command,
  CommandError,
  type CommandInput,
  parsePort,
  runCommand,
} from '../command-line.ts'
import { requireFreePort } from '../listen.ts'
import { readSetting } from '../settings.ts'
import { developmentSecret, signToken } from '../token.ts'
import { DEV_CATALOG_FLAGS, startDevCatalog } from './catalog.ts'
import { buildSite } from './site.ts'
import { untilStopped } from './until-stopped.ts'
import { startWorker } from './wrangler.ts'

const HOST = '127.0.0.1'

export const COMMAND = {
  name: 'dev',
  description: `Runs the Worker with an embedded database that holds the real catalog, until Ctrl-C, and prints a
token for it.`,
  flags: {
    port: { type: 'string', value: 'N', description: 'port of the Worker', default: '8787' },
    ...DEV_CATALOG_FLAGS,
  },
} as const satisfies Command

export async function main({ flags }: CommandInput<typeof COMMAND>): Promise<void> {
  // Ending the Worker needs process groups, which Windows doesn't have.
  if (process.platform === 'win32') throw new CommandError('Windows is not supported; use WSL')
  const port = parsePort(flags.port)
  const secret = developmentSecret()
  await requireFreePort(port, HOST)
  const stopped = untilStopped()
  console.log('starting the database and the Worker')

  // Ends everything in the opposite order of its start, after an error too.
  await using running = new AsyncDisposableStack()
  const catalog = await startDevCatalog(flags)
  running.defer(() => catalog.close())
  const site = buildSite()
  const worker = startWorker({
    host: HOST,
    port,
    secrets: { DATABASE_URL: catalog.connectionString, AUTH_JWT_SECRET: secret },
  })
  running.defer(() => worker.stop())

  const ready = Promise.all([
    site.then((line) => console.log(line)),
    catalog.ready.then((line) => console.log(line)),
    worker.answers.then(() => console.log('the Worker runs')),
  ])
  const started = Promise.race([
    ready.then(() => printReady(`http://${HOST}:${port}`, secret)),
    worker.died,
  ])
  await Promise.race([started.then(() => worker.died), stopped])
}

async function printReady(origin: string, secret: string): Promise<void> {
  const token = await signToken(
    {
      subject: 'developer',
      expires: '12h',
      issuer: readSetting('AUTH_ISSUER'),
      audience: readSetting('AUTH_AUDIENCE'),
    },
    secret,
  )
  console.log(`ready ${origin}`)
  console.log(`curl -gs -H 'Authorization: Bearer ${token}' '${origin}/assets?page[size]=2'`)
  // In the fragment, which no browser sends: the page takes the token out of it.
  console.log(`explorer ${origin}/#token=${token}`)
}

if (import.meta.main) await runCommand(COMMAND, main)
