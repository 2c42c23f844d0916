import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrateDatabase } from '../../tools/migrate.ts'
import type { PgliteServer } from '../../tools/pglite-server.ts'
import { servePreparedPglite } from '../prepared-database.ts'

const MIGRATE = fileURLToPath(new URL('../../tools/migrate.ts', import.meta.url))

let postgres: PgliteServer

beforeAll(async () => {
  postgres = await servePreparedPglite('empty')
})
afterAll(() => postgres.close())

function run(databaseUrl: string) {
  const env = { ...process.env, DATABASE_URL: databaseUrl }
  return promisify(execFile)(process.execPath, [MIGRATE], { env })
}

it('makes the tables, from several runs at once and again', async () => {
  await Promise.all([1, 2, 3].map(() => migrateDatabase(postgres.url)))
  await migrateDatabase(postgres.url)
  const client = new pg.Client(postgres.url)
  await client.connect()
  const { rows } = await client.query(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
  )
  await client.end()
  expect(rows.map((row) => row.table_name)).toEqual(['assets', 'catalog_revision', 'versions'])
})

it('says in one line that all is up to date', async () => {
  expect(await run(postgres.url)).toEqual({ stdout: 'the database is up to date\n', stderr: '' })
})

it.each([
  ['', 'db:migrate: DATABASE_URL is not set\n'],
  ['hush', 'db:migrate: DATABASE_URL must be a postgres:// URL\n'],
  ['postgres://u:hush@127.0.0.1:1/db', 'db:migrate: connect ECONNREFUSED 127.0.0.1:1\n'],
])('exits with 1 and one line for DATABASE_URL "%s"', async (databaseUrl, stderr) => {
  await expect(run(databaseUrl)).rejects.toMatchObject({ code: 1, stdout: '', stderr })
})
