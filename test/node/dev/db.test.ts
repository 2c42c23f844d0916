/** `npm run db` with `npx wrangler dev`, as CONTRIBUTING.md describes them. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import * as db from '../../../tools/dev/db.ts'
import { listen } from '../../../tools/listen.ts'
import { DEVELOPMENT_SECRET, signToken } from '../../../tools/token.ts'
import { freePort } from '../../harness/free-port.ts'
import { makePreparedDataDir } from '../../harness/prepared-database.ts'
import { runTool } from '../../harness/run-tool.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const DB = join(ROOT, 'tools/dev/db.ts')

let directory: string
let example: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'db-'))
  example = await readFile(join(ROOT, '.dev.vars.example'), 'utf8')
})
afterAll(() => rm(directory, { recursive: true }))

/** Starts a process and reads its output until a line matches. */
async function start(command: string, args: string[], until: RegExp) {
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  // A process group of its own, which ends with the test: npx leaves what it started behind.
  const child = spawn(command, args, { cwd: ROOT, stdio: [...stdio], detached: true })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    if (child.exitCode === null) process.kill(-Number(child.pid), 'SIGTERM')
    await exited
  })
  const printed: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line)
    if (until.test(line)) break
  }
  // Its further output is not of interest, but must not block it.
  child.stdout.resume()
  return { printed, child, exited }
}

it('serves a database that the Worker of `npx wrangler dev` reads, by .dev.vars.example', async () => {
  const port = await freePort()
  const catalog = join(directory, 'catalog.ndjson')
  await writeFile(
    catalog,
    '{"dataset":"abc","version":"v1","asset_type":"csv","asset_uri":"https://a.example/a.csv"}',
  )
  const dataDir = join(directory, 'pgdata')
  await makePreparedDataDir('empty', dataDir)
  const flags = ['--data-dir', dataDir, '--catalog', catalog]
  const serving = await start(process.execPath, [DB, '--port', `${port}`, ...flags], /^the Worker/)
  const connectionString = String(parseEnv(example).DATABASE_URL).replace(':8432', `:${port}`)
  expect(serving.printed).toEqual([
    'starting the database',
    expect.stringMatching(/^catalog: 1 asset, loaded from .*catalog\.ndjson$/),
    `ready ${connectionString}`,
    'the Worker, in another terminal: npx wrangler dev',
  ])

  const vars = join(directory, 'dev.vars')
  await writeFile(vars, example.replace(':8432', `:${port}`))
  const workerPort = await freePort()
  const args = ['wrangler', 'dev', '--port', `${workerPort}`, '--env-file', vars]
  await start('npx', [...args, '--inspector-port', '0', '--ip', '127.0.0.1'], /Ready on/)
  const token = await signToken({ subject: 'tester', expires: '1h' }, DEVELOPMENT_SECRET)
  const answer = await fetch(`http://127.0.0.1:${workerPort}/assets`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  expect(await answer.json()).toMatchObject({ status: 'success', meta: { total_items: '1' } })

  serving.child.kill('SIGINT')
  expect(await serving.exited).toEqual([0, null])
})

it('has by default the port and the secret of .dev.vars.example', async () => {
  const { stdout } = await runTool(db, ['--help'])
  expect(stdout).toContain('port of the Neon endpoint (default: 8432)')
  expect(parseEnv(example)).toEqual({
    DATABASE_URL: 'postgres://dev:development-only@127.0.0.1:8432/catalog',
    AUTH_JWT_SECRET: DEVELOPMENT_SECRET,
  })
})

it('exits with 1 and one line where the port is taken', async () => {
  const server = createServer()
  const taken = await listen(server, 0, '127.0.0.1')
  onTestFinished(() => void server.close())
  expect(await runTool(db, ['--port', `${taken}`])).toEqual({
    code: 1,
    stdout: '',
    stderr: `db: port ${taken} is taken\n`,
  })
})
