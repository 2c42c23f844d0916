/**
 * Signs tokens for development and scripts.
 *
 *     npm run -s token -- --subject NAME --expires 1h [--issuer X] [--audience Y]
 */

import { parseArgs } from 'node:util'
import { SignJWT } from 'jose'
import { CommandError, runCommand } from './command-line.ts'
import { readSetting } from './settings.ts'

/** Signs the tokens of `npm run dev` where no other secret is set; never use it elsewhere. */
export const DEVELOPMENT_SECRET = 'development-only-secret-not-for-production'

/** RFC 7518, 3.2: the Worker refuses every token of a shorter one. */
const MIN_SECRET_BYTES = 32

export interface TokenClaims {
  subject: string
  /** A span such as `30s`, `15m`, `1h`, `7d`. */
  expires: string
  issuer?: string | undefined
  audience?: string | undefined
}

/** Signs an HS256 token that holds from now on. */
export function signToken(claims: TokenClaims, secret: string): Promise<string> {
  const token = new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(claims.subject)
    .setIssuedAt()
    .setExpirationTime(claims.expires)
  if (claims.issuer) token.setIssuer(claims.issuer)
  if (claims.audience) token.setAudience(claims.audience)
  return token.sign(new TextEncoder().encode(secret))
}

/** The secret of this machine's Worker: from the environment, `.dev.vars`, or the development one. */
export function developmentSecret(): string {
  const secret = readSetting('AUTH_JWT_SECRET') ?? DEVELOPMENT_SECRET
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    throw new CommandError(`AUTH_JWT_SECRET is under ${MIN_SECRET_BYTES} bytes`)
  }
  return secret
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subject: { type: 'string' },
      expires: { type: 'string' },
      issuer: { type: 'string' },
      audience: { type: 'string' },
    },
  })
  const { subject, expires } = values
  if (!subject) throw new CommandError('--subject NAME is missing')
  if (!expires || !/^[1-9]\d{0,8}(s|m|h|d|w|y)$/.test(expires)) {
    throw new CommandError('--expires must be a span such as 30s, 15m, 1h or 7d')
  }
  const secret = developmentSecret()
  const issuer = values.issuer ?? readSetting('AUTH_ISSUER')
  const audience = values.audience ?? readSetting('AUTH_AUDIENCE')
  console.log(await signToken({ subject, expires, issuer, audience }, secret))
}

if (import.meta.main) await runCommand('token', main)
