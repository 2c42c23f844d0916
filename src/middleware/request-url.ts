/** The request's URL, parsed once. */

import type { MiddlewareHandler } from 'hono'
import { badRequest } from '../errors.ts'

/** Sets `url`; answers 400 where a `Host` header makes no URL, which a server may let through. */
export function requestUrl(): MiddlewareHandler<{ Variables: { url: URL } }> {
  return async function requestUrl(c, next) {
    const url = URL.parse(c.req.url)
    if (!url) throw badRequest()
    c.set('url', url)
    await next()
  }
}
