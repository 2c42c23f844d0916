/** Runs the system's PostgreSQL with a data directory of its own, as an unprivileged user. */

import { execFile, spawn } from 'node:child_process'
import { chown, mkdir, readdir, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { listen } from '../tools/listen.ts'

const run = promisify(execFile)
const DEBIAN_VERSIONS = '/usr/lib/postgresql'
const START_SECONDS = 30
/** Durability is off, because it only slows down creating the catalogs. */
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'max_wal_size=8GB', 'shared_buffers=512MB']

export interface PostgresServer {
  /** URL of the database `postgres`, as a superuser. */
  url: string
  close(): Promise<void>
}

/** The folder of the newest PostgreSQL binaries on this system, version 15 or later. */
export async function findPostgres(): Promise<string | undefined> {
  const versions = await readdir(DEBIAN_VERSIONS).catch(() => [])
  const folders = versions.map((version) => join(DEBIAN_VERSIONS, version, 'bin'))
  const found: { folder: string; version: number }[] = []
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...folders]) {
    if (!(await isFile(join(folder, 'initdb')))) continue
    const { stdout } = await run(join(folder, 'postgres'), ['--version']).catch(() => ({
      stdout: '',
    }))
    const version = Number(/(\d+)/.exec(stdout)?.[1] ?? 0)
    if (version >= 15) found.push({ folder, version })
  }
  return found.sort((a, b) => b.version - a.version)[0]?.folder
}

/** Starts the cluster in `folder` on a free loopback port, and creates it if it is missing. */
export async function startPostgres(binaries: string, folder: string): Promise<PostgresServer> {
  const user = await unprivilegedUser()
  const data = join(folder, 'postgres')
  await mkdir(data, { recursive: true, mode: 0o700 })
  if (user) await Promise.all([folder, data].map((path) => chown(path, user.uid, user.gid)))
  if (!(await isFile(join(data, 'PG_VERSION')))) {
    const options = [
      '--username=bench',
      '--auth=trust',
      '--encoding=UTF8',
      '--no-locale',
      '--no-sync',
    ]
    await run(join(binaries, 'initdb'), ['-D', data, ...options], { ...user, cwd: folder })
  }
  const port = await freePort()
  const settings = [...SETTINGS, `port=${port}`, 'listen_addresses=127.0.0.1']
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, ...[...settings, `unix_socket_directories=${data}`].flatMap((set) => ['-c', set])],
    // Detached, so that Ctrl-C does not stop the server before its clients are closed.
    { ...user, cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-2000)
  })
  // If this process exits before `close`, the server is only signaled.
  const interrupt = () => server.kill('SIGINT')
  process.once('exit', interrupt)
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const url = `postgres://bench@127.0.0.1:${port}/postgres`
  const close = async () => {
    interrupt()
    await exited
    process.off('exit', interrupt)
  }
  await waitUntilReady(url, () => server.exitCode === null).catch(async () => {
    await close()
    throw new Error(`PostgreSQL did not start in ${data}:\n${log}`)
  })
  return { url, close }
}

/** PostgreSQL refuses to run as root. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(
      () => [],
    )
    const [uid, gid] = ids.map(({ stdout }) => Number(stdout))
    if (uid && gid) return { uid, gid }
  }
  throw new Error('PostgreSQL refuses to run as root, and neither user postgres nor nobody exists')
}

async function waitUntilReady(url: string, isRunning: () => boolean): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000
  while (isRunning() && Date.now() < deadline) {
    const client = new pg.Client(url)
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await setTimeout(50)
    }
  }
  throw new Error('no connection')
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server, 0, '127.0.0.1')
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}
