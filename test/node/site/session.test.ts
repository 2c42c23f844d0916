import { expect, it } from 'vitest'
import { storeToken, takeToken } from '../../../site/session.ts'

/** A fake of the parts of `window` that the session uses. */
function openTab(url: string) {
  const { hash, pathname, search } = new URL(url)
  const stored = new Map<string, string>()
  const replaced: unknown[] = []
  return {
    location: { hash, pathname, search },
    history: { replaceState: (...values: unknown[]) => replaced.push(values.at(-1)) },
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      // Browsers convert `undefined` to a string too.
      setItem: (key: string, value: string) => void stored.set(key, `${value}`),
      removeItem: (key: string) => void stored.delete(key),
    },
    replaced,
  }
}

it('takes the token from the fragment, removes the fragment, and stores the token', () => {
  const tab = openTab('https://api.example/?dataset=gfw_oil_palm#token=a.b-c_d')
  expect(takeToken(tab)).toBe('a.b-c_d')
  expect(tab.replaced).toEqual(['/?dataset=gfw_oil_palm'])
  expect(takeToken({ ...tab, location: { hash: '', pathname: '/', search: '' } })).toBe('a.b-c_d')
})

it('keeps any other fragment', () => {
  const tab = openTab('https://api.example/#results')
  expect(takeToken(tab)).toBeUndefined()
  expect(tab.replaced).toEqual([])
})

it.each(['', 'two%20words', '%22', 'a%0Ab', 'é'])(
  'removes the malformed token %j without storing it',
  (text) => {
    const tab = openTab(`https://api.example/#token=${text}`)
    expect(takeToken(tab)).toBeUndefined()
    expect(tab.replaced).toEqual(['/'])
  },
)

it('removes the stored token', () => {
  const tab = openTab('https://api.example/#token=abc')
  takeToken(tab)
  storeToken(tab.sessionStorage, undefined)
  expect(takeToken({ ...tab, location: { hash: '', pathname: '/', search: '' } })).toBeUndefined()
})
