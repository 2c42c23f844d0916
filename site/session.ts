/**
 * The session: one bearer token for all tabs of the browser.
 *
 * The token comes from the sign-in form or from a link's fragment, which browsers do not send. Each
 * tab keeps it in its `sessionStorage`, which survives a reload and ends with the tab. A new tab asks
 * the open ones for it over a `BroadcastChannel`, so when the last tab is closed, nobody answers and
 * the token is gone. Signing in reaches all open tabs. Signing out does too, and leaves its time in
 * `localStorage`, so that a tab that could not listen (frozen, or on another site) forgets as well.
 *
 * Threats considered:
 *
 * - Other sites: both storages and the channel belong to the origin, and are partitioned by the site
 *   of the outermost page. There is no cookie, so no request carries the token by itself.
 * - Logs and proxies: the token is in no URL that is sent, only in the `Authorization` header of
 *   requests to this origin.
 * - The next person at the computer: `localStorage` never holds a token. A browser that reopens the
 *   tabs of its last run reopens their `sessionStorage` too; sign out where that matters.
 * - Scripts on this origin can read the token, as they could without the channel. The
 *   Content-Security-Policy allows none but the site's own files.
 * - A link with somebody else's token signs all tabs in with it. The API only reads, so nothing of the
 *   reader's gets to that person.
 */

/** The syntax of a bearer token (RFC 6750, 2.1), as the `pattern` of an input. */
export const TOKEN_PATTERN = '[A-Za-z0-9._~+\\/\\-]+=*'

/** How long a new tab waits for the answer of another one before it shows the form, in ms. */
const ANSWER_MS = 150

export type SessionState = {
  token: string | undefined
  /** Another tab may still answer. */
  isAsking: boolean
}

export interface Session {
  readonly state: SessionState
  signIn(token: string): void
  /** Signs all tabs out. */
  signOut(): void
  /** Forgets, in this tab, the token that the API has rejected. */
  reject(): void
  /** Returns a function that stops listening. */
  onChange(listener: (state: SessionState) => void): () => void
  /** Stops talking to other tabs. */
  close(): void
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
type Page = Pick<EventTarget, 'addEventListener'> & {
  location: Pick<Location, 'hash' | 'pathname' | 'search'>
  history: Pick<History, 'replaceState'>
  sessionStorage: Store
  localStorage: Store
}

/** A token and when it was entered, in ms since the epoch. */
type SignIn = { token: string; since: number }

const ASK = 'ask'
const SIGNED_OUT = 'signed-out'

export function openSession(page: Page): Session {
  const { sessionStorage, localStorage } = page
  const listeners = new Set<(state: SessionState) => void>()
  const channel = new BroadcastChannel('session')
  let current: SignIn | undefined
  let rejected: string | undefined
  let state: SessionState = { token: undefined, isAsking: false }

  /** Reads what may have changed while this tab could not listen. */
  function restore() {
    const token = sessionStorage.getItem('token')
    const since = Number(sessionStorage.getItem('since'))
    keep(token !== null && since > signedOutAt() ? { token, since } : undefined)
  }

  function signedOutAt(): number {
    return Number(localStorage.getItem(SIGNED_OUT))
  }

  function keep(signIn: SignIn | undefined) {
    current = signIn
    if (signIn) {
      sessionStorage.setItem('token', signIn.token)
      sessionStorage.setItem('since', `${signIn.since}`)
    } else {
      sessionStorage.removeItem('token')
      sessionStorage.removeItem('since')
    }
    change({ token: signIn?.token, isAsking: !signIn && state.isAsking })
  }

  function change(next: SessionState) {
    if (next.token === state.token && next.isAsking === state.isAsking) return
    state = next
    for (const listener of listeners) listener(state)
  }

  function signIn(token: string) {
    const since = Math.max(Date.now(), signedOutAt() + 1)
    keep({ token, since })
    channel.postMessage(current)
  }

  function takeFragment() {
    const token = takeToken(page)
    if (token !== undefined) signIn(token)
  }

  function hear({ data }: MessageEvent<unknown>) {
    if (data === ASK) {
      if (current) channel.postMessage(current)
    } else if (isSignIn(data) && data.since > Math.max(current?.since ?? 0, signedOutAt())) {
      if (data.token !== rejected) keep(data)
    }
  }

  channel.addEventListener('message', hear)
  page.addEventListener('storage', restore)
  // A page that the browser kept and shows again.
  page.addEventListener('pageshow', restore)
  // A sign-in link opened in this tab changes only the fragment.
  page.addEventListener('hashchange', takeFragment)
  restore()
  takeFragment()
  if (!current) {
    state = { token: undefined, isAsking: true }
    channel.postMessage(ASK)
    setTimeout(() => change({ ...state, isAsking: false }), ANSWER_MS)
  }

  return {
    get state() {
      return state
    },
    signIn,
    signOut() {
      localStorage.setItem(SIGNED_OUT, `${Math.max(Date.now(), current?.since ?? 0)}`)
      keep(undefined)
    },
    reject() {
      rejected = current?.token
      keep(undefined)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => channel.close(),
  }
}

/** The token of `#token=…`, which this removes from the address bar. */
function takeToken({ location, history }: Page): string | undefined {
  const parts = location.hash.slice(1).split('&')
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return undefined
  const rest = parts.filter((part) => !new URLSearchParams(part).has('token')).join('&')
  const hash = rest && `#${rest}`
  history.replaceState(null, '', `${location.pathname}${location.search}${hash}`)
  // A truncated or otherwise damaged link is ignored.
  return new RegExp(`^${TOKEN_PATTERN}$`).test(token) ? token : undefined
}

function isSignIn(message: unknown): message is SignIn {
  return (
    typeof message === 'object' &&
    message !== null &&
    'token' in message &&
    typeof message.token === 'string' &&
    'since' in message &&
    typeof message.since === 'number'
  )
}
