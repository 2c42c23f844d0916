/** `ETag` and 304 responses (RFC 9110, 13.1.2). */

import type { Context } from 'hono'

/** A strong entity tag: the hash of the body. */
export async function entityTag(body: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', body)
  return `"${new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}

/** The body with its headers, or a 304 with the same headers if `If-None-Match` names the body. */
export function respondUnlessCurrent(
  c: Context,
  body: Uint8Array,
  headers: Record<string, string> & { ETag: string },
): Response {
  if (isCurrent(c.req.header('If-None-Match'), headers.ETag)) {
    return new Response(null, { status: 304, headers })
  }
  return new Response(body, { headers })
}

/** Compares weakly, ignoring `W/`. The tag's own quotes delimit it in a list. */
function isCurrent(condition: string | undefined, etag: string): boolean {
  return condition !== undefined && (condition.trim() === '*' || condition.includes(etag))
}
