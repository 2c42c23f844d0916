/**
 * The signing keys at a JWKS URL, kept for ten minutes. While their host is down the known keys go
 * on working, and neither a dead host nor tokens with made-up key ids cause more than one fetch in
 * 30 seconds. (jose's own remote set fails once its copy is old, and asks a dead host every time.)
 */

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { serviceUnavailable } from './errors.ts'
import { errorName, log } from './log.ts'
import { oneFlight } from './one-flight.ts'

const MAX_AGE_MS = 600_000
const COOLDOWN_MS = 30_000
/** Without any key every request fails: the host is asked again soon. */
const COOLDOWN_WITHOUT_KEYS_MS = 1000
const TIMEOUT_MS = 5000

type Context = Pick<ExecutionContext, 'waitUntil'>
type KeySet = { find: JWTVerifyGetKey | undefined; fetchedAt: number; attemptedAt: number }

const keySets = new Map<string, KeySet>()
const share = oneFlight<void>()

/**
 * A key resolver for `jwtVerify`.
 *
 * @throws {ApiError} 503 where no key was ever fetched and the host does not answer
 */
export function remoteKeys(url: string, context: Context): JWTVerifyGetKey {
  const keys = keySets.get(url) ?? { find: undefined, fetchedAt: 0, attemptedAt: 0 }
  keySets.set(url, keys)

  return async function find(header, token) {
    if (!keys.find) await refresh(url, keys, context)
    // Known keys are used at once: the host may hang.
    else if (Date.now() - keys.fetchedAt > MAX_AGE_MS)
      context.waitUntil(refresh(url, keys, context))
    if (!keys.find) throw serviceUnavailable()
    try {
      return await keys.find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await refresh(url, keys, context)
      return await keys.find(header, token)
    }
  }
}

/** Fetches the keys, once for all who ask at once, unless that was just tried. */
async function refresh(url: string, keys: KeySet, context: Context): Promise<void> {
  const cooldown = keys.find ? COOLDOWN_MS : COOLDOWN_WITHOUT_KEYS_MS
  if (Date.now() - keys.attemptedAt < cooldown) return
  await share(url, context, TIMEOUT_MS + 1000, () => fetchKeys(url, keys))
}

/** Leaves the keys as they are where the host fails. */
async function fetchKeys(url: string, keys: KeySet): Promise<void> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok) throw new Error(`JWKS host answered ${response.status}`)
    keys.find = createLocalJWKSet(await response.json<JSONWebKeySet>())
    keys.fetchedAt = Date.now()
  } catch (error) {
    log('error', 'JWKS fetch failed', { error: errorName(error) })
  } finally {
    keys.attemptedAt = Date.now()
  }
}
