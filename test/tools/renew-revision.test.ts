import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PgliteServer } from '../../tools/pglite-server.ts'
import { renewRevision } from '../../tools/renew-revision.ts'
import { servePreparedPglite } from '../prepared-database.ts'

let server: PgliteServer

beforeAll(async () => {
  server = await servePreparedPglite('migrated')
})

afterAll(() => server.close())

it('renews the revision each time', async () => {
  const first = await renewRevision(server.url)
  expect(first).toMatch(/^[0-9a-f-]{36}$/)
  expect(await renewRevision(server.url)).not.toBe(first)
})
