/** `npm run dev`: database, local Neon endpoint, migrations, catalog, Worker; until Ctrl-C. */

import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCatalogFile } from './catalog-file.ts'
import {
  type Command,
  CommandError,
  type Given,
  parseDatabaseUrl,
  parsePort,
  reasonOf,
  runCommand,
} from './command-line.ts'
import { DATA_DIR_FLAG, openDevDatabase } from './dev-database.ts'
import { importCatalog } from './import.ts'
import { listen } from './listen.ts'
import { migrateDatabase } from './migrate.ts'
import { serveNeonLocal } from './neon-local.ts'
import { readSetting } from './settings.ts'
import { developmentSecret, signToken } from './token.ts'
import { startWorker } from './wrangler.ts'

const HOST = '127.0.0.1'
const CATALOG = fileURLToPath(new URL('../catalog/gfw-catalog.json', import.meta.url))

const COMMAND = {
  name: 'dev',
  description: `Runs the Worker with an embedded database that holds the real catalog, until Ctrl-C, and prints a
token for it.`,
  flags: {
    port: { type: 'string', value: 'N', description: 'port of the Worker', default: '8787' },
    catalog: {
      type: 'string',
      value: 'FILE',
      description: 'what to load, or `none`',
      default: CATALOG,
    },
    database: {
      type: 'string',
      value: 'postgres://…',
      description: 'another Postgres instead of the embedded one',
    },
    'data-dir': DATA_DIR_FLAG,
  },
} as const satisfies Command

async function main({ flags }: Given<typeof COMMAND>): Promise<void> {
  const options = readOptions(flags)
  const secret = developmentSecret()
  await requireFreePort(options.port)
  const items = options.catalog ? await readCatalogFile(options.catalog) : []
  const stopped = untilStopped()

  // What was started is ended in the opposite order, whatever happened in between.
  await using running = new AsyncDisposableStack()
  const database = await openDevDatabase(options.dataDir, options.database)
  running.defer(() => database.close())
  await migrateDatabase(database.url).catch((error) => {
    throw new CommandError(`the database cannot be used: ${reasonOf(error)}`)
  })
  if (options.catalog) {
    const counts = await importCatalog(database.url, items)
    console.log(`catalogue: ${counts.inserted} inserted, ${counts.updated} updated`)
  }
  const neon = await serveNeonLocal({ databaseUrl: database.url })
  running.defer(() => neon.close())
  const worker = startWorker({
    host: HOST,
    port: options.port,
    databaseUrl: neon.connectionString,
    secret,
  })
  running.defer(() => worker.stop())

  const origin = `http://${HOST}:${options.port}`
  const started = Promise.race([worker.answers.then(() => printReady(origin, secret)), worker.died])
  await Promise.race([started.then(() => worker.died), stopped])
}

function readOptions(flags: Given<typeof COMMAND>['flags']) {
  return {
    port: parsePort(flags.port),
    catalog: flags.catalog === 'none' ? undefined : flags.catalog,
    database: flags.database && parseDatabaseUrl(flags.database, '--database'),
    dataDir: resolve(flags['data-dir']),
  }
}

async function requireFreePort(port: number): Promise<void> {
  const probe = createServer()
  await listen(probe, port, HOST).catch((error) => {
    const reason = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used: ${error.code}`
    throw new CommandError(`port ${port} ${reason}`)
  })
  await new Promise((closed) => probe.close(closed))
}

/**
 * Resolves at Ctrl-C, SIGTERM, the end of the terminal or of whoever reads the output, and keeps
 * each from ending this process at once, which would leave the Worker behind.
 */
function untilStopped(): Promise<void> {
  const { promise, resolve: stop } = Promise.withResolvers<void>()
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop)
  for (const output of [process.stdout, process.stderr]) output.on('error', stop)
  return promise
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
