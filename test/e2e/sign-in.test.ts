import type { BrowserContext, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { signToken } from '../../tools/token.ts'
import {
  describeInBrowser,
  linesOf,
  newPage,
  origin,
  signedIn,
  signInLink,
  token,
} from './browser.ts'

/** Each shows whether the page is signed in. */
const signOut = (page: Page) => page.getByRole('button', { name: 'Sign out' })
const tokenField = (page: Page) => page.getByLabel('Bearer token')

/** Another tab of the same browser. */
async function openTab(context: BrowserContext, path = '/'): Promise<Page> {
  const page = await context.newPage()
  await page.goto(origin + path)
  return page
}

/** Everything that a page of this origin could find in the tab, as text. */
function storedIn(page: Page): Promise<string> {
  return page.evaluate(async () =>
    JSON.stringify([
      location.href,
      document.cookie,
      { ...localStorage },
      { ...sessionStorage },
      await indexedDB.databases(),
      await caches.keys(),
    ]),
  )
}

describeInBrowser('signing in', () => {
  it('says what the catalog holds, and keeps the token until signing out', async () => {
    const page = await newPage()
    await page.goto(origin)
    await page.getByRole('heading', { level: 1, name: 'Global Forest Watch' }).waitFor()
    await page.getByText('umd_tree_cover_loss', { exact: true }).waitFor()
    // As it may be copied from a header.
    await tokenField(page).fill(` Bearer ${token} `)
    await page.keyboard.press('Enter')
    await signOut(page).waitFor()
    await page.reload()
    await signOut(page).click()
    await tokenField(page).waitFor()
    expect(await storedIn(page)).not.toContain('eyJ')
  })

  it('takes the token from the link that npm run dev prints, and removes it from the address bar', async () => {
    const page = await newPage()
    await page.goto(signInLink)
    await signOut(page).waitFor()
    expect(page.url()).toBe(`${origin}/`)
  })

  it('shows why a token is rejected, and continues with the view', async () => {
    const page = await newPage({ expected: [401] })
    const path = '/?dataset=gfw_oil_palm&version=v20191031'
    const secret = 'another-secret-of-more-than-32-bytes'
    const wrong = await signToken({ subject: 'somebody', expires: '1h' }, secret)
    await page.goto(`${origin}${path}#token=${wrong}`)
    expect(await linesOf(page.getByRole('alert'))).toEqual([
      'The signature does not match. Sign in with another token.',
    ])
    await tokenField(page).fill(token)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'gfw_oil_palm' }).waitFor()
    expect(page.url()).toBe(origin + path)
  })

  it('does not show what the browser has cached for another token', async () => {
    const page = await newPage({ expected: [401] })
    // Playwright disables the browser's cache while a route exists.
    await page.context().unrouteAll()
    await page.goto(signInLink)
    await page.getByRole('link', { name: 'gfw_oil_palm' }).first().waitFor()
    await signOut(page).click()
    await tokenField(page).fill('wrong')
    await page.keyboard.press('Enter')
    expect(await linesOf(page.getByRole('alert'))).toEqual([
      'The token is malformed. Sign in with another token.',
    ])
    // The field has the focus. Another token ends the message.
    await page.keyboard.type('a')
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await tokenField(page).inputValue()).toBe('a')
  })

  it('ignores a malformed token in the link, and rejects one in the form', async () => {
    const page = await newPage()
    await page.goto(`${origin}/#token=not%20a%20token`)
    await tokenField(page).fill('two words')
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect(await tokenField(page).evaluate((input) => input.matches(':invalid'))).toBe(true)
  })
})

describeInBrowser('the session', () => {
  it('is the same in new tabs and in /docs, and ends in all of them', async () => {
    const first = await signedIn()
    await signOut(first).waitFor()
    const second = await openTab(first.context(), '/?view=assets')
    const docs = await openTab(first.context(), '/docs')
    await signOut(second).waitFor()
    await signOut(docs).click()
    for (const page of [first, second]) {
      await tokenField(page).waitFor()
      expect(await storedIn(page)).not.toContain('eyJ')
    }
  })

  it('reaches tabs that wait at the form', async () => {
    const page = await newPage()
    await page.goto(origin)
    const second = await openTab(page.context(), '/?view=assets')
    await tokenField(second).waitFor()
    await tokenField(page).fill(token)
    await page.keyboard.press('Enter')
    await signOut(second).waitFor()
    expect(second.url()).toBe(`${origin}/?view=assets`)
  })

  it('is over when the last tab is closed', async () => {
    const page = await signedIn()
    await signOut(page).waitFor()
    await page.close()
    const next = await openTab(page.context())
    await tokenField(next).waitFor()
    expect(await storedIn(next)).not.toContain('eyJ')
    expect(await next.context().storageState({ indexedDB: true })).toEqual({
      cookies: [],
      origins: [],
    })
  })
})
