/** The request's URL, parsed once. */

import type { MiddlewareHandler } from 'hono'
import { badRequest } from '../errors.ts'

/** Sets `url`. Answers 400 to a malformed `Host` header, which some servers let through. */
export function requestUrl(): MiddlewareHandler<{ Variables: { url: URL } }> {
  return async function requestUrl(c, next) {
    const url = URL.parse(c.req.url)
    if (!url) throw badRequest()
    c.set('url', url)
    await next()
  }
}
