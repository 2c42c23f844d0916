/** The Worker's variables and secrets, parsed once in an isolate. */

import * as z from 'zod'
import { type ApiError, internalServerError, invalidToken } from './errors.ts'
import { log } from './log.ts'
import { isLoopback } from './loopback.ts'

const MIN_SECRET_BYTES = 32
const MINUTE_MS = 60_000
const YEAR_SECONDS = 31_536_000

/**
 * All variables and secrets, none of which wrangler.toml needs to name: `[secrets] required` would
 * make `wrangler dev` ignore all others, and cannot say that one of AUTH_JWT_SECRET and AUTH_JWKS_URL
 * is enough. The messages complete a sentence that begins with the setting's name.
 */
export const settingsSchema = z
  .object({
    /** `postgres://` URL of Neon, or of `npm run neon-local` on loopback. */
    DATABASE_URL: z
      .string('must be set')
      .refine(isPostgresUrl, 'must be a Postgres URL with a user, a host and a database'),
    /** For a whole database call, its retry included. */
    DATABASE_TIMEOUT_MS: wholeNumber('milliseconds', 1, MINUTE_MS).default(5000),
    /** Stored pages are served without a check. */
    REVISION_FRESH_SECONDS: wholeNumber('seconds', 0, YEAR_SECONDS).default(10),
    /** Stored pages are served while a check runs. */
    REVISION_MAX_AGE_SECONDS: wholeNumber('seconds', 0, YEAR_SECONDS).default(60),
    /** Stored pages are served while the database is down. */
    STALE_SECONDS: wholeNumber('seconds', 0, YEAR_SECONDS).default(86_400),
    /** Verifies HS256 tokens. */
    AUTH_JWT_SECRET: optional(secret()),
    /** While the secret is rotated: the other secret whose tokens are accepted. */
    AUTH_JWT_SECRET_PREVIOUS: optional(secret()),
    /** Keys of RS256, ES256 and EdDSA tokens. */
    AUTH_JWKS_URL: optional(
      z.string().refine(isKeyUrl, 'must be an https:// URL; http:// only on loopback'),
    ),
    /** The required `iss`. */
    AUTH_ISSUER: optional(z.string('must be text')),
    /** The required `aud`. */
    AUTH_AUDIENCE: optional(z.string('must be text')),
    /** Digest of the deployed code, from `npm run deploy`; stored pages of other code are not served. */
    CODE_VERSION: optional(
      z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -'),
    ),
  })
  .refine((set) => set.REVISION_FRESH_SECONDS <= set.REVISION_MAX_AGE_SECONDS, {
    path: ['REVISION_FRESH_SECONDS'],
    error: 'must be at most REVISION_MAX_AGE_SECONDS',
  })
  .refine((set) => set.REVISION_MAX_AGE_SECONDS <= set.STALE_SECONDS, {
    path: ['REVISION_MAX_AGE_SECONDS'],
    error: 'must be at most STALE_SECONDS',
  })
  .refine((set) => set.AUTH_JWT_SECRET ?? set.AUTH_JWT_SECRET_PREVIOUS ?? set.AUTH_JWKS_URL, {
    path: ['AUTH_JWT_SECRET'],
    error: 'or AUTH_JWKS_URL must be set',
  })

/** The parsed settings, under their own names; an empty text counts as not set. */
export type Settings = z.output<typeof settingsSchema>

const parsed = new WeakMap<object, z.ZodSafeParseResult<Settings>>()

/**
 * The settings of this isolate, among its bindings. Wrong ones are logged once, by name and never by
 * value, and fail closed.
 *
 * @throws {ApiError} 401 if only the secrets of tokens are missing or wrong, otherwise 500
 */
export function readSettings(env: object): Settings {
  const result = parsed.get(env) ?? parse(env)
  if (result.success) return result.data
  throw refusal(result.error)
}

function parse(env: object): z.ZodSafeParseResult<Settings> {
  const result = settingsSchema.safeParse(env)
  parsed.set(env, result)
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
    log('error', `every request is refused: ${faults.join('; ')}`)
  }
  return result
}

function refusal({ issues }: z.ZodError): ApiError {
  return issues.every(({ path: [name] }) => String(name).startsWith('AUTH_JWT_SECRET'))
    ? invalidToken('The server accepts no token')
    : internalServerError()
}

/** A variable of wrangler.toml can be a number; one of `--var`, `.dev.vars` or the dashboard is text. */
function wholeNumber(unit: string, minimum: number, maximum: number) {
  const error = `must be a whole number of ${unit} from ${minimum} to ${maximum}`
  return z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], error)
    .refine((value) => Number.isInteger(value) && value >= minimum && value <= maximum, error)
}

function optional<Schema extends z.ZodType>(schema: Schema) {
  const unlessEmpty = (value: z.input<Schema> | undefined) => (value === '' ? undefined : value)
  return z.preprocess(unlessEmpty, schema.optional()).optional()
}

function secret() {
  const error = `must have at least ${MIN_SECRET_BYTES} bytes`
  return z
    .string(error)
    .transform((text) => new TextEncoder().encode(text))
    .refine((bytes) => bytes.length >= MIN_SECRET_BYTES, error)
}

/** As the driver requires it. */
function isPostgresUrl(value: string): boolean {
  const url = URL.parse(value)
  return (
    url !== null &&
    /^postgres(ql)?:$/.test(url.protocol) &&
    [url.username, url.hostname, url.pathname.slice(1)].every((part) => part !== '')
  )
}

function isKeyUrl(value: string): boolean {
  const url = URL.parse(value)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
}
