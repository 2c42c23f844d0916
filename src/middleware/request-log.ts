/** One log line for each request, written when the response is ready. */

import type { MiddlewareHandler } from 'hono'
import type { RequestIdVariables } from 'hono/request-id'
import { routePath } from 'hono/route'
import { log, type RequestLogFields } from '../log.ts'

/** The longest `sub` that OpenID Connect Core (1.0, 2) allows; other tokens may have longer ones. */
const MAX_SUBJECT_LENGTH = 255
/** Outside of Cloudflare's network, a client can send any value. */
const RAY_ID = /^[0-9a-f]{16}(-[A-Z]{3})?$/

/**
 * Logs every request; handlers add to the variable `logFields`. Requires `requestId()`. Logs the
 * pattern of the route (`/*` if there is none), not the path, which can hold secrets.
 */
export function requestLog(): MiddlewareHandler<{
  Variables: RequestIdVariables & { logFields: RequestLogFields; subject?: string }
}> {
  return async function requestLog(c, next) {
    const logFields: RequestLogFields = {}
    c.set('logFields', logFields)
    await next()
    const { status } = c.res
    const rayId = c.req.header('CF-Ray')
    const subject = c.get('subject')
    log(status < 500 ? 'info' : 'error', 'request', {
      requestId: c.get('requestId'),
      method: c.req.method,
      route: routePath(c, -1),
      status,
      subject: subject === undefined ? undefined : shorten(subject),
      ...logFields,
      rayId: rayId && RAY_ID.test(rayId) ? rayId : undefined,
    })
  }
}

function shorten(subject: string): string {
  if (subject.length <= MAX_SUBJECT_LENGTH) return subject
  // Slicing can divide a surrogate pair.
  return `${subject.slice(0, MAX_SUBJECT_LENGTH).toWellFormed()}…`
}
