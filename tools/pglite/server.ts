/**
 * Serves PGlite over the Postgres wire protocol (version 3), for `pg`, `psql` and the tools.
 *
 * PGlite has a single session, so connections take turns: each holds the session from its first
 * message until Postgres reports it idle, so that transactions never interleave. Session state
 * (`SET`, prepared statements) is shared by all connections.
 */

import { mkdir } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { listen } from '../listen.ts'
import { createMutex, type Mutex } from './mutex.ts'
import {
  errorResponse,
  isCopyFromClient,
  readMessages,
  readStartup,
  simpleQuery,
  startupMessage,
  transactionStatus,
} from './postgres-wire.ts'

export interface PgliteServer {
  /** A `postgres://` URL on loopback. */
  url: string
  /** Resolves once Postgres has started; earlier connections wait. */
  started: Promise<void>
  close(): Promise<void>
}

interface PgliteOptions {
  /** In memory by default. */
  dataDir?: string
  /** Any free port by default. */
  port?: number
  /** Initial content of a database in memory: a tarball from PGlite's `dumpDataDir`. */
  snapshot?: Blob
}

/** Like `startPglite`, but waits until Postgres has started. */
export async function servePglite(options: PgliteOptions = {}): Promise<PgliteServer> {
  const server = await startPglite(options)
  await server.started.catch(async (error) => {
    await server.close()
    throw error
  })
  return server
}

/** Listens immediately, while Postgres is still starting: the first start takes seconds. */
export async function startPglite(options: PgliteOptions): Promise<PgliteServer> {
  const mutex = createMutex()
  const sockets = new Set<Socket>()
  const session = Promise.withResolvers<Session>()
  const started = session.promise.then(() => {})
  // Callers await `started` and handle the rejection.
  started.catch(() => {})

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    // The loop in `serveConnection` then ends and rolls back the transaction.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    session.promise
      .then((opened) => serveConnection(socket, opened, mutex))
      .catch(() => socket.destroy())
  })
  const port = await listen(server, options.port ?? 0, '127.0.0.1')
  openSession(options).then(session.resolve, session.reject)

  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    started,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      const opened = await session.promise.catch(() => undefined)
      const release = await mutex.acquire()
      await opened?.close().finally(release)
    },
  }
}

async function serveConnection(socket: Socket, session: Session, mutex: Mutex): Promise<void> {
  const input = socket[Symbol.asyncIterator]()
  const rest = await readStartup(input, socket)
  if (!rest) return void socket.destroy()
  socket.write(session.greeting)

  let release: (() => void) | undefined
  let group: Buffer[] = []
  try {
    for await (const message of readMessages(input, rest)) {
      const type = String.fromCharCode(message[0] ?? 0)
      if (type === 'X') break
      group.push(message)
      // A client awaits an answer after Sync, Query, Flush and FunctionCall.
      if (!'SQHF'.includes(type)) continue
      release ??= await mutex.acquire()
      // The client disconnected while waiting.
      if (socket.destroyed) break
      const answer = await session.execute(group)
      group = []
      socket.write(answer)
      if (transactionStatus(answer) !== 'I') continue
      release()
      release = undefined
    }
  } finally {
    if (release) await session.execute([simpleQuery('ROLLBACK')]).finally(release)
    socket.end()
  }
}

interface Session {
  /** Postgres' answer to the startup message. */
  greeting: Uint8Array
  /** Runs a group of messages. An exception of PGlite becomes an error response. */
  execute(group: Buffer[]): Promise<Uint8Array>
  close(): Promise<void>
}

async function openSession(options: PgliteOptions): Promise<Session> {
  const { dataDir, snapshot } = options
  if (dataDir) await mkdir(dataDir, { recursive: true })
  const open = () =>
    dataDir ? PGlite.create(dataDir) : PGlite.create(snapshot ? { loadDataDir: snapshot } : {})
  let database = await open()
  // Copied because the result is a view of PGlite's output buffer.
  const greeting = (await database.execProtocolRaw(startupMessage('postgres'))).slice()
  return {
    greeting,
    async execute(group) {
      try {
        const messages = group.some(isCopyFromClient) ? simpleQuery(REFUSE_COPY) : group
        return await database.execProtocolRaw(Buffer.concat([messages].flat()))
      } catch (error) {
        // A Postgres that exited never answers again; a new one recovers the data directory.
        if (isExit(error)) database = await open()
        else await database.execProtocolRaw(simpleQuery('ROLLBACK'))
        return errorResponse('XX000', `PGlite failed: ${isExit(error) ? 'it exited' : error}`)
      }
    },
    close: () => database.close(),
  }
}

/** PGlite cannot wait for the later messages that carry the data of a COPY: it would exit. */
const REFUSE_COPY = `DO $$ BEGIN
  RAISE feature_not_supported USING MESSAGE = 'COPY FROM STDIN is not supported by PGlite';
END $$`

function isExit(error: unknown): boolean {
  return error instanceof Object && 'name' in error && error.name === 'ExitStatus'
}
