/**
 * The database of `npm run dev` and `npm run db`. A data directory belongs to one process at a time;
 * its `<data-dir>.json` lets other tools connect to the database.
 */

import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError, type Flag } from '../command-line.ts'
import { listen } from '../listen.ts'
import { startPglite } from '../pglite/server.ts'

/** The default data directory. */
export const DATA_DIR = fileURLToPath(new URL('../../.dev/pgdata', import.meta.url))

export const DATA_DIR_FLAG = {
  type: 'string',
  value: 'DIR',
  description: 'directory of the embedded database',
  default: DATA_DIR,
} as const satisfies Flag

export interface DevDatabase {
  url: string
  /** Resolves once Postgres has started; earlier connections wait. */
  started: Promise<void>
  close(): Promise<void>
}

/** Like `startDevDatabase`, but waits until the database has started. */
export async function openDevDatabase(dataDir: string, databaseUrl?: string): Promise<DevDatabase> {
  const database = await startDevDatabase(dataDir, databaseUrl)
  await database.started.catch(async (error) => {
    await database.close()
    throw error
  })
  return database
}

/** Claims the data directory, and starts PGlite on it unless `databaseUrl` is given. */
export async function startDevDatabase(
  dataDir: string,
  databaseUrl?: string,
): Promise<DevDatabase> {
  const claim = await claimDataDir(dataDir)
  try {
    const postgres = databaseUrl ? undefined : await startPglite({ dataDir })
    const url = postgres?.url ?? databaseUrl ?? ''
    const started = Promise.resolve(postgres?.started).then(() => claim.publish(url))
    // Callers await `started` and handle the rejection.
    started.catch(() => {})
    return {
      url,
      started,
      async close() {
        await started.catch(() => {})
        await postgres?.close()
        await claim.release()
      },
    }
  } catch (error) {
    await claim.release()
    throw error
  }
}

/** The database of the running process that owns the data directory, if any. */
export async function findDevDatabase(dataDir: string): Promise<string | undefined> {
  const owner = await findOwner(ownerFile(dataDir))
  if (owner?.databaseUrl === '') throw new CommandError('the database is starting, try again')
  return owner?.databaseUrl
}

interface Owner {
  pid: number
  /** The owner listens here while it runs; process ids are soon reused in containers. */
  port: number
  /** Empty while the database is starting. */
  databaseUrl: string
}

/** Throws a CommandError if another process owns or is claiming the data directory. */
async function claimDataDir(dataDir: string) {
  const file = ownerFile(dataDir)
  await mkdir(dirname(file), { recursive: true })
  const alive = createServer((socket) => socket.destroy())
  const port = await listen(alive, 0, '127.0.0.1')
  const owner = { pid: process.pid, port, databaseUrl: '' }
  try {
    await takeDataDir(dataDir, owner)
  } catch (error) {
    // The server would keep this process alive.
    alive.close()
    throw error
  }
  return {
    async publish(databaseUrl: string) {
      await rename(await writeDraft(file, { ...owner, databaseUrl }), file)
    },
    async release() {
      await rm(file, { force: true })
      alive.close()
    },
  }
}

/**
 * Writes a temporary file, to be renamed or linked atomically. It is private, since it contains the
 * database's password.
 */
async function writeDraft(file: string, owner: Owner): Promise<string> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(owner), { mode: 0o600, flag: 'wx' })
  return draft
}

async function takeDataDir(dataDir: string, owner: Owner): Promise<void> {
  const file = ownerFile(dataDir)
  const lock = `${file}.lock`
  await using leftovers = new AsyncDisposableStack()
  const draft = await writeDraft(file, owner)
  leftovers.defer(() => rm(draft, { force: true }))
  await takeLock(lock, draft)
  leftovers.defer(() => rm(lock))
  const other = await findOwner(file)
  if (other) {
    throw new CommandError(
      `process ${other.pid} is using ${dataDir}; end it, or name another --data-dir`,
    )
  }
  await rename(draft, file)
}

/** Links `draft` as the lock, which is held between the check for an owner and the claim. */
async function takeLock(lock: string, draft: string): Promise<void> {
  // Left behind if its process was killed in between.
  if ((await readOwner(lock)) && !(await findOwner(lock))) await rm(lock, { force: true })
  await link(draft, lock).catch((error) => {
    if (error.code !== 'EEXIST') throw error
    throw new CommandError('another process has just taken the data directory')
  })
}

/** The owner, if it is still running. */
async function findOwner(file: string): Promise<Owner | undefined> {
  const owner = await readOwner(file)
  return owner && (await isListening(owner.port)) ? owner : undefined
}

async function readOwner(file: string): Promise<Owner | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  try {
    // Boundary: only `writeDraft` writes the file.
    return text === undefined ? undefined : (JSON.parse(text) as Owner)
  } catch {
    // Incomplete, so not from a running process.
    return undefined
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

function ownerFile(dataDir: string): string {
  return `${dataDir.replace(/\/+$/, '')}.json`
}
