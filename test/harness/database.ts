/** A worker thread that serves a migrated database through Neon endpoints. */

import { parentPort } from 'node:worker_threads'
import { serveNeonLocal } from '../../tools/neon-local/neon-local.ts'
import { servePreparedPglite } from './prepared-database.ts'
import type { DatabaseUrls } from './provided-context.d.ts'

const postgres = await servePreparedPglite('migrated')
const databaseUrl = postgres.url
const owner = await serveNeonLocal({ databaseUrl })
// The read-only role of the deployment guide.
const worker = await serveNeonLocal({ databaseUrl, role: 'worker' })
const urls: DatabaseUrls = { owner: owner.connectionString, worker: worker.connectionString }
parentPort?.postMessage(urls)
