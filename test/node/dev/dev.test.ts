import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { startDevCatalog } from '../../../tools/dev/catalog.ts'
import { findDevDatabase, openDevDatabase } from '../../../tools/dev/database.ts'
import * as dev from '../../../tools/dev/dev.ts'
import { listen } from '../../../tools/listen.ts'
import { freePort } from '../../harness/free-port.ts'
import { runTool } from '../../harness/run-tool.ts'

const runFile = promisify(execFile)

const DEV = fileURLToPath(new URL('../../../tools/dev/dev.ts', import.meta.url))

let directory: string
let dataDir: string
let port: number

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dev-'))
  dataDir = join(directory, 'pgdata')
  port = await freePort()
})
afterAll(() => rm(directory, { recursive: true }))

it('exits with 1 and one line where the port is taken', async () => {
  const server = createServer()
  const taken = await listen(server, 0, '127.0.0.1')
  onTestFinished(() => void server.close())
  expect(await runTool(dev, ['--port', `${taken}`])).toEqual({
    code: 1,
    stdout: '',
    stderr: `dev: port ${taken} is taken\n`,
  })
})

it.each(['65536', '0'])('exits with 1 and one line for --port %s', async (value) => {
  expect(await runTool(dev, ['--port', value])).toEqual({
    code: 1,
    stdout: '',
    stderr: `dev: not a port: ${value}\n`,
  })
})

it('refuses to start on Windows, where it could not end the Worker', async () => {
  const { platform } = process
  onTestFinished(() => void Object.defineProperty(process, 'platform', { value: platform }))
  Object.defineProperty(process, 'platform', { value: 'win32' })
  expect(await runTool(dev, [])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'dev: Windows is not supported; use WSL\n',
  })
})

it('exits with 1 and one line if the database cannot be used', async () => {
  const database = 'postgres://u:hush@127.0.0.1:1/d'
  const args = [DEV, '--port', `${port}`, '--data-dir', dataDir, '--database', database]
  const run = runFile(process.execPath, args)
  onTestFinished(() => void run.child.kill())
  await expect(run).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^starting the database and the Worker\n/),
    stderr: 'dev: the database cannot be used: connect ECONNREFUSED 127.0.0.1:1\n',
  })
})

it.each([
  [{ catalog: '/nowhere' }, '/nowhere cannot be read: ENOENT'],
  [{ database: 'mysql://u:hush@h/d' }, '--database must be a postgres:// URL'],
  [{ 'data-dir': '/dev/null/x' }, "EEXIST: file already exists, mkdir '/dev/null'"],
])('does not start with %j', async (flags, message) => {
  const all = { catalog: 'none', 'data-dir': dataDir, ...flags }
  await expect(startDevCatalog(all)).rejects.toMatchObject({ message })
  expect(await findDevDatabase(dataDir)).toBeUndefined()
})

it('lends its data directory to one process at a time', async () => {
  const database = await openDevDatabase(dataDir, 'postgres://u@h/d')
  expect(await findDevDatabase(dataDir)).toBe('postgres://u@h/d')
  await expect(startDevCatalog({ catalog: 'none', 'data-dir': dataDir })).rejects.toThrow(
    `process ${process.pid} is using ${dataDir}; end it, or name another --data-dir`,
  )
  await database.close()
  expect(await findDevDatabase(dataDir)).toBeUndefined()
})

it('takes a data directory over from a process that is gone', async () => {
  const owner = { pid: process.pid, port, databaseUrl: 'postgres://gone@h/d' }
  await writeFile(`${dataDir}.json`, JSON.stringify(owner))
  expect(await findDevDatabase(dataDir)).toBeUndefined()
  const database = await openDevDatabase(dataDir, 'postgres://u@h/d')
  expect(await findDevDatabase(dataDir)).toBe('postgres://u@h/d')
  await database.close()
})

const ASSET = {
  dataset: 'umd_loss',
  version: 'v1.8',
  asset_type: 'csv',
  asset_uri: 'https://example.org/a.csv',
}

const SECRET = 'test-only-secret-of-a-developer-that-nobody-else-may-see'

it('prints a working curl line and the explorer’s link, ends the Worker with itself, and keeps the data', async () => {
  const [one, two] = [join(directory, 'one.ndjson'), join(directory, 'two.ndjson')]
  await writeFile(one, JSON.stringify(ASSET))
  await writeFile(two, JSON.stringify({ ...ASSET, asset_uri: 'https://example.org/b.csv' }))
  const origin = `http://127.0.0.1:${port}`
  const args = [DEV, '--port', `${port}`, '--data-dir', dataDir, '--catalog', one]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, AUTH_JWT_SECRET: SECRET },
  })
  onTestFinished(() => void child.kill())
  const exited = once(child, 'exit')
  const printed: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line)
    if (line.startsWith('explorer ')) break
  }
  expect(printed[0]).toBe('starting the database and the Worker')
  expect(printed).toContain(`catalog: 1 asset, loaded from ${relative('', one)}`)
  const [ready, curl = '', explorer] = printed.slice(-3)
  const [, token = '', url = ''] = /^curl -gs -H 'Authorization: (.*)' '(.*)'$/.exec(curl) ?? []
  expect(ready).toBe(`ready ${origin}`)
  expect(url).toBe(`${origin}/assets?page[size]=2`)
  expect(explorer).toBe(`explorer ${origin}/#token=${token.replace('Bearer ', '')}`)
  const answer = await fetch(url, { headers: { Authorization: token } })
  expect(await answer.json()).toMatchObject({ meta: { total_items: '1' } })
  // One, in the only form that servers may send (RFC 9110, 5.6.7).
  expect(answer.headers.get('Date')).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
  const { stdout: processes } = await runFile('ps', ['-eww', '-o', 'args'])
  expect(processes).toContain(`wrangler.js dev --ip 127.0.0.1 --port ${port}`)
  expect(processes).not.toContain(SECRET)

  child.stdout.destroy()
  // The Worker logs it, which nobody reads; whether it is still answered does not matter.
  await fetch(url).catch(() => {})
  expect(await exited).toEqual([0, null])
  await expect(fetch(origin)).rejects.toThrow('fetch failed')

  // The second start finds the assets of the first, and loads no others.
  const again = await startDevCatalog({ catalog: two, 'data-dir': dataDir })
  const file = relative('', two)
  expect(await again.ready).toBe(
    `catalog: 1 asset, kept; to load ${file} too: npm run import -- ${file}`,
  )
  const flags = { catalog: 'none', 'data-dir': join(directory, 'unused') }
  const database = await findDevDatabase(dataDir)
  const other = await startDevCatalog({ ...flags, ...(database && { database }) })
  expect(await other.ready).toBe('catalog: 1 asset')
  await other.close()
  await again.close()
})
