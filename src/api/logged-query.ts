/** Queries in the log, without secrets: signed URLs hold credentials, and tokens end up anywhere. */

const MAX_LENGTH = 80
/** Credentials before a host, a URL's query or fragment, the beginning of a JWT. */
const SECRET = /\/\/[^/?#]*@|[?#]|eyJ/

/** The parameters of a valid query. Values are cut at a limit or before a secret, and end with `…`. */
export function loggedQuery(query: object): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${shorten(`${value}`)}`,
  )
  return `?${pairs.join('&')}`
}

function shorten(value: string): string {
  const secretAt = value.search(SECRET)
  const end = Math.min(secretAt < 0 ? value.length : secretAt, MAX_LENGTH)
  // Slicing can divide a surrogate pair, which cannot be encoded.
  const kept = encodeURIComponent(value.slice(0, end).toWellFormed())
  return end < value.length ? `${kept}…` : kept
}
