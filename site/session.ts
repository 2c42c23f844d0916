/**
 * The bearer token, kept in `sessionStorage`. It comes from the sign-in form or a link's fragment,
 * which browsers do not send to servers.
 */

/** The syntax of a bearer token (RFC 6750, 2.1), as the `pattern` of an input. */
export const TOKEN_PATTERN = '[A-Za-z0-9._~+\\/\\-]+=*'

const KEY = 'token'

type Page = {
  location: Pick<Location, 'hash' | 'pathname' | 'search'>
  history: Pick<History, 'replaceState'>
  sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}

/** The token of `#token=…`, which is then removed from the address bar, or the stored token. */
export function takeToken({ location, history, sessionStorage }: Page): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) {
    history.replaceState(null, '', `${location.pathname}${location.search}`)
    // A truncated or otherwise damaged link is ignored.
    if (new RegExp(`^${TOKEN_PATTERN}$`).test(token)) storeToken(sessionStorage, token)
  }
  return sessionStorage.getItem(KEY) ?? undefined
}

/** Stores a token, or removes the stored one. */
export function storeToken(storage: Page['sessionStorage'], token: string | undefined): void {
  if (token) storage.setItem(KEY, token)
  else storage.removeItem(KEY)
}
