/**
 * Starts the databases of the Worker's tests: one for each test file that runs at a time, in a
 * thread of its own, since PGlite computes where it is asked.
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
