/** `X-Request-Id` of every answer, the id that the log line carries. */

import type { MiddlewareHandler } from 'hono'

const ACCEPTED = /^[A-Za-z0-9._-]{1,128}$/

/** Keeps the caller's id where it is safe to log, else makes one; sets `requestId`. */
export function requestId(): MiddlewareHandler<{ Variables: { requestId: string } }> {
  return async function requestId(c, next) {
    const given = c.req.header('X-Request-Id')
    const id = given && ACCEPTED.test(given) ? given : crypto.randomUUID()
    c.set('requestId', id)
    c.header('X-Request-Id', id)
    await next()
  }
}
