/**
 * A session pool that behaves as Neon's proxy: requests wait for a stopped Postgres, leave no
 * session state to the next request, and are canceled if their client disconnects.
 */

import { connect as openSocket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { cancelRequest } from '../pglite/postgres-wire.ts'
import { COMPUTE_UNREACHABLE, CONNECTION_CLOSED, ProxyError } from './errors.ts'

const CONNECT_ATTEMPTS = 5
const INVALID_CATALOG_NAME = '3D000'
/** Time for the server to cancel a query, after which the connection is dropped. */
const CANCEL_MS = 100

export interface Sessions {
  /**
   * Calls `use` with a session; when `signal` aborts, its query is canceled.
   *
   * @throws {ProxyError} if Postgres cannot be reached, disconnects or reports an error
   */
  lend<T>(signal: AbortSignal, use: (client: pg.PoolClient) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** @param connectWaitMs how long connecting to a stopped Postgres is retried */
export function openSessions(databaseUrl: string, connectWaitMs: number): Sessions {
  // No queue in the pool: Postgres limits the number of connections.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: Number.POSITIVE_INFINITY })
  // The pool removes broken idle connections; an unhandled event would end the process.
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
      // Ends early if the client disconnects; the next attempt is then the last.
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
  // A broken connection also rejects the query; an unhandled event would end the process.
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
 * Discards session state: `SET`, prepared statements, temporary tables.
 *
 * @returns whether the connection must be dropped: it is broken or still in a transaction
 */
async function reset(client: pg.PoolClient): Promise<boolean> {
  if (client.getTransactionStatus() !== 'I') return true
  return client.query('DISCARD ALL').then(
    () => false,
    () => true,
  )
}

/** Asks the server, over a separate connection, to cancel the client's query. */
function sendCancelRequest(client: pg.PoolClient): void {
  // Boundary: pg's types lack the BackendKeyData of the server.
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
  const { host, port } = client
  const server = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
  const socket = openSocket(server)
  socket.on('error', () => {})
  socket.end(cancelRequest(processID, secretKey))
}
