import { once } from 'node:events'
import { connect } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { PgliteServer } from '../../../tools/pglite/server.ts'
import { servePreparedPglite } from '../../harness/prepared-database.ts'

let server: PgliteServer

beforeAll(async () => {
  server = await servePreparedPglite('empty')
  const client = await connectClient()
  await client.query('CREATE TABLE notes (text text)')
  await client.end()
})
afterAll(() => server.close())
beforeEach(async () => {
  const client = await connectClient()
  await client.query('TRUNCATE notes')
  await client.end()
})

async function connectClient(): Promise<pg.Client> {
  const client = new pg.Client(server.url)
  client.on('error', () => {})
  await client.connect()
  return client
}

async function twoClients(): Promise<[pg.Client, pg.Client]> {
  const clients: [pg.Client, pg.Client] = [await connectClient(), await connectClient()]
  onTestFinished(async () => {
    for (const client of clients) await client.end()
  })
  return clients
}

async function notes(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query('SELECT text FROM notes ORDER BY text')
  return rows.map((row) => row.text)
}

it('makes other connections wait until a transaction ends', async () => {
  const [writer, reader] = await twoClients()
  await writer.query('BEGIN')
  await writer.query("INSERT INTO notes VALUES ('first')")
  const read = notes(reader)
  await writer.query('INSERT INTO notes VALUES ($1)', ['second'])
  await writer.query('COMMIT')
  expect(await read).toEqual(['first', 'second'])
})

it('does not run queries of a connection that was lost while waiting', async () => {
  const [holder] = await twoClients()
  await holder.query('BEGIN')
  const lost = connect(Number(new URL(server.url).port), '127.0.0.1')
  const sql = "INSERT INTO notes VALUES ('late')\0"
  const query = Buffer.alloc(5)
  query.write('Q')
  query.writeInt32BE(4 + sql.length, 1)
  lost.write(Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]))
  await once(lost, 'data')
  lost.write(Buffer.concat([query, Buffer.from(sql)]))
  // After these round trips, the server has read the earlier messages.
  for (let n = 0; n < 10; n++) await holder.query('SELECT 1')
  lost.resetAndDestroy()
  for (let n = 0; n < 10; n++) await holder.query('SELECT 1')
  await holder.query('COMMIT')
  expect(await notes(holder)).toEqual([])
})

it('keeps unnamed statements of connections apart', async () => {
  const [one, other] = await twoClients()
  const ask = async (client: pg.Client, type: string) => {
    const answers: unknown[] = []
    for (let index = 1; index <= 30; index += 1) {
      const { rows } = await client.query(`SELECT $1::${type} AS answer`, [String(index)])
      answers.push(rows[0].answer)
    }
    return answers.slice(-2)
  }
  expect(await Promise.all([ask(one, 'int4'), ask(other, 'text')])).toEqual([
    [29, 30],
    ['29', '30'],
  ])
})

it('rolls back the transaction of a connection that is lost', async () => {
  const [reader] = await twoClients()
  const writer = connect(Number(new URL(server.url).port), '127.0.0.1')
  const sql = "BEGIN; INSERT INTO notes VALUES ('lost')\0"
  const query = Buffer.alloc(5)
  query.write('Q')
  query.writeInt32BE(4 + sql.length, 1)
  writer.write(Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]))
  writer.write(Buffer.concat([query, Buffer.from(sql)]))
  await new Promise<void>((resolve) => {
    let answer = ''
    writer.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (answer.includes('INSERT 0 1')) resolve()
    })
  })
  writer.destroy()
  expect(await notes(reader)).toEqual([])
})

it('keeps the session until a failed transaction is rolled back', async () => {
  const [client, other] = await twoClients()
  await client.query('BEGIN')
  await expect(client.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' })
  await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
  await client.query('ROLLBACK')
  expect(await notes(other)).toEqual([])
})

it('refuses COPY FROM STDIN, which would end PGlite', async () => {
  const [client] = await twoClients()
  await expect(client.query('COPY notes FROM STDIN')).rejects.toMatchObject({ code: '0A000' })
  expect(await notes(client)).toEqual([])
})

it('answers a message of several megabytes', async () => {
  const [client] = await twoClients()
  const { rows } = await client.query('SELECT length($1) AS length', ['x'.repeat(5_000_000)])
  expect(rows).toEqual([{ length: 5_000_000 }])
})

it('drops a connection that speaks another protocol', async () => {
  const [client] = await twoClients()
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\n\r\n')
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))
  expect(await notes(client)).toEqual([])
})

it('survives an exit of PGlite', async () => {
  const own = await servePreparedPglite('empty')
  const client = new pg.Client(own.url)
  await client.connect()
  await client.query('CREATE TABLE notes (text text)')
  const copy = 'COPY notes FROM /* not seen by the guard */ STDIN'
  await expect(client.query(copy)).rejects.toMatchObject({ code: 'XX000' })
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await client.end()
  await own.close()
})
