/** One log line a request, written when it is answered. */

import type { MiddlewareHandler } from 'hono'
import { log } from './log.ts'

/** What a handler knows of a request beyond its method, path and status. */
export type RequestFacts = {
  /** Canonical, so without what was unknown or misspelled in it. */
  query?: string
  /** As in `Cache-Status`. */
  cache?: string
  revision?: string
  databaseMs?: number
  databaseRetries?: number
  /** `sub` of the token. */
  subject?: string
}

/** Logs every request; handlers add to the variable `facts`. Behind `requestId()`. */
export function requestLog(): MiddlewareHandler<{
  Variables: { requestId: string; facts: RequestFacts }
}> {
  return async function requestLog(c, next) {
    const facts: RequestFacts = {}
    c.set('facts', facts)
    await next()
    const { status } = c.res
    log(status < 500 ? 'info' : 'error', 'request', {
      requestId: c.get('requestId'),
      method: c.req.method,
      path: c.req.path,
      status,
      ...facts,
      rayId: c.req.header('CF-Ray'),
    })
  }
}
