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
import { findDevDatabase, openDevDatabase } from '../../../tools/dev/database.ts'
import { listen } from '../../../tools/listen.ts'
import { freePort } from '../../harness/free-port.ts'

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

/** A start that fails: exit code and stderr. */
function run(...flags: string[]) {
  const all = ['--port', String(port), '--data-dir', dataDir, ...flags]
  return expect(runFile(process.execPath, [DEV, ...all])).rejects
}

const STARTING = 'starting the database and the Worker\n'

it('exits with 1 and one line where the port is taken', async () => {
  const server = createServer()
  const taken = await listen(server, 0, '127.0.0.1')
  await run('--port', String(taken)).toMatchObject({
    code: 1,
    stderr: `dev: port ${taken} is taken\n`,
  })
  server.close()
})

it.each([
  [['--catalog', '/nowhere'], 'dev: /nowhere cannot be read: ENOENT\n'],
  [['--database', 'mysql://u:hush@h/d'], 'dev: --database must be a postgres:// URL\n'],
  [
    ['--database', 'postgres://u:hush@127.0.0.1:1/d'],
    'dev: the database cannot be used: connect ECONNREFUSED 127.0.0.1:1\n',
  ],
  [['--data-dir', '/dev/null/x'], "dev: EEXIST: file already exists, mkdir '/dev/null'\n"],
])('exits with 1 and one line for %j', async (flags, stderr) => {
  await run(...flags).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(`^${STARTING}`),
    stderr,
  })
})

it.each([['65536'], ['0']])('exits with 1 and one line for --port %s', async (value) => {
  const stderr = `dev: not a port: ${value}\n`
  await run('--port', value).toMatchObject({ code: 1, stdout: '', stderr })
})

it('refuses to start on Windows, where it could not end the Worker', async () => {
  const platform = `Object.defineProperty(process, 'platform', { value: 'win32' })`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(platform)}`, DEV]
  await expect(runFile(process.execPath, args)).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'dev: Windows is not supported; use WSL\n',
  })
})

it('lends its data directory to one process at a time', async () => {
  const database = await openDevDatabase(dataDir, 'postgres://u@h/d')
  expect(await findDevDatabase(dataDir)).toBe('postgres://u@h/d')
  await run().toMatchObject({
    code: 1,
    stderr: `dev: process ${process.pid} is using ${dataDir}; end it, or name another --data-dir\n`,
  })
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

/** Starts it and waits until it has said all; `total` asks what its `curl` line asks. */
async function start(...flags: string[]) {
  const all = ['--port', String(port), '--data-dir', dataDir, ...flags]
  const child = spawn(process.execPath, [DEV, ...all], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, AUTH_JWT_SECRET: SECRET },
  })
  onTestFinished(() => void child.kill())
  const printed: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line)
    if (line.startsWith('explorer ')) break
  }
  const [ready, curl = '', explorer] = printed.slice(-3)
  const [, token = '', url = ''] = /^curl -gs -H 'Authorization: (.*)' '(.*)'$/.exec(curl) ?? []
  expect(explorer).toBe(`explorer ${new URL(url).origin}/#token=${token.replace('Bearer ', '')}`)
  return {
    ready,
    /** Its first line, and the one about the catalog. */
    first: printed[0],
    catalog: printed.find((line) => line.startsWith('catalog: ')),
    async total(): Promise<unknown> {
      const answer = await fetch(url, { headers: { Authorization: token } })
      const { meta } = (await answer.json()) as { meta: { total_items: string } }
      return meta.total_items
    },
    /** The exit code, after a signal or the end of whoever reads the output. */
    async end(how: NodeJS.Signals | 'unread'): Promise<unknown> {
      const exited = once(child, 'exit')
      if (how !== 'unread') child.kill(how)
      else {
        child.stdout.destroy()
        // The Worker logs it; whether it is still answered does not matter.
        await fetch(url).catch(() => {})
      }
      const [code] = await exited
      return code
    },
  }
}

it('prints a working curl line and the explorer’s link, ends the Worker with itself, and keeps the data', async () => {
  const [one, two] = [join(directory, 'one.ndjson'), join(directory, 'two.ndjson')]
  await writeFile(one, JSON.stringify(ASSET))
  await writeFile(two, JSON.stringify({ ...ASSET, asset_uri: 'https://example.org/b.csv' }))
  const file = relative('', two)
  const origin = `http://127.0.0.1:${port}`
  // What is loaded at the first start is still there, and all there is, at the others.
  for (const [catalog, said, how] of [
    [one, `catalog: 1 asset, loaded from ${relative('', one)}`, 'SIGINT'],
    [two, `catalog: 1 asset, kept; to load ${file} too: npm run import -- ${file}`, 'SIGHUP'],
    ['none', 'catalog: 1 asset', 'unread'],
  ] as const) {
    const dev = await start('--catalog', catalog)
    expect(dev.first).toBe('starting the database and the Worker')
    expect(dev.catalog).toBe(said)
    expect(dev.ready).toBe(`ready ${origin}`)
    expect(await dev.total()).toBe('1')
    const { stdout } = await runFile('ps', ['-eww', '-o', 'args'])
    expect(stdout).toContain(`wrangler.js dev --ip 127.0.0.1 --port ${port}`)
    expect(stdout).not.toContain(SECRET)
    expect(await dev.end(how)).toBe(0)
    await expect(fetch(origin)).rejects.toThrow('fetch failed')
  }
})
