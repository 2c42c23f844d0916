import { expect, it } from 'vitest'
import { describeInBrowser, newPage, origin, signedIn, token } from './browser.ts'

describeInBrowser('what the page says', () => {
  it('while it is loading', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm')
    await page.getByText('5 assets').waitFor()
    const { promise, resolve } = Promise.withResolvers<void>()
    await page.route('**/assets?*', async (route) => {
      await promise
      await route.continue()
    })
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.getByText('Loading…').waitFor()
    expect(await page.locator('.results').getAttribute('aria-busy')).toBe('true')
    resolve()
    await page.getByText('1,582 assets').waitFor()
    expect(await page.locator('.results').getAttribute('aria-busy')).toBe('false')
  })

  it('where nothing matches, with what may have been meant', async () => {
    const page = await signedIn('/?dataset=palm')
    await page.getByText('Nothing in the catalogue matches all of these filters.').waitFor()
    await page.getByRole('link', { name: 'rspo_oil_palm' }).click()
    await page.getByText(/^[1-9]\d* assets?, page 1 of 1\./).waitFor()
  })

  it('of a query that is wrong, naming each fault', async () => {
    const page = await signedIn('/?dataset=PALM&page[size]=5000', { expected: [422] })
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(await alert.getByRole('listitem').allInnerTexts()).toEqual([
      'dataset: string does not match regex "^[a-z][a-z0-9_-]{2,}$"',
      'page[size]: ensure this value is less than or equal to 1000',
    ])
    await alert.getByRole('link', { name: 'Clear the filters' }).click()
    await page.getByText('1,582 assets').waitFor()
  })

  it('past the last page, with a way to the first', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm&page[number]=7', { expected: [422] })
    await page.getByText('Page number 7 is larger than the total page count: 1').waitFor()
    await page.getByRole('link', { name: 'First page' }).click()
    await page.getByText('5 assets, page 1 of 1.').waitFor()
  })

  it('of too many requests, and asks again by itself when it may', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [429] })
    await page.getByText('5 assets').waitFor()
    let refused = 0
    await page.route('**/assets?*', (route) => {
      if (refused++ > 0) return route.continue()
      const headers = { 'Retry-After': '500' }
      return route.fulfill({ status: 429, headers, json: { detail: 'Too Many Requests' } })
    })
    await page.clock.install()
    await page.getByRole('link', { name: 'Clear' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'Too many requests' })
    await alert.getByText('Asked again in 500 s.').waitFor()
    expect(refused).toBe(1)
    await page.clock.fastForward(500_000)
    await page.getByText('1,582 assets').waitFor()
    expect(refused).toBe(2)
  })

  it('of a database that is down, and asks again at once where one wants it', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [503] })
    await page.getByText('5 assets').waitFor()
    await page.route(
      '**/assets?*',
      (route) =>
        route.fulfill({
          status: 503,
          headers: { 'Retry-After': '600' },
          json: { detail: 'Service Unavailable' },
        }),
      { times: 1 },
    )
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.getByRole('heading', { name: 'The database does not answer' }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('1,582 assets').waitFor()
  })

  it('of a fault, with the id that the log has', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [500] })
    await page.route('**/assets?*', (route) =>
      route.fulfill({ status: 500, headers: { 'X-Request-Id': 'abc-1' }, body: 'oops' }),
    )
    await page.goto(`${origin}/?dataset=wdpa_protected_areas`)
    await page.getByText('Try again; if it stays, report request abc-1.').waitFor()
  })

  it('of a whole API that is away, and asks again for the datasets too', async () => {
    const page = await newPage()
    page.removeAllListeners('console')
    await page.route(/\/(assets|datasets)\?/, (route) => route.abort())
    await page.goto(`${origin}/?dataset=gfw_oil_palm#token=${token}`)
    await page.getByRole('heading', { name: 'No connection to the API' }).waitFor()
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('5 assets').waitFor()
    await expect.poll(() => page.locator('#datasets option').count()).toBe(261)
  })

  it('without a network, and goes on when it is back', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [] })
    await page.getByText('5 assets').waitFor()
    page.removeAllListeners('console')
    await page.context().setOffline(true)
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.getByRole('heading', { name: 'No connection to the API' }).waitFor()
    await page.context().setOffline(false)
    await page.getByText('1,582 assets').waitFor()
  })

  it('of a token that has expired, and goes on with a new one', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [401] })
    await page.getByText('5 assets').waitFor()
    await page.route(
      '**/assets?*',
      (route) =>
        route.fulfill({
          status: 401,
          headers: {
            'WWW-Authenticate':
              'Bearer realm="assets", error="invalid_token", error_description="The token has expired"',
          },
          json: { detail: 'The token has expired' },
        }),
      { times: 1 },
    )
    await page.getByRole('link', { name: 'Clear' }).click()
    await page
      .getByText('The token was refused: The token has expired. Sign in with another one.')
      .waitFor()
    await page.getByLabel('Bearer token').fill(token)
    await page.keyboard.press('Enter')
    await page.getByText('1,582 assets').waitFor()
  })
})
