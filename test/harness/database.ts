/** A thread with a database of its own: PGlite behind the local Neon endpoint, migrated. */

import { parentPort } from 'node:worker_threads'
import { serveNeonLocal } from '../../tools/neon-local/neon-local.ts'
import { servePreparedPglite } from './prepared-database.ts'
import type { DatabaseUrls } from './provided-context.d.ts'

const postgres = await servePreparedPglite('migrated')
const databaseUrl = postgres.url
const owner = await serveNeonLocal({ databaseUrl })
// As it is deployed, the Worker only reads: the role is that of the deploy guide.
const worker = await serveNeonLocal({ databaseUrl, role: 'worker' })
const urls: DatabaseUrls = { owner: owner.connectionString, worker: worker.connectionString }
parentPort?.postMessage(urls)
