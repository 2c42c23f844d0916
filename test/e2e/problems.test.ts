import { expect, it } from 'vitest'
import {
  describeInBrowser,
  linesOf,
  newPage,
  origin,
  signedIn,
  summaryOf,
  token,
} from './browser.ts'

describeInBrowser('the explorer', () => {
  it('shows that it is loading', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm')
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    const { promise, resolve } = Promise.withResolvers<void>()
    await page.route('**/assets?*', async (route) => {
      await promise
      await route.continue()
    })
    await page.getByRole('link', { name: 'Clear' }).click()
    await expect.poll(() => summaryOf(page)).toBe('Loading…')
    expect(await page.locator('.results').getAttribute('aria-busy')).toBe('true')
    resolve()
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
    expect(await page.locator('.results').getAttribute('aria-busy')).toBe('false')
  })

  it('suggests similar dataset names if nothing matches', async () => {
    const page = await signedIn('/?dataset=palm')
    const empty = page.locator('.empty')
    const suggestions = empty.getByRole('listitem')
    await expect
      .poll(() => suggestions.allInnerTexts())
      .toEqual(['gfw_oil_palm', 'gfw_planted_forests_palm_oil_buffered_10km', 'rspo_oil_palm'])
    expect(await linesOf(empty.locator('p').first())).toEqual([
      'No assets match all of these filters. Remove one, or clear them all.',
    ])
    await page.getByRole('link', { name: 'rspo_oil_palm' }).click()
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
  })

  it('names each invalid parameter', async () => {
    const page = await signedIn('/?dataset=PALM&page[size]=5000', { expected: [422] })
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(await alert.getByRole('listitem').allInnerTexts()).toEqual([
      'dataset: string does not match regex "^[a-z][a-z0-9_-]{2,}$"',
      'page[size]: ensure this value is less than or equal to 1000',
    ])
    await alert.getByRole('link', { name: 'Clear the filters' }).click()
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
  })

  it('links to the first page from past the last one', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm&page[number]=7', { expected: [422] })
    const errors = page.getByRole('alert').getByRole('listitem')
    await expect
      .poll(() => errors.allInnerTexts())
      .toEqual(['page[number]: Page number 7 is larger than the total page count: 1'])
    await page.getByRole('link', { name: 'First page' }).click()
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
  })

  it('retries automatically after Retry-After if there were too many requests', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [429] })
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    let attempts = 0
    await page.route('**/assets?*', (route) => {
      if (attempts++ > 0) return route.continue()
      const headers = { 'Retry-After': '500' }
      return route.fulfill({ status: 429, headers, json: { detail: 'Too Many Requests' } })
    })
    await page.clock.install()
    await page.getByRole('link', { name: 'Clear' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'Too many requests' })
    await alert.getByText('Retrying in 500 s.').waitFor()
    expect(attempts).toBe(1)
    await page.clock.fastForward(500_000)
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
    expect(attempts).toBe(2)
  })

  it('retries at once on a click if the database is unavailable', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [503] })
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
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
    await page.getByRole('heading', { name: 'The database is unavailable' }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
  })

  it('shows the request id of an internal error', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [500] })
    await page.route('**/assets?*', (route) =>
      route.fulfill({ status: 500, headers: { 'X-Request-Id': 'abc-1' }, body: 'oops' }),
    )
    await page.goto(`${origin}/?dataset=wdpa_protected_areas`)
    expect(await linesOf(page.getByRole('alert'))).toEqual([
      'The API answered 500',
      'Try again. If the error persists, report request abc-1.',
      'Try again',
    ])
  })

  it('retries the listing and the datasets if the API was unreachable', async () => {
    const page = await newPage()
    page.removeAllListeners('console')
    await page.route(/\/(assets|datasets)\?/, (route) => route.abort())
    await page.goto(`${origin}/?dataset=gfw_oil_palm#token=${token}`)
    await page.getByRole('heading', { name: 'No connection to the API' }).waitFor()
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    await expect.poll(() => page.locator('#datasets option').count()).toBe(261)
  })

  it('retries automatically when the network is restored', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [] })
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    page.removeAllListeners('console')
    await page.context().setOffline(true)
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.getByRole('heading', { name: 'No connection to the API' }).waitFor()
    await page.context().setOffline(false)
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
  })

  it('asks for a new token when the token expires, and continues with it', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [401] })
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
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
    expect(await linesOf(page.getByRole('alert'))).toEqual([
      'The token was rejected: The token has expired. Sign in with another token.',
    ])
    await page.getByLabel('Bearer token').fill(token)
    await page.keyboard.press('Enter')
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
  })
})
