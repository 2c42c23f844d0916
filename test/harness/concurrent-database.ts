/**
 * A migrated database for tests of concurrent writers. PGlite runs one transaction at a time; to
 * interleave them, set TEST_DATABASE_URL to a PostgreSQL whose role may create databases and set
 * `deadlock_timeout`.
 */

import { randomUUID } from 'node:crypto'
import { withClient } from '../../tools/connection.ts'
import { migrateDatabase } from '../../tools/deploy/migrate.ts'
import { servePreparedPglite } from './prepared-database.ts'

export async function serveConcurrentDatabase(): Promise<{ url: string; close(): Promise<void> }> {
  const { TEST_DATABASE_URL: serverUrl } = process.env
  if (!serverUrl) return servePreparedPglite('migrated')
  const name = `concurrent_${randomUUID().replaceAll('-', '')}`
  const { href: url } = Object.assign(new URL(serverUrl), { pathname: name })
  const onServer = (statement: string) => withClient(serverUrl, (client) => client.query(statement))
  await onServer(`CREATE DATABASE ${name}`)
  await onServer(`ALTER DATABASE ${name} SET deadlock_timeout = '20ms'`)
  await migrateDatabase(url)
  return {
    url,
    async close() {
      await onServer(`DROP DATABASE ${name}`)
    },
  }
}
