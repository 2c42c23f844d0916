/** A database for the tests of one file. */

import pg from 'pg'
import { afterAll } from 'vitest'
import { servePreparedPglite } from './prepared-database.ts'

/** Starts a prepared database and connects to it. Both end after the file's tests. */
export async function connectToPrepared(kind: Parameters<typeof servePreparedPglite>[0]) {
  const postgres = await servePreparedPglite(kind)
  const client = new pg.Client(postgres.url)
  await client.connect()
  afterAll(async () => {
    await client.end()
    await postgres.close()
  })
  return { postgres, client }
}
