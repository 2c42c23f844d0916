/** One log line a request, written when it is answered. */

import type { MiddlewareHandler } from 'hono'
import type { RequestIdVariables } from 'hono/request-id'
import { routePath } from 'hono/route'
import { log } from './log.ts'

/** What a handler knows of a request beyond its method, route and status. */
export type RequestFacts = {
  /** As `loggedQuery` makes it. */
  query?: string
  /** As in `Cache-Status`. */
  cache?: string
  revision?: string
  databaseMs?: number
  databaseRetries?: number
  /** `sub` of the token. */
  subject?: string
}

/** A client can send the header itself where Cloudflare does not set it. */
const RAY_ID = /^[0-9a-f]{16}(-[A-Z]{3})?$/

/**
 * Logs every request; handlers add to the variable `facts`. Behind `requestId()`. The path itself is
 * not logged, since it can hold anything: the pattern of its route is, `/*` if there is none.
 */
export function requestLog(): MiddlewareHandler<{
  Variables: RequestIdVariables & { facts: RequestFacts }
}> {
  return async function requestLog(c, next) {
    const facts: RequestFacts = {}
    c.set('facts', facts)
    await next()
    const { status } = c.res
    const rayId = c.req.header('CF-Ray')
    log(status < 500 ? 'info' : 'error', 'request', {
      requestId: c.get('requestId'),
      method: c.req.method,
      route: routePath(c, -1),
      status,
      ...facts,
      rayId: rayId && RAY_ID.test(rayId) ? rayId : undefined,
    })
  }
}
