/**
 * The signing keys at a JWKS URL. Keys older than ten minutes are fetched again before use; while the
 * host is down, they are accepted for up to an hour. Neither a dead host nor made-up key ids cause
 * more than one fetch in 30 seconds. Not jose's `createRemoteJWKSet`, which fails once its keys are
 * old, and asks a dead host at every request.
 */

import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import { serviceUnavailable } from '../errors.ts'
import { errorName, log } from '../log.ts'
import { oneFlight } from '../one-flight.ts'

const MAX_AGE_MS = 600_000
/** Maximum age of keys that are accepted while their host is down. */
const MAX_STALE_MS = 3_600_000
const COOLDOWN_MS = 30_000
/** Shorter, because every request fails without usable keys. */
const COOLDOWN_WITHOUT_KEYS_MS = 1000
const TIMEOUT_MS = 5000

type Context = Pick<ExecutionContext, 'waitUntil'>

/** One response of the host. A later response is another object, even if its keys are the same. */
export type SigningKeys = { find: JWTVerifyGetKey; fetchedAt: number }

type JwksHost = { url: string; keys: SigningKeys | undefined; attemptedAt: number }

const hosts = new Map<string, JwksHost>()
const share = oneFlight<void>()

/**
 * The keys that verify tokens now.
 *
 * @throws {ApiError} 503 if the host does not answer and its last keys are too old
 */
export async function currentKeys(url: string, context: Context): Promise<SigningKeys> {
  const host = hosts.get(url) ?? { url, keys: undefined, attemptedAt: 0 }
  hosts.set(url, host)
  if (ageMs(host) > MAX_AGE_MS) await refresh(host, context)
  return usableKeys(host)
}

/**
 * Verifies a token, and returns the keys that did.
 *
 * @throws {ApiError} 503 as `currentKeys`; and what jose throws
 */
export async function verifyByKeys(
  token: string,
  { url, context, options }: { url: string; context: Context; options: JWTVerifyOptions },
): Promise<{ claims: JWTPayload; keys: SigningKeys }> {
  const keys = await currentKeys(url, context)
  try {
    return { claims: await verify(token, keys, options), keys }
  } catch (error) {
    const newer = isSignedByUnknownKey(token, error) && (await newerKeys(url, context))
    if (!newer || newer === keys) throw error
    return { claims: await verify(token, newer, options), keys: newer }
  }
}

/** A token without `kid` that no key verifies may be signed by a new key. */
function isSignedByUnknownKey(token: string, error: unknown): boolean {
  if (error instanceof errors.JWKSNoMatchingKey) return true
  const isMismatch = error instanceof errors.JWSSignatureVerificationFailed
  return isMismatch && decodeProtectedHeader(token).kid === undefined
}

async function newerKeys(url: string, context: Context): Promise<SigningKeys | undefined> {
  const host = hosts.get(url)
  if (host) await refresh(host, context)
  return host?.keys
}

/** Tries each key of the algorithm if the token does not name its key. */
async function verify(
  token: string,
  { find }: SigningKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, find, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload
      } catch (mismatch) {
        if (!(mismatch instanceof errors.JWSSignatureVerificationFailed)) throw mismatch
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

function usableKeys(host: JwksHost): SigningKeys {
  if (!host.keys || ageMs(host) > MAX_STALE_MS) throw serviceUnavailable()
  return host.keys
}

function ageMs({ keys }: JwksHost): number {
  return keys ? Date.now() - keys.fetchedAt : Number.POSITIVE_INFINITY
}

/** Fetches the keys, once for concurrent requests, unless that was just tried. Never rejects. */
async function refresh(host: JwksHost, context: Context): Promise<void> {
  const cooldown = ageMs(host) > MAX_STALE_MS ? COOLDOWN_WITHOUT_KEYS_MS : COOLDOWN_MS
  if (Date.now() - host.attemptedAt < cooldown) return
  // A fetch that exceeds its time limit leaves the keys as they are, like one that fails.
  await share(host.url, () => fetchKeys(host), {
    context,
    timeoutMs: TIMEOUT_MS + 1000,
  }).catch(() => {})
}

async function fetchKeys(host: JwksHost): Promise<void> {
  const fetchedAt = Date.now()
  let status: number | undefined
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    // A copy in Cloudflare's cache could hold a removed key.
    const response = await fetch(host.url, { signal, cache: 'no-store' })
    status = response.status
    if (!response.ok) throw new Error(`${status}`)
    host.keys = { find: createLocalJWKSet(await response.json<JSONWebKeySet>()), fetchedAt }
  } catch (error) {
    // jose takes the names of its errors from their classes, which the bundler shortens.
    const name = error instanceof errors.JOSEError ? error.code : errorName(error)
    log('error', 'JWKS fetch failed', { error: name, status })
  } finally {
    host.attemptedAt = Date.now()
  }
}
