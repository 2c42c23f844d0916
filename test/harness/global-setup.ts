/**
 * Starts a database for each Vitest worker, in a separate thread, since PGlite blocks the thread
 * that it runs in.
 */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { TestProject } from 'vitest/node'
import { prepareDatabases } from './prepared-database.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await prepareDatabases()
  const threads = Array.from(
    { length: project.config.maxWorkers },
    () => new Worker(new URL('./database.ts', import.meta.url)),
  )
  const started = await Promise.all(threads.map((thread) => once(thread, 'message')))
  project.provide(
    'databaseUrls',
    started.map(([urls]) => urls),
  )
  return async () => {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
}
