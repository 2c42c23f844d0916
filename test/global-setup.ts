/** Starts the database of the Worker's tests: PGlite behind the local Neon endpoint, migrated. */

import type { TestProject } from 'vitest/node'
import { migrateDatabase } from '../tools/migrate.ts'
import { serveNeonLocal } from '../tools/neon-local.ts'
import { servePglite } from '../tools/pglite-server.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await servePglite({})
  await migrateDatabase(postgres.url)
  const neon = await serveNeonLocal({ databaseUrl: postgres.url })
  project.provide('databaseUrl', neon.connectionString)
  return async () => {
    await neon.close()
    await postgres.close()
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
  }
}
