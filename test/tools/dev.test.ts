import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findDevDatabase, openDevDatabase } from '../../tools/dev-database.ts'
import { listen } from '../../tools/listen.ts'

/** PGlite takes seconds to start on a busy machine. */
const STARTS_PGLITE_MS = 30_000

const DEV = fileURLToPath(new URL('../../tools/dev.ts', import.meta.url))

let directory: string
let dataDir: string
let freePort: number

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dev-'))
  dataDir = join(directory, 'pgdata')
  const server = createServer()
  freePort = await listen(server, 0, '127.0.0.1')
  server.close()
})
afterAll(() => rm(directory, { recursive: true }))

/** A start that fails: exit code and stderr. */
function run(...flags: string[]) {
  const all = ['--port', String(freePort), '--data-dir', dataDir, ...flags]
  return expect(promisify(execFile)(process.execPath, [DEV, ...all], { timeout: 20_000 })).rejects
}

it('exits with 1 and one line where the port is taken', async () => {
  const server = createServer()
  const port = await listen(server, 0, '127.0.0.1')
  await run('--port', String(port)).toMatchObject({
    code: 1,
    stderr: `dev: port ${port} is taken\n`,
  })
  server.close()
})

it.each([
  [['--catalog', '/nowhere'], 'dev: /nowhere cannot be read: ENOENT\n'],
  [['--port', '65536'], 'dev: not a port: 65536\n'],
  [['--port', '0'], 'dev: not a port: 0\n'],
  [['--database', 'mysql://u:hush@h/d'], 'dev: --database must be a postgres:// URL\n'],
  [
    ['--database', 'postgres://u:hush@127.0.0.1:1/d'],
    'dev: the database cannot be used: connect ECONNREFUSED 127.0.0.1:1\n',
  ],
])('exits with 1 and one line for %j', async (flags, stderr) => {
  await run(...flags).toMatchObject({ code: 1, stdout: '', stderr })
})

it(
  'lends its data directory to one process at a time',
  async () => {
    const database = await openDevDatabase(dataDir)
    expect(await findDevDatabase(dataDir)).toBe(database.url)
    await run().toMatchObject({
      code: 1,
      stderr: `dev: process ${process.pid} is using ${dataDir}; end it, or name another --data-dir\n`,
    })
    await database.close()
    expect(await findDevDatabase(dataDir)).toBeUndefined()
  },
  STARTS_PGLITE_MS,
)
