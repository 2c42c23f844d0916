/**
 * The Worker that runs while its successor's migrations are applied must go on answering, by the
 * role that docs/operations.md makes for it, which only reads.
 */

import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateDatabase } from '../../../tools/deploy/migrate.ts'
import type { PgliteServer } from '../../../tools/pglite/server.ts'
import { servePreparedPglite } from '../../harness/prepared-database.ts'

type Statement = { query: string; params: unknown[] }

const DEPLOY_GUIDE = new URL('../../../docs/operations.md', import.meta.url)
const FOLDER = new URL('../../../drizzle/releases/', import.meta.url)

let server: PgliteServer
let client: pg.Client

beforeAll(async () => {
  server = await servePreparedPglite('empty')
  client = new pg.Client(server.url)
  await client.connect()
  await client.query(/```sql\n(.*?)```/s.exec(readFileSync(DEPLOY_GUIDE, 'utf8'))?.[1] ?? '')
  await migrateDatabase(server.url)
  await client.query('SET ROLE worker')
})

afterAll(async () => {
  await client.end()
  await server.close()
})

const releases = readdirSync(FOLDER)

it('the statements of the latest releases are kept', () => {
  expect(releases).not.toEqual([])
})

describe.each(releases)('the statements of release %s', (file) => {
  const statements: Statement[] = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))

  it('are there', () => {
    expect(statements).not.toEqual([])
  })

  it.each(statements)('run on the newest schema: $query', async ({ query, params }) => {
    const {
      rows: [row = {}],
    } = await client.query(query, params)
    expect(row.revision).toMatch(/^[0-9a-f-]{36}$/)
  })
})

it.each(['assets', 'versions', 'datasets', 'asset_totals', 'catalog_revision'])(
  'the role of the Worker may read %s',
  async (table) => {
    const { command } = await client.query(`SELECT * FROM ${table}`)
    expect(command).toBe('SELECT')
  },
)

it.each([
  'DELETE FROM assets',
  'SELECT public.refresh_catalog()',
  'SELECT public.lock_catalog()',
  'CREATE TABLE x ()',
])('the role of the Worker may not: %s', async (statement) => {
  await expect(client.query(statement)).rejects.toThrow('permission denied')
})
