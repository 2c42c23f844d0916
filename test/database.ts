/** A thread with a database of its own: PGlite behind the local Neon endpoint, migrated. */

import { parentPort } from 'node:worker_threads'
import { migrateDatabase } from '../tools/migrate.ts'
import { serveNeonLocal } from '../tools/neon-local.ts'
import { servePglite } from '../tools/pglite-server.ts'

const postgres = await servePglite()
await migrateDatabase(postgres.url)
const neon = await serveNeonLocal({ databaseUrl: postgres.url })
parentPort?.postMessage(neon.connectionString)
