/** Parses requests of Neon's SQL-over-HTTP protocol: credentials, body and batch headers. */

import type { IncomingMessage } from 'node:http'
import * as z from 'zod'
import { MAX_NEON_BYTES, ProxyError, passwordRefused, requestTooLarge } from './errors.ts'

const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: ' ISOLATION LEVEL READ UNCOMMITTED',
  ReadCommitted: ' ISOLATION LEVEL READ COMMITTED',
  RepeatableRead: ' ISOLATION LEVEL REPEATABLE READ',
  Serializable: ' ISOLATION LEVEL SERIALIZABLE',
}

const querySchema = z.object({
  query: z.string(),
  params: z.array(z.unknown()).default([]),
  arrayMode: z.boolean().optional(),
})
const payloadSchema = z.union([querySchema, z.object({ queries: z.array(querySchema) })])

export type Query = z.infer<typeof querySchema>

/**
 * Checks the request's connection string against the endpoint's: user, password and database.
 *
 * @throws {ProxyError} 400
 */
export function checkCredentials({ headers }: IncomingMessage, connectionString: string): void {
  const given = URL.parse(String(headers['neon-connection-string']))
  if (!given) throw refused('invalid header: neon-connection-string')
  const expected = new URL(connectionString)
  if (given.username !== expected.username || given.password !== expected.password) {
    throw passwordRefused(decodeURIComponent(given.username))
  }
  if (given.pathname !== expected.pathname) {
    const message = `database "${given.pathname.slice(1)}" does not exist`
    throw new ProxyError(400, { severity: 'FATAL', code: '3D000', message })
  }
}

/** Reads the body as text. @throws {ProxyError} 413 if it is too large */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    // Read and discard the rest, so that the client, still sending, receives the response.
    if (size <= MAX_NEON_BYTES) chunks.push(chunk)
  }
  if (size > MAX_NEON_BYTES) throw requestTooLarge()
  return Buffer.concat(chunks).toString('utf8')
}

/** Parses a query or a batch of queries. @throws {ProxyError} 400 if the body is neither */
export function parsePayload(text: string): z.infer<typeof payloadSchema> {
  try {
    return payloadSchema.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'neither a query nor queries' : String(error)
    throw refused(`could not parse the HTTP request body: ${reason}`)
  }
}

/** The BEGIN statement of a batch, from its headers. @throws {ProxyError} 400 for an unknown level */
export function beginStatement({ headers }: IncomingMessage): string {
  const level = headers['neon-batch-isolation-level']
  const isolation = level === undefined ? '' : ISOLATION_LEVELS[String(level)]
  if (isolation === undefined) throw refused('invalid isolation level')
  const readOnly = headers['neon-batch-read-only'] === 'true' ? ' READ ONLY' : ''
  const deferrable = headers['neon-batch-deferrable'] === 'true' ? ' DEFERRABLE' : ''
  return `BEGIN${isolation}${readOnly}${deferrable}`
}

function refused(message: string): ProxyError {
  return new ProxyError(400, { message })
}
