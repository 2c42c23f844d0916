import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { findDevDatabase, openDevDatabase } from '../../../tools/dev/database.ts'
import { listen } from '../../../tools/listen.ts'
import { freePort } from '../../harness/free-port.ts'

const DATABASE = 'postgres://u:hush@h/d'

let directory: string
let dataDir: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dev-database-'))
  dataDir = join(directory, 'pgdata')
})
afterEach(() => rm(directory, { recursive: true }))

it('shows readers a complete owner file at all times', async () => {
  const seen = new Set<string>()
  let isDone = false
  async function readAll(): Promise<void> {
    while (!isDone) {
      const text = await readFile(`${dataDir}.json`, 'utf8').catch(() => undefined)
      if (text !== undefined) seen.add(JSON.parse(text).databaseUrl)
    }
  }
  const readers = Promise.all([readAll(), readAll(), readAll()])
  for (let round = 0; round < 100; round++) {
    await (await openDevDatabase(dataDir, DATABASE)).close()
  }
  isDone = true
  await readers
  expect([...seen].sort()).toEqual(['', DATABASE])
})

it('lets one of many that start at once take over from a process that is gone', async () => {
  const gone = { pid: 1, port: await freePort(), databaseUrl: 'postgres://gone@h/d' }
  await writeFile(`${dataDir}.json`, JSON.stringify(gone))
  const starts = Array.from({ length: 8 }, () => openDevDatabase(dataDir, DATABASE))
  const results = await Promise.allSettled(starts)
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  expect(opened).toHaveLength(1)
  expect(await findDevDatabase(dataDir)).toBe(DATABASE)
  await opened[0]?.close()
})

it.each([
  ['that it was writing', '{"pid":1,"po'],
  ['', ''],
])('takes over from a process that was killed and left a file %s', async (_, content) => {
  await writeFile(`${dataDir}.json`, content)
  expect(await findDevDatabase(dataDir)).toBeUndefined()
  const database = await openDevDatabase(dataDir, DATABASE)
  expect(await findDevDatabase(dataDir)).toBe(DATABASE)
  await database.close()
})

it('takes over from a process that was killed while it started', async () => {
  const gone = JSON.stringify({ pid: 1, port: await freePort(), databaseUrl: '' })
  await writeFile(`${dataDir}.json.lock`, gone)
  const database = await openDevDatabase(dataDir, DATABASE)
  expect(await findDevDatabase(dataDir)).toBe(DATABASE)
  await database.close()
})

it('says that the database of a process is still starting', async () => {
  const alive = createServer((socket) => socket.destroy())
  onTestFinished(() => void alive.close())
  const owner = { pid: 1, port: await listen(alive, 0, '127.0.0.1'), databaseUrl: '' }
  await writeFile(`${dataDir}.json`, JSON.stringify(owner))
  await expect(findDevDatabase(dataDir)).rejects.toThrow('the database is starting, try again')
  await expect(openDevDatabase(dataDir, DATABASE)).rejects.toThrow(
    `process 1 is using ${dataDir}; end it, or name another --data-dir`,
  )
})

it('keeps the owner file from other users, and leaves nothing behind', async () => {
  const database = await openDevDatabase(dataDir, DATABASE)
  expect(await readdir(directory)).toEqual(['pgdata.json'])
  expect((await stat(`${dataDir}.json`)).mode & 0o777).toBe(0o600)
  await database.close()
  expect(await readdir(directory)).toEqual([])
})
