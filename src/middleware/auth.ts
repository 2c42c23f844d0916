/** Bearer tokens (RFC 6750): signed JWTs, verified before anything else of a request is read. */

import type { MiddlewareHandler } from 'hono'
import { endTime, startTime } from 'hono/timing'
import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import { ApiError, invalidToken, notAuthenticated } from '../errors.ts'
import { LruMap } from '../lru-map.ts'
import { readSettings, type Settings } from '../settings.ts'
import { currentKeys, type SigningKeys, verifyByKeys } from './jwks.ts'

type Context = Pick<ExecutionContext, 'waitUntil'>

const MAX_TOKEN_LENGTH = 8192
const MAX_VERIFIED_TOKENS = 1000
const CLOCK_SKEW_SECONDS = 30
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'ES256', 'EdDSA']

/**
 * A token that was verified. It is accepted until `goodUntil`, in milliseconds since the epoch, and
 * while the keys that verified it are the current ones; a token of a secret has no such keys.
 */
type VerifiedToken = { subject: string; goodUntil: number; keys: SigningKeys | undefined }

/** Verified tokens of this isolate, by digest: the tokens themselves are not kept. */
const verifiedTokens = new LruMap<VerifiedToken>(MAX_VERIFIED_TOKENS)

type Verification = { claims: JWTPayload; keys?: SigningKeys }

/**
 * Verifies the token, and sets `subject` to its `sub`. Answers 401 with a challenge to a missing or
 * bad token, and 503 if the signing keys cannot be fetched.
 */
export function bearerToken(): MiddlewareHandler<{
  Bindings: Env
  Variables: { subject: string }
}> {
  return async function bearerToken(c, next) {
    // A browser must not show one person's page to the bearer of another token.
    c.header('Vary', 'Authorization', { append: true })
    startTime(c, 'auth')
    try {
      const token = readToken(c.req.header('Authorization'))
      c.set('subject', await verifyOnce(readSettings(c.env), c.executionCtx, token))
    } finally {
      endTime(c, 'auth')
    }
    await next()
  }
}

/** Takes linear time, and reads no more than the longest token: the client may be an attacker. */
function readToken(authorization: string | undefined): string {
  if (!authorization) throw notAuthenticated()
  const scheme = authorization.slice(0, 'Bearer '.length).toLowerCase()
  if (scheme !== 'bearer ') throw notAuthenticated('Expected Authorization: Bearer <token>')
  const credentials = authorization.slice(scheme.length)
  if (credentials.length > MAX_TOKEN_LENGTH) throw invalidToken('The token is too long')
  const [, token] = /^ *([\w-]+\.[\w-]+\.[\w-]+)$/.exec(credentials) ?? []
  if (!token) throw invalidToken('The token is malformed')
  return token
}

/** The subject of a token, which each isolate verifies once and then remembers. */
async function verifyOnce(settings: Settings, context: Context, token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  const key = new Uint8Array(digest).toBase64()
  const verified = verifiedTokens.get(key)
  const isFresh = verified !== undefined && Date.now() < verified.goodUntil
  if (isFresh && (await isVerifiedByCurrentKeys(settings, context, verified))) {
    return verified.subject
  }
  verifiedTokens.delete(key)
  const { claims, keys } = await verify(settings, context, token)
  const { sub, exp = 0 } = claims
  // RFC 7519, 4.1.2 says text, but some issuers send numbers, which jose accepts.
  const subject = `${sub ?? ''}`
  verifiedTokens.set(key, { subject, goodUntil: (exp + CLOCK_SKEW_SECONDS) * 1000, keys })
  return subject
}

async function isVerifiedByCurrentKeys(
  { AUTH_JWKS_URL: url }: Settings,
  context: Context,
  { keys }: VerifiedToken,
): Promise<boolean> {
  return !keys || (url !== undefined && keys === (await currentKeys(url, context)))
}

async function verify(settings: Settings, context: Context, token: string): Promise<Verification> {
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: url } = settings
  const secrets = [settings.AUTH_JWT_SECRET, settings.AUTH_JWT_SECRET_PREVIOUS].filter(
    (secret) => secret !== undefined,
  )
  const options = {
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_SKEW_SECONDS,
    ...(issuer && { issuer }),
    ...(audience && { audience }),
  }
  try {
    const { alg = '' } = decodeProtectedHeader(token)
    if (alg === 'HS256' && secrets.length > 0) {
      return { claims: await verifyBySecret(token, secrets, options) }
    }
    if (PUBLIC_KEY_ALGORITHMS.includes(alg) && url) {
      const pinned = { ...options, algorithms: [alg] }
      return await verifyByKeys(token, { url, context, options: pinned })
    }
  } catch (error) {
    throw error instanceof ApiError ? error : invalidToken(describe(error))
  }
  throw invalidToken('The algorithm is not accepted')
}

/** Tries each secret, and throws the error of the last one. */
async function verifyBySecret(
  token: string,
  secrets: Uint8Array[],
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  const [secret = new Uint8Array(), ...others] = secrets
  try {
    return (await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })).payload
  } catch (error) {
    const mayMatchAnotherSecret =
      error instanceof errors.JWSSignatureVerificationFailed && others.length > 0
    if (mayMatchAnotherSecret) return verifyBySecret(token, others, options)
    throw error
  }
}

/** Our own text for the challenge, because jose's messages can quote claims. */
function describe(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired'
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The claim ${error.claim} is missing or not accepted`
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The signature does not match'
  if (error instanceof errors.JWKSNoMatchingKey) return 'The signing key is not known'
  return 'The token is malformed'
}
