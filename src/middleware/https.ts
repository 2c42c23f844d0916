/** Plain HTTP: refused, except on loopback, where development and tests run. */

import type { MiddlewareHandler } from 'hono'
import { httpsRequired } from '../errors.ts'
import { isLoopback } from '../loopback.ts'

/**
 * Answers 403 to plain HTTP, so that a client that sends its token in clear fails at once. People
 * type addresses without a scheme: the pages for them redirect.
 *
 * @param pages their paths
 */
export function requireHttps(pages: string[]): MiddlewareHandler<{ Variables: { url: URL } }> {
  return async function requireHttps(c, next) {
    const { protocol, hostname, pathname, search } = c.get('url')
    if (protocol === 'https:' || isLoopback(hostname)) return next()
    if (!pages.includes(pathname)) throw httpsRequired()
    // A port of HTTP is not one of HTTPS.
    return c.redirect(`https://${hostname}${pathname}${search}`, 308)
  }
}
