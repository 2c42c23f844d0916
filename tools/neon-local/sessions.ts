/**
 * Postgres sessions for one request each, as Neon's proxy pools them: a request waits for a stopped
 * Postgres a while, leaves nothing of its session to the next one, and is canceled if its client
 * goes away.
 */

import { connect as openSocket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { cancelRequest } from '../pglite/postgres-wire.ts'
import { COMPUTE_UNREACHABLE, CONNECTION_CLOSED, ProxyError } from './errors.ts'

const CONNECT_ATTEMPTS = 5
const INVALID_CATALOG_NAME = '3D000'
/** For the server to cancel a query; a connection that is still busy then is dropped. */
const CANCEL_MS = 100

export interface Sessions {
  /**
   * Lends a session to `use`; when `signal` aborts, its query is canceled.
   *
   * @throws {ProxyError} as Neon answers if Postgres cannot be reached, is lost or reports an error
   */
  lend<T>(signal: AbortSignal, use: (client: pg.PoolClient) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** @param connectWaitMs how long connecting to a stopped Postgres is tried */
export function openSessions(databaseUrl: string, connectWaitMs: number): Sessions {
  // Nothing queues: how many connections there may be is for Postgres to say.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: Number.POSITIVE_INFINITY })
  // An idle connection that breaks is removed by the pool, and replaced at the next request.
  pool.on('error', () => {})
  return {
    async lend(signal, use) {
      const client = await connect(pool, connectWaitMs, signal)
      return lendClient(client, signal, use)
    },
    close: () => pool.end(),
  }
}

async function connect(pool: pg.Pool, waitMs: number, signal: AbortSignal): Promise<pg.PoolClient> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await pool.connect()
    } catch (error) {
      if (error instanceof pg.DatabaseError) {
        throw new ProxyError(error.code === INVALID_CATALOG_NAME ? 400 : 500, error)
      }
      if (attempt === CONNECT_ATTEMPTS || signal.aborted) {
        throw new ProxyError(500, { message: COMPUTE_UNREACHABLE })
      }
      // Ends early if the client goes away; the next attempt is then the last.
      await setTimeout(waitMs / (CONNECT_ATTEMPTS - 1), undefined, { signal }).catch(() => {})
    }
  }
}

async function lendClient<T>(
  client: pg.PoolClient,
  signal: AbortSignal,
  use: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  let isLost = false
  // A connection that breaks in use fails its query; without a listener it would end the process.
  const onError = () => {
    isLost = true
  }
  let isReleased = false
  function release(drop: boolean): void {
    if (isReleased) return
    isReleased = true
    client.release(drop)
    client.off('error', onError)
  }
  async function cancel(): Promise<void> {
    sendCancelRequest(client)
    await setTimeout(CANCEL_MS)
    release(true)
  }
  const onAbort = () => void cancel()
  client.on('error', onError)
  signal.addEventListener('abort', onAbort)
  try {
    const result = await use(client)
    signal.removeEventListener('abort', onAbort)
    void reset(client).then(release)
    return result
  } catch (error) {
    signal.removeEventListener('abort', onAbort)
    release(true)
    if (error instanceof pg.DatabaseError) throw new ProxyError(400, error)
    throw isLost ? new ProxyError(400, { message: CONNECTION_CLOSED }) : error
  }
}

/**
 * Clears what a session keeps between requests: `SET`, prepared statements, temporary tables.
 *
 * @returns whether the connection must be dropped: it broke, or was left in a transaction
 */
async function reset(client: pg.PoolClient): Promise<boolean> {
  if (client.getTransactionStatus() !== 'I') return true
  return client.query('DISCARD ALL').then(
    () => false,
    () => true,
  )
}

/** Asks the server, on a connection of its own, to cancel what this one runs. It may be too late. */
function sendCancelRequest(client: pg.PoolClient): void {
  // Boundary: what the server sent as BackendKeyData is missing in the types of pg.
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
  const { host, port } = client
  const server = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
  const socket = openSocket(server)
  socket.on('error', () => {})
  socket.end(cancelRequest(processID, secretKey))
}
