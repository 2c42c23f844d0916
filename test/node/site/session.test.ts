import { expect, it } from 'vitest'
import { storeToken, takeToken } from '../../../site/session.ts'

/** A tab at a URL, as far as the session looks at it. */
function openTab(url: string) {
  const { hash, pathname, search } = new URL(url)
  const kept = new Map<string, string>()
  const replaced: unknown[] = []
  return {
    location: { hash, pathname, search },
    history: { replaceState: (...values: unknown[]) => replaced.push(values.at(-1)) },
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      // As a browser does, which keeps `undefined` as a text.
      setItem: (key: string, value: string) => void kept.set(key, `${value}`),
      removeItem: (key: string) => void kept.delete(key),
    },
    replaced,
  }
}

it('takes the token from the fragment, which goes, and keeps it', () => {
  const tab = openTab('https://api.example/?dataset=gfw_oil_palm#token=a.b-c_d')
  expect(takeToken(tab)).toBe('a.b-c_d')
  expect(tab.replaced).toEqual(['/?dataset=gfw_oil_palm'])
  expect(takeToken({ ...tab, location: { hash: '', pathname: '/', search: '' } })).toBe('a.b-c_d')
})

it('leaves another fragment alone', () => {
  const tab = openTab('https://api.example/#results')
  expect(takeToken(tab)).toBeUndefined()
  expect(tab.replaced).toEqual([])
})

it.each(['', 'two%20words', '%22', 'a%0Ab', 'é'])('removes %j, which is no token', (text) => {
  const tab = openTab(`https://api.example/#token=${text}`)
  expect(takeToken(tab)).toBeUndefined()
  expect(tab.replaced).toEqual(['/'])
})

it('forgets the token', () => {
  const tab = openTab('https://api.example/#token=abc')
  takeToken(tab)
  storeToken(tab.sessionStorage, undefined)
  expect(takeToken({ ...tab, location: { hash: '', pathname: '/', search: '' } })).toBeUndefined()
})
