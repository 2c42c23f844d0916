/**
 * The database of `npm run dev`, and who has it. A data directory belongs to one process at a
 * time; `<data-dir>.json` names it while it runs, so that other tools can reach its database.
 */

import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError, type Flag } from './command-line.ts'
import { listen } from './listen.ts'
import { servePglite } from './pglite-server.ts'

/** Where `npm run dev` keeps its data unless told otherwise. */
export const DATA_DIR = fileURLToPath(new URL('../.dev/pgdata', import.meta.url))

/** The flag of the tools that use it. */
export const DATA_DIR_FLAG = {
  type: 'string',
  value: 'DIR',
  description: 'where the embedded database keeps its data',
  default: DATA_DIR,
} as const satisfies Flag

export interface DevDatabase {
  url: string
  close(): Promise<void>
}

/** Takes the data directory, and serves PGlite on it unless `databaseUrl` is another database. */
export async function openDevDatabase(dataDir: string, databaseUrl?: string): Promise<DevDatabase> {
  const claim = await claimDataDir(dataDir)
  try {
    const postgres = databaseUrl ? undefined : await servePglite({ dataDir })
    const url = postgres?.url ?? databaseUrl ?? ''
    await claim.publish(url)
    return {
      url,
      async close() {
        await postgres?.close()
        await claim.release()
      },
    }
  } catch (error) {
    await claim.release()
    throw error
  }
}

/** The database of a running process that has the data directory, or nothing. */
export async function findDevDatabase(dataDir: string): Promise<string | undefined> {
  const owner = await findOwner(dataDir)
  if (owner?.databaseUrl === '') throw new CommandError('the database is starting, try again')
  return owner?.databaseUrl
}

interface Owner {
  pid: number
  /** Where the owner listens as long as it lives: process ids are reused soon in containers. */
  port: number
  /** Empty while the database is starting. */
  databaseUrl: string
}

async function claimDataDir(dataDir: string) {
  const owner = await findOwner(dataDir)
  if (owner) {
    throw new CommandError(
      `process ${owner.pid} is using ${dataDir}; end it, or name another --data-dir`,
    )
  }
  const alive = createServer((socket) => socket.destroy())
  const port = await listen(alive, 0, '127.0.0.1')
  const file = ownerFile(dataDir)
  const draft = `${file}.${process.pid}`
  const write = (databaseUrl: string) =>
    writeFile(draft, JSON.stringify({ pid: process.pid, port, databaseUrl }), { mode: 0o600 })
  try {
    await mkdir(dirname(file), { recursive: true })
    await rm(file, { force: true })
    await write('')
    // A link is there at once with its content, or fails where another process was faster.
    await link(draft, file).catch(() => {
      throw new CommandError('another process has just taken the data directory')
    })
  } catch (error) {
    // It would keep this process alive.
    alive.close()
    throw error
  }
  return {
    async publish(databaseUrl: string) {
      await write(databaseUrl)
      await rename(draft, file)
    },
    async release() {
      await rm(file, { force: true })
      await rm(draft, { force: true })
      alive.close()
    },
  }
}

async function findOwner(dataDir: string): Promise<Owner | undefined> {
  const text = await readFile(ownerFile(dataDir), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  // Written by `claimDataDir` only.
  const owner = JSON.parse(text) as Owner
  return (await isListening(owner.port)) ? owner : undefined
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
