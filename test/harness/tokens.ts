/** Tokens signed by every kind of key, and a fake JWKS host. */

import {
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { vi } from 'vitest'
import { SECRET } from './worker.ts'

export const JWKS_URL = 'https://keys.example/jwks.json'
export const PREVIOUS_SECRET = 'the-former-test-only-secret-of-32-bytes'

const networkFetch = globalThis.fetch

type Algorithm = 'RS256' | 'ES256' | 'EdDSA'
type Key = { privateKey: CryptoKey; publicKey: CryptoKey; jwk: JWK }

/** Creates a key pair, and its public key as in a JWKS. */
export async function newKey(alg: Algorithm, kid: string): Promise<Key> {
  const pair = await generateKeyPair(alg, { extractable: true })
  return { ...pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' } }
}

/** Signs a token for the subject `tester`, valid for an hour, unless `claims` override them. */
export function sign(
  header: JWTHeaderParameters,
  key: CryptoKey | string,
  claims: Record<string, unknown> = {},
): Promise<string> {
  const payload = { sub: 'tester', exp: now() + 3600, ...claims } as JWTPayload
  const secretOrKey = typeof key === 'string' ? new TextEncoder().encode(key) : key
  return new SignJWT(payload).setProtectedHeader(header).sign(secretOrKey)
}

/** Signs an HS256 token. */
export function signBySecret(
  claims: Record<string, unknown> = {},
  secret = SECRET,
): Promise<string> {
  return sign({ alg: 'HS256' }, secret, claims)
}

/** Seconds since the epoch. */
export function now(): number {
  return Math.floor(Date.now() / 1000)
}

/** Serves `answer` at the JWKS URL; the returned mock counts the requests. */
export function serveJwks(
  answer: (init?: RequestInit) => Response | Promise<Response>,
  url = JWKS_URL,
) {
  const asked = vi.fn(answer)
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) =>
    String(input) === url ? asked(init) : networkFetch(input, init),
  )
  return asked
}
