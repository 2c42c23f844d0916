/**
 * The pages for people: the catalog explorer (`/`) and the API's documentation (`/docs`), which are
 * files in `dist/site`. They need no token.
 */

import type { Context } from 'hono'

/** The content security policy of every page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
]

/** The assets' tiles can be on any https host. */
const EXPLORER = [
  ...POLICY,
  "connect-src 'self' https:",
  "img-src 'self' data: blob: https:",
  "worker-src 'self'",
]

const DOCS = [...POLICY, "connect-src 'self'", "img-src 'self'"]

/** `GET /` */
export function explorer(c: Context<{ Bindings: Env }>): Promise<Response> {
  return page(c, EXPLORER)
}

/** `GET /docs` */
export function docs(c: Context<{ Bindings: Env }>): Promise<Response> {
  return page(c, DOCS)
}

async function page(c: Context<{ Bindings: Env }>, policy: string[]): Promise<Response> {
  const file = await c.env.ASSETS.fetch(c.req.raw)
  const response = new Response(file.body, file)
  response.headers.set('Content-Security-Policy', policy.join('; '))
  return response
}
