import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrateDatabase } from '../../tools/migrate.ts'
import { type PgliteServer, servePglite } from '../../tools/pglite-server.ts'
import { renewRevision } from '../../tools/renew-revision.ts'

let server: PgliteServer

beforeAll(async () => {
  server = await servePglite()
  await migrateDatabase(server.url)
}, 30_000)

afterAll(() => server.close())

it('renews the revision each time', async () => {
  const first = await renewRevision(server.url)
  expect(first).toMatch(/^[0-9a-f-]{36}$/)
  expect(await renewRevision(server.url)).not.toBe(first)
})
