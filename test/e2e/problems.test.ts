import { expect, it } from 'vitest'
import {
  describeInBrowser,
  isFocused,
  linesOf,
  newPage,
  origin,
  signedIn,
  summaryOf,
  token,
} from './browser.ts'

describeInBrowser('the explorer', () => {
  it('shows that it is loading', async () => {
    const page = await signedIn('/?view=assets&dataset=gfw_oil_palm')
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    const { promise, resolve } = Promise.withResolvers<void>()
    await page.route('**/assets?*', async (route) => {
      await promise
      await route.continue()
    })
    await page.getByRole('link', { name: 'Clear', exact: true }).click()
    await expect.poll(() => summaryOf(page)).toBe('Loading…')
    expect(await page.locator('.results').getAttribute('aria-busy')).toBe('true')
    resolve()
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
    expect(await page.locator('.results').getAttribute('aria-busy')).toBe('false')
  })

  it('suggests similar dataset names if nothing matches', async () => {
    const page = await signedIn('/?view=assets&dataset=palm')
    const empty = page.locator('.empty')
    const suggestions = empty.getByRole('listitem')
    await expect
      .poll(() => suggestions.allInnerTexts())
      .toEqual(['gfw_oil_palm', 'rspo_oil_palm', 'gfw_planted_forests_palm_oil_buffered_10km'])
    expect(await linesOf(empty.locator('p').first())).toEqual([
      'No assets match all of these filters. Remove one, or clear them all.',
    ])
    await page.goto(`${origin}/?view=assets&dataset=oil_plam`)
    await page.getByRole('link', { name: 'rspo_oil_palm' }).click()
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
  })

  it('names each invalid parameter', async () => {
    const page = await signedIn('/?view=assets&dataset=PALM&page[size]=5000', { expected: [422] })
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(await alert.getByRole('listitem').allInnerTexts()).toEqual([
      'dataset: string does not match regex "^[a-z][a-z0-9_-]{2,}$"',
      'page[size]: ensure this value is less than or equal to 1000',
    ])
    await page.getByRole('link', { name: 'Clear the filters' }).click()
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
  })

  it('links to the first page from past the last one', async () => {
    const page = await signedIn('/?view=assets&dataset=gfw_oil_palm&page[number]=7', {
      expected: [422],
    })
    const errors = page.getByRole('alert').getByRole('listitem')
    await expect
      .poll(() => errors.allInnerTexts())
      .toEqual(['page[number]: Page number 7 is larger than the total page count: 1'])
    await page.getByRole('link', { name: 'First page' }).click()
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
  })

  it('counts down to the next try after too many requests, and keeps the page', async () => {
    const page = await signedIn('/?view=assets&dataset=gfw_oil_palm', { expected: [429] })
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    let attempts = 0
    await page.route('**/assets?*', (route) => {
      if (attempts++ > 0) return route.continue()
      const headers = { 'Retry-After': '500' }
      return route.fulfill({ status: 429, headers, json: { detail: 'Too Many Requests' } })
    })
    await page.clock.install()
    await page.getByRole('link', { name: 'Clear', exact: true }).click()
    await page.getByRole('alert').getByRole('heading', { name: 'Too many requests' }).waitFor()
    const timer = page.getByRole('timer')
    expect(await timer.innerText()).toBe('Trying again in 500 s.')
    await page.clock.runFor(3000)
    await expect.poll(() => timer.innerText()).toBe('Trying again in 497 s.')
    // Assistive technology speaks the alert once, and not each second.
    expect(await page.getByRole('alert').getByRole('timer').count()).toBe(0)
    expect(await page.locator('.results table.dimmed tbody tr').count()).toBe(5)
    expect(attempts).toBe(1)
    await page.clock.runFor(497_000)
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
    expect(attempts).toBe(2)
  })

  it('retries at once on a click if the database is unavailable, and keeps the focus', async () => {
    const page = await signedIn('/?view=assets&dataset=gfw_oil_palm', { expected: [503] })
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    const failure = {
      status: 503,
      headers: { 'Retry-After': '600' },
      json: { detail: 'Service Unavailable' },
    }
    await page.route('**/assets?*', (route) => route.fulfill(failure), { times: 1 })
    await page.getByRole('link', { name: 'Clear', exact: true }).click()
    await page.getByRole('heading', { name: 'The database is unavailable' }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
    const main = page.getByRole('main')
    expect(await main.evaluate(isFocused)).toBe(true)
  })

  it('says how old stale data are, and stops when they are fresh', async () => {
    const page = await signedIn('/?view=assets&dataset=gfw_oil_palm')
    let isDown = true
    await page.route('**/assets?*', async (route) => {
      if (!isDown) return route.continue()
      const response = await route.fetch()
      const stale = {
        Age: '190',
        'Cache-Status': 'assets; hit; ttl=-130; detail=database-down',
      }
      return route.fulfill({ response, headers: { ...response.headers(), ...stale } })
    })
    await page.clock.install()
    await page.reload()
    const bar = page.locator('.freshness')
    await bar.waitFor()
    expect(await bar.getByRole('status').innerText()).toMatch(
      /^The database cannot be reached\. You see the catalog as of \d\d:\d\d [AP]M\.$/,
    )
    expect(await bar.innerText()).toContain('3 minutes ago')
    await page.clock.runFor(31_000)
    await expect.poll(() => bar.innerText()).toContain('3 minutes ago')
    isDown = false
    await page.clock.runFor(31_000)
    await expect.poll(() => bar.count()).toBe(0)
    expect(await summaryOf(page)).toBe('5 assets, page 1 of 1.')
  })

  it('shows the request id of an internal error', async () => {
    const page = await signedIn('/?view=assets&dataset=gfw_oil_palm', { expected: [500] })
    await page.route('**/assets?*', (route) =>
      route.fulfill({ status: 500, headers: { 'X-Request-Id': 'abc-1' }, body: 'oops' }),
    )
    await page.goto(`${origin}/?view=assets&dataset=wdpa_protected_areas`)
    expect(await linesOf(page.getByRole('alert'))).toEqual([
      'The API answered 500',
      'Try again. If it happens again, report request abc-1.',
    ])
  })

  it('retries by itself if the API was unreachable', async () => {
    const page = await newPage()
    page.removeAllListeners('console')
    await page.clock.install()
    await page.route(/\/(assets|datasets)\?/, (route) => route.abort())
    await page.goto(`${origin}/?view=assets&dataset=gfw_oil_palm#token=${token}`)
    await page.getByRole('heading', { name: 'No connection to the API' }).waitFor()
    await page.unrouteAll()
    await page.clock.runFor(15_000)
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
  })

  it('says that it is offline, and goes on when the network is restored', async () => {
    const page = await signedIn('/?view=assets&dataset=gfw_oil_palm')
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    page.removeAllListeners('console')
    await page.context().setOffline(true)
    const bar = page.locator('.freshness')
    await bar.waitFor()
    expect(await bar.innerText()).toBe('You are offline. What you see may be out of date.')
    await page.getByRole('link', { name: 'Clear', exact: true }).click()
    await page.getByRole('heading', { name: 'You are offline' }).waitFor()
    await page.context().setOffline(false)
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
    expect(await bar.count()).toBe(0)
  })

  it('asks for a new token when the token expires, and continues with it', async () => {
    const page = await signedIn('/?view=assets&dataset=gfw_oil_palm', { expected: [401] })
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
    await page.getByRole('link', { name: 'gfw_oil_palm', exact: true }).first().click()
    expect(await linesOf(page.getByRole('alert'))).toEqual([
      'The token has expired. Sign in with another token.',
    ])
    const field = page.getByLabel('Bearer token')
    // The link is gone.
    await expect.poll(() => field.evaluate(isFocused)).toBe(true)
    await field.fill(token)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^Assets of/ }).waitFor()
  })
})
