/** Requests of Neon's SQL-over-HTTP protocol: body, batch headers, and how they are refused. */

import type { IncomingMessage } from 'node:http'
import * as z from 'zod'

const MAX_BODY_BYTES = 64 * 1024 * 1024

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

/** A refused request, with Neon's status and wording. */
export class RequestError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The request's body as text; 413 where it is too large. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    // The rest is read and dropped, so that the client, still sending, gets the answer.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  if (size > MAX_BODY_BYTES) {
    throw new RequestError(413, `request is too large (max is ${MAX_BODY_BYTES} bytes)`)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** One query, or a batch of them; 400 where the body is neither. */
export function parsePayload(text: string): z.infer<typeof payloadSchema> {
  try {
    return payloadSchema.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'neither a query nor queries' : String(error)
    throw new RequestError(400, `could not parse the HTTP request body: ${reason}`)
  }
}

/** What starts a batch's transaction, from its headers; 400 where the isolation level is unknown. */
export function beginStatement({ headers }: IncomingMessage): string {
  const level = headers['neon-batch-isolation-level']
  const isolation = level === undefined ? '' : ISOLATION_LEVELS[String(level)]
  if (isolation === undefined) throw new RequestError(400, 'invalid isolation level')
  const readOnly = headers['neon-batch-read-only'] === 'true' ? ' READ ONLY' : ''
  const deferrable = headers['neon-batch-deferrable'] === 'true' ? ' DEFERRABLE' : ''
  return `BEGIN${isolation}${readOnly}${deferrable}`
}
