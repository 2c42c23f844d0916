/** Requests per token subject, by the Workers rate-limiting binding; never by IP address. */

import type { MiddlewareHandler } from 'hono'
import { tooManyRequests } from '../errors.ts'
import { errorName, log } from '../log.ts'

/**
 * Answers 429 over the limit in wrangler.toml, before any cache or database is asked. If the
 * binding fails or is not configured, requests pass: availability over limiting. Tokens without
 * `sub` share one limit. Behind `bearerToken()`.
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
    return (await limiter.limit({ key })).success
  } catch (error) {
    log('warn', 'rate limit failed', { error: errorName(error) })
    return true
  }
}
