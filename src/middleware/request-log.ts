/** One log line a request, written when it is answered. */

import type { MiddlewareHandler } from 'hono'
import type { RequestIdVariables } from 'hono/request-id'
import { routePath } from 'hono/route'
import { log } from '../log.ts'

/** What a handler knows of a request beyond its method, route and status. */
export type RequestFacts = {
  /** As `loggedQuery` makes it. */
  query?: string
  /** As in `Cache-Status`. */
  cache?: string
  revision?: string
  databaseMs?: number
  databaseRetries?: number
}

/** The longest `sub` of OpenID Connect Core (1.0, 2). Other issuers may set longer ones. */
const MAX_SUBJECT_LENGTH = 255
/** A client can send the header itself where Cloudflare does not set it. */
const RAY_ID = /^[0-9a-f]{16}(-[A-Z]{3})?$/

/**
 * Logs every request; handlers add to the variable `facts`. Behind `requestId()`. The path itself is
 * not logged, since it can hold anything: the pattern of its route is, `/*` if there is none.
 */
export function requestLog(): MiddlewareHandler<{
  Variables: RequestIdVariables & { facts: RequestFacts; subject?: string }
}> {
  return async function requestLog(c, next) {
    const facts: RequestFacts = {}
    c.set('facts', facts)
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
      ...facts,
      rayId: rayId && RAY_ID.test(rayId) ? rayId : undefined,
    })
  }
}

function shorten(subject: string): string {
  if (subject.length <= MAX_SUBJECT_LENGTH) return subject
  // The cut can divide a surrogate pair.
  return `${subject.slice(0, MAX_SUBJECT_LENGTH).toWellFormed()}…`
}
