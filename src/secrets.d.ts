/**
 * The Worker's secrets. They are not declared by `[secrets] required` in wrangler.toml, which makes
 * `wrangler dev` ignore all other secrets, and cannot say that one of AUTH_JWT_SECRET and
 * AUTH_JWKS_URL is enough. `src/settings.ts` checks them, and so does `npm run deploy`.
 */
interface Secrets {
  /** `postgres://` URL of Neon, or of `npm run neon-local` on loopback. */
  DATABASE_URL: string
  /** Verifies HS256 tokens; at least 32 bytes. */
  AUTH_JWT_SECRET?: string
  /** While the secret is rotated: the other secret whose tokens are accepted. */
  AUTH_JWT_SECRET_PREVIOUS?: string
}

interface Env extends Secrets {}
declare namespace Cloudflare {
  interface Env extends Secrets {}
}
