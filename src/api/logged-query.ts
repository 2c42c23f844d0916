/** Queries in the log, without secrets: signed URLs hold credentials, and tokens end up anywhere. */

const MAX_LENGTH = 80
/** Credentials before a host, a URL's query or fragment, the beginning of a JWT. */
const SECRET = /\/\/[^/?#]*@|[?#]|eyJ/

/**
 * Cuts every value that is long or may hold a secret, at its limit or before the secret, and adds `…`.
 *
 * @param search of a canonical path, whose names are the API's own
 */
export function loggedQuery(search: string): string {
  const pairs = [...new URLSearchParams(search)].map(([name, value]) => `${name}=${shorten(value)}`)
  return `?${pairs.join('&')}`
}

function shorten(value: string): string {
  const secretAt = value.search(SECRET)
  const end = Math.min(secretAt < 0 ? value.length : secretAt, MAX_LENGTH)
  // Slicing can divide a surrogate pair, which cannot be encoded.
  const kept = encodeURIComponent(value.slice(0, end).toWellFormed())
  return end < value.length ? `${kept}…` : kept
}
