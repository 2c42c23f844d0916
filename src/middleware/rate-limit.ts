/** Limits requests per token subject with the Workers rate-limiting binding; never by IP address. */

import type { MiddlewareHandler } from 'hono'
import { withDeadline } from '../deadline.ts'
import { tooManyRequests } from '../errors.ts'
import { errorName, log } from '../log.ts'

/** Cloudflare counts in memory, next to the Worker. */
const TIMEOUT_MS = 250

/**
 * Answers 429 over the limit in wrangler.toml. Fails open if the binding fails, hangs or is missing:
 * availability over limiting. Tokens without `sub` share one limit. Requires `bearerToken()`.
 */
export function rateLimit(): MiddlewareHandler<{
  Bindings: Env
  Variables: { subject: string }
}> {
  return async function rateLimit(c, next) {
    if (!(await isWithin(c.env.RATE_LIMITER, c.get('subject')))) throw tooManyRequests()
    await next()
  }
}

async function isWithin(limiter: RateLimit | undefined, key: string): Promise<boolean> {
  if (!limiter) return true
  try {
    return (await withDeadline(limiter.limit({ key }), TIMEOUT_MS)).success
  } catch (error) {
    log('warn', 'rate limit failed', { error: errorName(error) })
    return true
  }
}
