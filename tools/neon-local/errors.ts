/**
 * Error answers of Neon's SQL-over-HTTP proxy (neondatabase/neon,
 * proxy/src/serverless/sql_over_http.rs): their status and their JSON body.
 */

/** Neon's limit for the bodies of requests and responses. */
export const MAX_NEON_BYTES = 10 * 1024 * 1024
export const COMPUTE_UNREACHABLE = "Couldn't connect to compute node"
export const CONNECTION_CLOSED = 'connection closed'

const FIELDS = [
  'message',
  'code',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'severity',
  'where',
  'table',
  'column',
  'schema',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const

/** Postgres' error fields; an error of the proxy itself has only a message. */
export type ErrorFields = { message: string } & {
  [Field in (typeof FIELDS)[number]]?: string | undefined
}

/** An error response of Neon's proxy. */
export class ProxyError extends Error {
  readonly status: number
  readonly fields: ErrorFields

  constructor(status: number, fields: ErrorFields) {
    super(fields.message)
    this.status = status
    this.fields = fields
  }
}

/** All fields; missing ones are `null`, or `""` for `code` and `severity`. */
export function errorBody(error: ErrorFields): Record<string, string | null> {
  const empty = (name: string) => (name === 'code' || name === 'severity' ? '' : null)
  return Object.fromEntries(FIELDS.map((name) => [name, error[name] ?? empty(name)]))
}

export function passwordRefused(user: string): ProxyError {
  return new ProxyError(400, { message: `password authentication failed for user '${user}'` })
}

export function answerTooLarge(): ProxyError {
  const message = `response is too large (max is ${MAX_NEON_BYTES} bytes)`
  return new ProxyError(507, { message })
}

export function requestTooLarge(): ProxyError {
  const message = `request is too large (max is ${MAX_NEON_BYTES} bytes)`
  return new ProxyError(413, { message })
}
