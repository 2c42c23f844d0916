/** Requests per token subject, by the Workers rate-limiting binding; never by IP address. */

import type { MiddlewareHandler } from 'hono'
import { tooManyRequests } from './errors.ts'
import { errorName, log } from './log.ts'
import type { RequestFacts } from './request-log.ts'

/**
 * Answers 429 over the limit in wrangler.toml, before any cache or database is asked. Where the
 * binding fails, or is configured away, requests pass: it protects, it is not what the service is for. Tokens without `sub`
 * share one limit.
 */
export function rateLimit(): MiddlewareHandler<{
  Bindings: Env
  Variables: { facts: RequestFacts }
}> {
  return async function rateLimit(c, next) {
    const { subject = '' } = c.get('facts')
    if (!(await isWithin(c.env.RATE_LIMITER, subject))) throw tooManyRequests()
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
