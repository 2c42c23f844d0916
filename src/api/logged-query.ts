/** A query as it may be logged: signed URLs hold credentials, and people paste tokens anywhere. */

const MAX_LENGTH = 80
/** Credentials before a host, a URL's query or fragment, and what begins like a JWT. */
const SECRET = /\/\/[^/?#]*@|[?#]|eyJ/

/**
 * Shortens every value that is long, or may hold a secret, to what is before it and `…`.
 *
 * @param search of a canonical URL: names are the API's own
 */
export function loggedQuery(search: string): string {
  const pairs = [...new URLSearchParams(search)].map(([name, value]) => `${name}=${shorten(value)}`)
  return `?${pairs.join('&')}`
}

function shorten(value: string): string {
  const secretAt = value.search(SECRET)
  const end = Math.min(secretAt < 0 ? value.length : secretAt, MAX_LENGTH)
  // The cut can divide a surrogate pair, which cannot be encoded.
  const kept = encodeURIComponent(value.slice(0, end).toWellFormed())
  return end < value.length ? `${kept}…` : kept
}
