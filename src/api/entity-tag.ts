/** Conditional requests (RFC 9110, 13.1.2): the tag of a body, and the 304 for who has it. */

import type { Context } from 'hono'

/** A strong entity tag: the body's hash. */
export async function entityTag(body: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', body)
  return `"${new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}

/** The body with its headers, or a 304 with the same headers where the caller has it already. */
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

/** By weak comparison, so without `W/`; `*` is any. The quotes of the tag are its bounds in a list. */
function isCurrent(condition: string | undefined, etag: string): boolean {
  return condition !== undefined && (condition.trim() === '*' || condition.includes(etag))
}
