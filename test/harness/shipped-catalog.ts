/** The Worker as deployed, with the shipped catalog. */

import { importCatalog } from '../../tools/catalog/import.ts'
import { serveNeonLocal } from '../../tools/neon-local/neon-local.ts'
import { signToken } from '../../tools/token.ts'
import { AUTH_SECRET, startWorker } from '../../tools/workerd.ts'
import { readCatalogFile } from './catalog-items.ts'
import { servePreparedPglite } from './prepared-database.ts'
import { bundledWorker } from './worker-bundle.ts'

export interface ShippedCatalog extends AsyncDisposable {
  /** On loopback, by plain HTTP. */
  origin: string
  /** URL of Postgres. */
  databaseUrl: string
  token: string
}

export async function startShippedCatalog(): Promise<ShippedCatalog> {
  await using starting = new AsyncDisposableStack()
  const postgres = await servePreparedPglite('migrated')
  starting.defer(() => postgres.close())
  await importCatalog(postgres.url, await readCatalogFile('catalog/gfw-catalog.json'))
  const neon = await serveNeonLocal({ databaseUrl: postgres.url })
  starting.defer(() => neon.close())
  const worker = await startWorker(await bundledWorker(), { DATABASE_URL: neon.connectionString })
  starting.defer(() => worker.close())
  const token = await signToken({ subject: 'reader', expires: '1h' }, AUTH_SECRET)
  const started = starting.move()
  return {
    origin: worker.origin,
    databaseUrl: postgres.url,
    token,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}
