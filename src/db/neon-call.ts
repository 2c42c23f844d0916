/**
 * Calls of Neon's SQL over HTTP: one POST, with a time limit and one retry, which the driver does not offer.
 * Errors of the driver and of Drizzle can hold the connection string, SQL and parameters; none of
 * that leaves this file.
 */

import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import { DrizzleQueryError } from 'drizzle-orm'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { ApiError, invalidRequest, serviceUnavailable } from '../errors.ts'
import { errorName, log } from '../log.ts'
import { isLoopback } from '../loopback.ts'
import { LruMap } from '../lru-map.ts'
import type { Settings } from '../settings.ts'
import { NeonError } from './neon-error.ts'

/**
 * A retry needs at least this part of the time limit: 1 s of 5, enough for a read from the data
 * center farthest from the database (600 ms).
 */
const RETRY_SHARE = 0.2

/** The time that reading may take beside its call: a look into the cache, rendering, hashing. */
const BESIDE_CALL_MS = 500

/** The duration of a call, and the number of its retries. */
export type DatabaseCall = { ms: number; retries: number }

/** What a call says about the database. A statement that timed out may only have been slow. */
export type CallOutcome = 'answered' | 'timed out' | 'failed'

/** A call that failed: its response is a 503, or a 422 if Neon does not send so many rows. */
export class FailedCallError extends ApiError {
  readonly call: DatabaseCall
  /** `answered` if the failure concerns this statement alone. */
  readonly outcome: CallOutcome
  /** The rows are larger than the 10 MiB that Neon sends. */
  readonly isTooLarge: boolean

  constructor(call: DatabaseCall, outcome: CallOutcome, { isTooLarge = false } = {}) {
    const { status, detail, headers } = isTooLarge ? tooManyBytes() : serviceUnavailable()
    super(status, detail, headers)
    this.call = call
    this.outcome = outcome
    this.isTooLarge = isTooLarge
  }
}

const neonEndpoint = neonConfig.fetchEndpoint
neonConfig.fetchEndpoint = (host, port, options) => {
  if (isLoopback(host)) return `http://${host}:${port}/sql`
  return typeof neonEndpoint === 'function' ? neonEndpoint(host, port, options) : neonEndpoint
}
neonConfig.fetchFunction = fetchWithOneRetry

export type DatabaseSettings = Pick<Settings, 'DATABASE_URL' | 'DATABASE_TIMEOUT_MS'>

/** How long reading by one call may take in all, in milliseconds. */
export function readTimeoutMs(settings: Pick<DatabaseSettings, 'DATABASE_TIMEOUT_MS'>): number {
  return settings.DATABASE_TIMEOUT_MS + BESIDE_CALL_MS
}

/**
 * Runs one statement. The time limit covers the retry and the body. Parsing cannot be interrupted,
 * but Neon limits the size of what is parsed.
 *
 * @param query awaits one Drizzle query, and throws if the rows are not as expected
 * @throws {FailedCallError}
 */
export async function callDatabase<Result extends object>(
  { DATABASE_URL: url, DATABASE_TIMEOUT_MS: timeoutMs }: DatabaseSettings,
  query: (db: NeonHttpDatabase) => Promise<Result>,
): Promise<Result & { call: DatabaseCall }> {
  const exchange: Exchange = { retries: 0, isAnswered: false }
  const startedAt = Date.now()
  const client = idleClients.get(url)?.pop() ?? createClient(url)
  Object.assign(client.options, {
    signal: AbortSignal.timeout(timeoutMs),
    retryUntil: startedAt + timeoutMs * (1 - RETRY_SHARE),
    exchange,
  })
  try {
    const result = await query(client.db)
    release(url, client)
    return { ...result, call: { ms: Date.now() - startedAt, retries: exchange.retries } }
  } catch (thrown) {
    const error = rootCause(thrown)
    const call = { ms: Date.now() - startedAt, retries: exchange.retries }
    const neonError = error instanceof NeonError ? error : undefined
    log('error', 'database call failed', {
      error: errorName(error),
      httpStatus: exchange.httpStatus,
      sqlState: neonError?.sqlState,
      reason: neonError?.reason || undefined,
      neonRequestId: exchange.requestId,
      ...call,
    })
    throw new FailedCallError(call, outcomeOf(error, exchange), neonError)
  }
}

/** A client of the driver is used by one call at a time, because it holds the options of `fetch`. */
type Client = { db: NeonHttpDatabase; options: Partial<CallOptions> }

/** Clients between calls, by URL; those of calls that failed are dropped. */
const idleClients = new LruMap<Client[]>(2)
const MAX_IDLE_CLIENTS = 4

function createClient(url: string): Client {
  const options: Client['options'] = {}
  return { db: drizzle({ client: neon(url, { fetchOptions: options }) }), options }
}

function release(url: string, client: Client): void {
  const idle = idleClients.get(url) ?? []
  if (idle.length < MAX_IDLE_CLIENTS) idleClients.set(url, [...idle, client])
}

function outcomeOf(error: unknown, { isAnswered }: Exchange): CallOutcome {
  if (error instanceof NeonError) return error.isOutage ? 'failed' : 'answered'
  if (errorName(error) === 'TimeoutError') return 'timed out'
  return isAnswered ? 'answered' : 'failed'
}

/** 422: the rows are larger than the 10 MiB that Neon sends. */
function tooManyBytes(): ApiError {
  const msg = 'A page of this size is too large; ask for a smaller one'
  return invalidRequest([{ loc: ['query', 'page[size]'], msg, type: 'value_error.page_bytes' }])
}

/** Drizzle wraps the driver's errors, and the driver those of `fetch`. */
function rootCause(error: unknown): unknown {
  if (error instanceof DrizzleQueryError) return rootCause(error.cause)
  if (error instanceof NeonDbError) return error.sourceError ?? error
  return error
}

/** The last HTTP response of a call. */
type Exchange = {
  retries: number
  /** A whole response with a status of 2xx has arrived, though not necessarily of the database. */
  isAnswered: boolean
  httpStatus?: number
  requestId?: string | undefined
}

/** The driver passes these options to `fetch` unchanged, including those that `fetch` does not know. */
type CallOptions = { signal: AbortSignal; retryUntil: number; exchange: Exchange }

async function fetchWithOneRetry(url: string, options: CallOptions): Promise<WholeResponse> {
  try {
    return await fetchWhole(url, options)
  } catch (error) {
    if (options.signal.aborted || Date.now() > options.retryUntil) throw error
    if (error instanceof NeonError && !error.canSucceedNextTime) throw error
  }
  options.exchange.retries++
  return fetchWhole(url, options)
}

/** What the driver reads of a response; a `Response` would copy the body twice. */
type WholeResponse = { ok: true; json(): Promise<unknown> }

/** Reads the body too, so that a network failure in the middle of it can be retried. */
async function fetchWhole(url: string, options: CallOptions): Promise<WholeResponse> {
  const { exchange } = options
  delete exchange.httpStatus
  delete exchange.requestId
  const response = await fetch(url, options)
  exchange.httpStatus = response.status
  exchange.requestId = requestId(response)
  if (!response.ok) throw new NeonError(response.status, await response.text())
  const body = await response.text()
  exchange.isAnswered = true
  return { ok: true, json: async () => JSON.parse(body) }
}

/** Validated, because a proxy between the Worker and Neon could send any value. */
function requestId({ headers }: Response): string | undefined {
  return /^[\w-]{1,64}$/.exec(headers.get('Neon-Request-Id') ?? '')?.[0]
}
