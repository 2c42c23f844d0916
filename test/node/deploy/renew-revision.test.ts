import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { renewRevision } from '../../../tools/deploy/renew-revision.ts'
import type { PgliteServer } from '../../../tools/pglite/server.ts'
import { servePreparedPglite } from '../../harness/prepared-database.ts'

const RENEW = fileURLToPath(new URL('../../../tools/deploy/renew-revision.ts', import.meta.url))

let server: PgliteServer

beforeAll(async () => {
  server = await servePreparedPglite('migrated')
})

afterAll(() => server.close())

async function stored(): Promise<string> {
  const client = new pg.Client(server.url)
  await client.connect()
  const { rows } = await client.query('SELECT revision FROM catalog_revision')
  await client.end()
  return rows[0].revision
}

function run(databaseUrl: string) {
  const env = { ...process.env, DATABASE_URL: databaseUrl }
  return promisify(execFile)(process.execPath, [RENEW], { env })
}

it('stores and prints a new revision each time', async () => {
  const before = await stored()
  const first = await run(server.url)
  expect(first).toEqual({ stdout: `${await stored()}\n`, stderr: '' })
  const second = await renewRevision(server.url)
  expect(second).toBe(await stored())
  expect(new Set([before, first.stdout.trim(), second]).size).toBe(3)
})

it.each([
  ['', 'revision:renew: DATABASE_URL is not set\n'],
  ['postgres://u:hush@127.0.0.1:1/db', 'revision:renew: connect ECONNREFUSED 127.0.0.1:1\n'],
])('exits with 1 and a one-line message for DATABASE_URL "%s"', async (databaseUrl, stderr) => {
  await expect(run(databaseUrl)).rejects.toMatchObject({ code: 1, stdout: '', stderr })
})
