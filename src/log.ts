/**
 * Log lines: one JSON object each, with time and level. Callers keep tokens, connection strings, SQL
 * and the messages of drivers out of them.
 */

type Level = 'info' | 'warn' | 'error'

/** The fields of a request's log line that handlers set. */
export type RequestLogFields = {
  /** Shortened by `loggedQuery`. */
  query?: string
  /** The value of `Cache-Status`. */
  cache?: string
  revision?: string
  databaseMs?: number
  databaseRetries?: number
}

/** Writes one line. Fields that are undefined are left out. */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
  const write = { info: console.log, warn: console.warn, error: console.error }[level]
  write(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }))
}

/** The class of an error; its message can hold secrets. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
