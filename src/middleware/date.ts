/** `Date` (RFC 9110, 6.6.1), from which the caches of clients compute how old a response is. */

import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../loopback.ts'

/**
 * Sends `Date` on loopback. Cloudflare writes that of every response itself, over one of the Worker,
 * but workerd sends none, and nothing stands in front of `wrangler dev`. Requires `requestUrl()`.
 */
export function dateOnLoopback(): MiddlewareHandler<{ Variables: { url: URL } }> {
  return async function dateOnLoopback(c, next) {
    await next()
    if (isLoopback(c.get('url').hostname)) c.header('Date', new Date().toUTCString())
  }
}
