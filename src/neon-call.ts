/**
 * Calls of Neon's SQL over HTTP: one POST a call, one time limit. The driver's errors can hold the
 * connection string, SQL and parameters; none of that leaves this file.
 */

import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import type { Query } from 'drizzle-orm'
import { ApiError, serviceUnavailable } from './errors.ts'
import { errorName, log } from './log.ts'

/** What a call cost: milliseconds, and how often it was sent again. */
export type DatabaseCall = { ms: number; retries: number }

/** 503 of a call that failed, and what it cost. */
export class FailedCallError extends ApiError {
  readonly call: DatabaseCall

  constructor(call: DatabaseCall) {
    const { status, detail, headers } = serviceUnavailable()
    super(status, detail, headers)
    this.call = call
  }
}

/** A row by column name. */
export type Row = Record<string, unknown>

const neonEndpoint = neonConfig.fetchEndpoint
neonConfig.fetchEndpoint = (host, port, options) => {
  if (isLoopback(host)) return `http://${host}:${port}/sql`
  return typeof neonEndpoint === 'function' ? neonEndpoint(host, port, options) : neonEndpoint
}
neonConfig.fetchFunction = fetchWithOneRetry

/** Runs a statement; `read` refuses rows that are not what it names. */
export async function run<Result>(
  env: Env,
  statement: Query,
  timeoutMs: number,
  read: (rows: Row[]) => Result,
): Promise<{ result: Result; call: DatabaseCall }> {
  const call = { retries: 0 }
  const startedAt = Date.now()
  try {
    const fetchOptions: CallOptions = { signal: AbortSignal.timeout(timeoutMs), call }
    const client = neon(env.DATABASE_URL, { fetchOptions })
    const rows = await client.query(statement.sql, statement.params)
    const result = read(rows)
    return { result, call: { ...call, ms: Date.now() - startedAt } }
  } catch (error) {
    const failed = { ms: Date.now() - startedAt, ...call }
    const fields = { error: errorName(error), ...describeNeonError(error), ...failed }
    log('error', 'database call failed', fields)
    throw new FailedCallError(failed)
  }
}

/**
 * SQLSTATE and message of an error that Postgres itself reported, without what its quotes hold:
 * names, and the values of parameters. Other messages can hold anything: of those only the class of
 * what `fetch` threw, or the HTTP status, is told.
 */
function describeNeonError(error: unknown): { sqlState?: string; reason?: string | undefined } {
  if (!(error instanceof NeonDbError)) return {}
  if (error.sourceError) return { reason: errorName(error.sourceError) }
  if (!error.code) return { reason: /^Server error \(HTTP status \d+\)/.exec(error.message)?.[0] }
  const reason = error.message.replace(/"[^"]*"?|'[^']*'?|\d+/g, '…').slice(0, 200)
  return { sqlState: error.code, reason }
}

/** The driver hands the options of a call to `fetch` as they are: ours count its retries. */
type CallOptions = { signal: AbortSignal; call: { retries: number } }

/** A Neon compute that was asleep refuses or answers 5xx once; an SQL error is a 400, never retried. */
async function fetchWithOneRetry(url: string, options: CallOptions): Promise<Response> {
  try {
    const response = await fetchWhole(url, options)
    if (response.status < 500) return response
  } catch (error) {
    if (options.signal.aborted) throw error
  }
  options.call.retries++
  return fetchWhole(url, options)
}

/** The network can fail in the middle of a body too. */
async function fetchWhole(url: string, options: CallOptions): Promise<Response> {
  const response = await fetch(url, options)
  return new Response(await response.arrayBuffer(), { status: response.status })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}
