/** A thread with a database of its own: PGlite behind the local Neon endpoint, migrated. */

import { parentPort } from 'node:worker_threads'
import { serveNeonLocal } from '../tools/neon-local.ts'
import { servePreparedPglite } from './prepared-database.ts'

const postgres = await servePreparedPglite('migrated')
const neon = await serveNeonLocal({ databaseUrl: postgres.url })
parentPort?.postMessage(neon.connectionString)
