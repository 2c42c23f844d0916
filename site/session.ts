/**
 * The bearer token, for as long as the tab is open. It comes from the sign-in form or from a link's
 * fragment, which browsers do not send, and never is in a URL that is sent.
 */

/** RFC 6750, 2.1: what a bearer token is made of, as the `pattern` of an input. */
export const TOKEN_PATTERN = '[A-Za-z0-9._~+\\/\\-]+=*'

const KEY = 'token'

type Page = {
  location: Pick<Location, 'hash' | 'pathname' | 'search'>
  history: Pick<History, 'replaceState'>
  sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}

/** The token of `#token=…`, which is removed from the address bar, else the one that is kept. */
export function takeToken({ location, history, sessionStorage }: Page): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) {
    history.replaceState(null, '', `${location.pathname}${location.search}`)
    // Something else may have been cut off, or added: then it is as if there were none.
    if (new RegExp(`^${TOKEN_PATTERN}$`).test(token)) storeToken(sessionStorage, token)
  }
  return sessionStorage.getItem(KEY) ?? undefined
}

/** Keeps a token, or forgets the one that is kept. */
export function storeToken(storage: Page['sessionStorage'], token: string | undefined): void {
  if (token) storage.setItem(KEY, token)
  else storage.removeItem(KEY)
}
