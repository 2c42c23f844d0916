/** Signs tokens for development and scripts. */

import { SignJWT } from 'jose'
import { type Command, CommandError, type CommandInput, runCommand } from './command-line.ts'
import { readSetting } from './settings.ts'

/** The secret of `npm run dev` if none is configured; never use it elsewhere. */
export const DEVELOPMENT_SECRET = 'development-only-secret-not-for-production'

/** RFC 7518, 3.2; the Worker refuses shorter secrets. */
const MIN_SECRET_BYTES = 32

export interface TokenClaims {
  subject: string
  /** Such as `30s`, `15m`, `1h`, `7d`. */
  expires: string
  issuer?: string | undefined
  audience?: string | undefined
}

/** Signs an HS256 token. */
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

/** AUTH_JWT_SECRET from the environment or `.dev.vars`; the development secret by default. */
export function developmentSecret(): string {
  const secret = readSetting('AUTH_JWT_SECRET') ?? DEVELOPMENT_SECRET
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    throw new CommandError(`AUTH_JWT_SECRET is under ${MIN_SECRET_BYTES} bytes`)
  }
  return secret
}

export const COMMAND = {
  name: 'token',
  description: `Prints a token signed with AUTH_JWT_SECRET from the environment or .dev.vars; if it is not set, a
token that only \`npm run dev\` accepts. \`npm run -s token\` prints nothing else.`,
  flags: {
    subject: { type: 'string', value: 'NAME', description: 'the sub claim; required' },
    expires: {
      type: 'string',
      value: 'DURATION',
      description: 'such as 30s, 15m, 1h or 7d; required',
    },
    issuer: { type: 'string', value: 'URL', description: 'the iss claim (default: AUTH_ISSUER)' },
    audience: {
      type: 'string',
      value: 'NAME',
      description: 'the aud claim (default: AUTH_AUDIENCE)',
    },
  },
} as const satisfies Command

export async function main({ flags }: CommandInput<typeof COMMAND>): Promise<void> {
  const { subject, expires } = flags
  if (!subject) throw new CommandError('--subject NAME is missing')
  if (!expires || !/^[1-9]\d{0,8}(s|m|h|d|w|y)$/.test(expires)) {
    throw new CommandError('--expires must be a duration such as 30s, 15m, 1h or 7d')
  }
  const secret = developmentSecret()
  const issuer = flags.issuer ?? readSetting('AUTH_ISSUER')
  const audience = flags.audience ?? readSetting('AUTH_AUDIENCE')
  console.log(await signToken({ subject, expires, issuer, audience }, secret))
}

if (import.meta.main) await runCommand(COMMAND, main)
