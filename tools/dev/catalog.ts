/** Starts the migrated database with a catalog, and its Neon endpoint, for `npm run dev` and `npm run db`. */

import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CatalogFile } from '../catalog/file.ts'
import { CommandError, errorMessage, type Flag, parseDatabaseUrl } from '../command-line.ts'
import { serveNeonLocal } from '../neon-local/neon-local.ts'
import { DATA_DIR_FLAG, type DevDatabase, startDevDatabase } from './database.ts'

const CATALOG = fileURLToPath(new URL('../../catalog/gfw-catalog.json', import.meta.url))

export const DEV_CATALOG_FLAGS = {
  catalog: {
    type: 'string',
    value: 'FILE',
    description: 'file to load into an empty database, or `none`',
    default: CATALOG,
  },
  database: {
    type: 'string',
    value: 'postgres://…',
    description: 'another Postgres to use instead of the embedded one',
  },
  'data-dir': DATA_DIR_FLAG,
} as const satisfies Record<string, Flag>

type Counts = { inserted: number; stored: number }

export interface DevCatalog {
  /** For the Worker's `DATABASE_URL`. */
  connectionString: string
  /** Resolves once the catalog is loaded, to a line that describes it. */
  ready: Promise<string>
  close(): Promise<void>
}

/** Returns while the database is still starting, so that the Worker can start at the same time. */
export async function startDevCatalog(
  flags: { catalog: string; database?: string; 'data-dir': string },
  neonPort = 0,
): Promise<DevCatalog> {
  const databaseUrl = flags.database && parseDatabaseUrl(flags.database, '--database')
  await using starting = new AsyncDisposableStack()
  const file = flags.catalog === 'none' ? undefined : await openCatalog(flags.catalog)
  starting.use(file)
  const database = await startDevDatabase(resolve(flags['data-dir']), databaseUrl)
  starting.defer(() => database.close())
  const neon = await serveNeonLocal({ databaseUrl: database.url, port: neonPort })
  starting.defer(() => neon.close())
  const ready = prepare(database, file).then((counts) => describe(counts, flags.catalog))
  // Nobody awaits it if the command is stopped early.
  ready.catch(() => {})
  const started = starting.move()
  return {
    connectionString: neon.connectionString,
    ready,
    close: () => started.disposeAsync(),
  }
}

// The modules below take a second to load; importing them late lets the Worker start meanwhile.

async function openCatalog(path: string): Promise<CatalogFile> {
  const { openCatalogFile } = await import('../catalog/file.ts')
  return openCatalogFile(path)
}

async function prepare(database: DevDatabase, file: CatalogFile | undefined): Promise<Counts> {
  const [{ importIntoEmpty }, { migrateDatabase }] = await Promise.all([
    import('../catalog/import.ts'),
    import('../deploy/migrate.ts'),
  ])
  await database.started
  await migrateDatabase(database.url).catch((error) => {
    throw new CommandError(`the database cannot be used: ${errorMessage(error)}`)
  })
  return importIntoEmpty(database.url, file?.entries() ?? []).catch((error) => {
    throw new CommandError(`the catalog cannot be loaded: ${errorMessage(error)}`)
  })
}

function describe({ inserted, stored }: Counts, catalog: string): string {
  const total = `catalog: ${stored.toLocaleString('en-US')} ${stored === 1 ? 'asset' : 'assets'}`
  if (catalog === 'none') return total
  const file = relative('', catalog)
  if (inserted > 0) return `${total}, loaded from ${file}`
  return `${total}, kept; to load ${file} too: npm run import -- ${file}`
}
