import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../../site/session.ts'

const URL_OF_PAGE = 'https://api.example/?dataset=gfw_oil_palm'

let localStorage: Store
let tabs: Session[]

beforeEach(() => {
  localStorage = new Store()
  tabs = []
})
afterEach(() => {
  for (const session of tabs) session.close()
})

class Store {
  stored = new Map<string, string>()
  getItem(key: string) {
    return this.stored.get(key) ?? null
  }
  setItem(key: string, value: string) {
    this.stored.set(key, `${value}`)
  }
  removeItem(key: string) {
    this.stored.delete(key)
  }
}

/** The parts of `window` that a session uses. `BroadcastChannel` is Node's. */
function openTab(url = URL_OF_PAGE, sessionStorage = new Store()) {
  const { hash, pathname, search } = new URL(url)
  const replaced: unknown[] = []
  const page = Object.assign(new EventTarget(), {
    location: { hash, pathname, search },
    history: { replaceState: (...values: unknown[]) => replaced.push(values.at(-1)) },
    sessionStorage,
    localStorage,
  })
  const session = openSession(page)
  tabs.push(session)
  return { page, session, replaced, sessionStorage }
}

function tokens() {
  return tabs.map(({ state }) => state.token)
}

describe('a link', () => {
  it('signs in with the token of its fragment, and removes the fragment', () => {
    const { session, replaced, sessionStorage } = openTab(`${URL_OF_PAGE}#token=a.b-c_d`)
    expect(session.state).toEqual({ token: 'a.b-c_d', isAsking: false })
    expect(replaced).toEqual(['/?dataset=gfw_oil_palm'])
    expect(openTab(URL_OF_PAGE, sessionStorage).session.state.token).toBe('a.b-c_d')
  })

  it('signs in when it is opened in a tab that is open', () => {
    const { page, session } = openTab()
    page.location.hash = '#token=abc'
    page.dispatchEvent(new Event('hashchange'))
    expect(session.state.token).toBe('abc')
  })

  it('keeps the rest of the fragment', () => {
    expect(openTab(`${URL_OF_PAGE}#map=2/0/10&token=abc`).replaced).toEqual([
      '/?dataset=gfw_oil_palm#map=2/0/10',
    ])
    expect(openTab(`${URL_OF_PAGE}#map=2/0/10`).replaced).toEqual([])
    expect(openTab(`${URL_OF_PAGE}#tok%65n=abc`).replaced).toEqual(['/?dataset=gfw_oil_palm'])
  })

  it.each(['', 'two%20words', '%22', 'a%0Ab', 'é'])(
    'with the malformed token %j does not sign in',
    (text) => {
      const { session, replaced } = openTab(`${URL_OF_PAGE}#token=${text}`)
      expect(session.state.token).toBeUndefined()
      expect(replaced).toEqual(['/?dataset=gfw_oil_palm'])
    },
  )
})

describe('tabs', () => {
  it('share the token with a tab opened later', async () => {
    openTab(`${URL_OF_PAGE}#token=abc`)
    const { session } = openTab()
    expect(session.state).toEqual({ token: undefined, isAsking: true })
    await expect.poll(() => session.state).toEqual({ token: 'abc', isAsking: false })
  })

  it('stop asking if no other tab answers', async () => {
    const { session } = openTab()
    await expect.poll(() => session.state).toEqual({ token: undefined, isAsking: false })
  })

  it('keep no token when the last of them is closed', async () => {
    openTab(`${URL_OF_PAGE}#token=abc`).session.close()
    const { session } = openTab()
    await expect.poll(() => session.state).toEqual({ token: undefined, isAsking: false })
    expect([...localStorage.stored]).toEqual([])
  })

  it('sign in together, and take over a newer token', async () => {
    const { session } = openTab()
    openTab()
    session.signIn('first')
    await expect.poll(tokens).toEqual(['first', 'first'])
    await new Promise((resolve) => setTimeout(resolve, 2))
    tabs[1]?.signIn('second')
    await expect.poll(tokens).toEqual(['second', 'second'])
  })

  it('sign out together', async () => {
    const { session } = openTab(`${URL_OF_PAGE}#token=abc`)
    const other = openTab()
    await expect.poll(tokens).toEqual(['abc', 'abc'])
    session.signOut()
    // The browser notifies the other tabs of what changed in `localStorage`.
    other.page.dispatchEvent(new Event('storage'))
    expect(tokens()).toEqual([undefined, undefined])
    expect([...other.sessionStorage.stored]).toEqual([])
    expect([...localStorage.stored.values()].join()).toMatch(/^\d+$/)
  })

  it('forget a token on return if they were elsewhere when another tab signed out', async () => {
    const elsewhere = openTab(`${URL_OF_PAGE}#token=abc`)
    const { session } = openTab()
    await expect.poll(tokens).toEqual(['abc', 'abc'])
    session.signOut()
    elsewhere.page.dispatchEvent(new Event('pageshow'))
    expect(elsewhere.session.state.token).toBeUndefined()
    expect(openTab(URL_OF_PAGE, elsewhere.sessionStorage).session.state.token).toBeUndefined()
  })

  it('can sign in again right after signing out', () => {
    const { session, sessionStorage } = openTab(`${URL_OF_PAGE}#token=abc`)
    session.signOut()
    session.signIn('abc')
    expect(openTab(URL_OF_PAGE, sessionStorage).session.state.token).toBe('abc')
  })

  it('do not take back a token that the API rejected', async () => {
    openTab(`${URL_OF_PAGE}#token=expired`)
    const { session } = openTab()
    await expect.poll(() => session.state.token).toBe('expired')
    session.reject()
    // The third tab asks, and the first one answers all.
    const third = openTab()
    await expect.poll(() => third.session.state.token).toBe('expired')
    expect(session.state.token).toBeUndefined()
  })

  it('ignore messages of another shape', async () => {
    const { session } = openTab()
    const channel = new BroadcastChannel('session')
    for (const message of [null, {}, { token: 1, since: 2 }, { token: 'x' }]) {
      channel.postMessage(message)
    }
    channel.postMessage({ token: 'last', since: Date.now() })
    channel.close()
    await expect.poll(() => session.state.token).toBe('last')
  })
})

it('tells listeners of each change once', () => {
  const { session } = openTab(`${URL_OF_PAGE}#token=abc`)
  const heard: unknown[] = []
  const stop = session.onChange(({ token }) => heard.push(token))
  session.signIn('abc')
  session.signIn('def')
  session.signOut()
  stop()
  session.signIn('ghi')
  expect(heard).toEqual(['def', undefined])
})
