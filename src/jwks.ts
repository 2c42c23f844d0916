/**
 * The signing keys at a JWKS URL, kept for ten minutes. While their host is down the known keys go
 * on working, and neither a dead host nor tokens with made-up key ids cause more than one fetch in
 * 30 seconds. (jose's own remote set fails once its copy is old, and asks a dead host every time.)
 */

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { serviceUnavailable } from './errors.ts'
import { errorName, log } from './log.ts'

const MAX_AGE_MS = 600_000
const COOLDOWN_MS = 30_000
const TIMEOUT_MS = 5_000

type KeySet = { find: JWTVerifyGetKey | undefined; fetchedAt: number; attemptedAt: number }

const keySets = new Map<string, KeySet>()

/**
 * A key resolver for `jwtVerify`.
 *
 * @throws {ApiError} 503 where no key was ever fetched and the host does not answer
 */
export function remoteKeys(url: string): JWTVerifyGetKey {
  return async (header, token) => {
    const keys = keySets.get(url) ?? { find: undefined, fetchedAt: 0, attemptedAt: 0 }
    keySets.set(url, keys)
    if (Date.now() - keys.fetchedAt > MAX_AGE_MS) await refresh(url, keys)
    if (!keys.find) throw serviceUnavailable()
    try {
      return await keys.find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      if (!(await refresh(url, keys))) throw error
      return await keys.find(header, token)
    }
  }
}

/** Says whether new keys came. Requests of a cold isolate fetch side by side: none has keys yet. */
async function refresh(url: string, keys: KeySet): Promise<boolean> {
  if (Date.now() - keys.attemptedAt < COOLDOWN_MS) return false
  if (keys.find) keys.attemptedAt = Date.now()
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok) throw new Error(`JWKS host answered ${response.status}`)
    keys.find = createLocalJWKSet(await response.json<JSONWebKeySet>())
    keys.fetchedAt = Date.now()
    return true
  } catch (error) {
    log('error', 'JWKS fetch failed', { error: errorName(error) })
    return false
  } finally {
    keys.attemptedAt = Date.now()
  }
}
