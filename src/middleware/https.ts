/** Refuses plain HTTP, except on loopback, for development and tests. */

import type { MiddlewareHandler } from 'hono'
import { httpsRequired } from '../errors.ts'
import { isLoopback } from '../loopback.ts'

/**
 * Answers 403 to plain HTTP, so that a client that sends its token in clear text fails at once. Pages
 * redirect instead, because people type addresses without a scheme.
 *
 * @param pages paths of the pages for people
 */
export function requireHttps(pages: string[]): MiddlewareHandler<{ Variables: { url: URL } }> {
  return async function requireHttps(c, next) {
    const { protocol, hostname, pathname, search } = c.get('url')
    if (protocol === 'https:' || isLoopback(hostname)) return next()
    if (!pages.includes(pathname)) throw httpsRequired()
    // Without the port, which is one for HTTP.
    return c.redirect(`https://${hostname}${pathname}${search}`, 308)
  }
}
