/**
 * Log lines: one JSON object each, with its time and level. They hold no token, no connection
 * string, no SQL and no text of a driver's error.
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

/** What may be logged of an error: its class. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
