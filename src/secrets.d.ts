/**
 * The Worker's secrets. `[secrets] required` in wrangler.toml would declare them too, but it makes
 * `wrangler dev` ignore all other secrets in `.dev.vars`, and no list fits: a deployment needs
 * AUTH_JWT_SECRET or AUTH_JWKS_URL. `npm run deploy` checks them.
 */
interface Secrets {
  /** `postgres://` URL of Neon, or of `tools/neon-local/neon-local.ts` on loopback. */
  DATABASE_URL: string
  /** Secret of HS256 tokens, at least 32 bytes. */
  AUTH_JWT_SECRET?: string
  /** While the secret is changed: the other one whose tokens are accepted. */
  AUTH_JWT_SECRET_PREVIOUS?: string
}

interface Env extends Secrets {}
declare namespace Cloudflare {
  interface Env extends Secrets {}
}
