import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import {
  countSkipped,
  describeInBrowser,
  isFocused,
  origin,
  signedIn,
  summaryOf,
} from './browser.ts'

const ALL = '/?view=assets'
const OIL_PALM = '/?view=assets&dataset=gfw_oil_palm'

const datasetField = (page: Page) => page.getByRole('combobox', { name: 'Dataset' })
const rows = (page: Page) => page.locator('.results tbody tr')
const exportOpener = (page: Page) => page.getByRole('button', { name: 'Export', exact: true })

/** The queries of the listing that a page sends from now on. */
function recordQueries(page: Page): string[] {
  const queries: string[] = []
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname === '/assets') queries.push(search)
  })
  return queries
}

describeInBrowser('the filters of all assets', () => {
  it('suggest datasets for words in any case, and Enter takes the first', async () => {
    const page = await signedIn(ALL)
    await datasetField(page).pressSequentially('Tree Cover loss')
    const options = page.getByRole('listbox', { name: 'Datasets' }).getByRole('option')
    await expect.poll(() => options.first().innerText()).toBe('umd_tree_cover_loss')
    expect(await options.first().locator('mark').allInnerTexts()).toEqual(['tree_cover_loss'])
    await datasetField(page).press('Enter')
    await expect.poll(() => page.url()).toBe(`${origin}${ALL}&dataset=umd_tree_cover_loss`)
    expect(await datasetField(page).inputValue()).toBe('umd_tree_cover_loss')
    await datasetField(page).fill('oil palm')
    await expect.poll(() => options.count()).toBe(3)
    await datasetField(page).press('ArrowDown')
    const active = options.and(page.locator('[aria-selected=true]'))
    expect(await active.innerText()).toBe('rspo_oil_palm')
    await active.click()
    await expect.poll(() => page.url()).toBe(`${origin}${ALL}&dataset=rspo_oil_palm`)
    expect(await options.count()).toBe(0)
  })

  it('are applied when chosen, put in the URL, and undone by Back', async () => {
    const page = await signedIn(OIL_PALM)
    const version = page.getByRole('combobox', { name: 'Version', exact: true })
    await expect.poll(() => version.innerText()).toBe('any\nlatest\nv2025\nv20191031')
    await version.selectOption('v20191031')
    await page.getByLabel('Type').selectOption('Static vector tile cache')
    await expect.poll(() => summaryOf(page)).toBe('1 asset, page 1 of 1.')
    expect(page.url()).toBe(
      `${origin}${OIL_PALM}&version=v20191031&asset_type=Static+vector+tile+cache`,
    )
    await page.goBack()
    await page.goBack()
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    expect(await page.getByLabel('Type').inputValue()).toBe('')
    await version.selectOption('v2025')
    await datasetField(page).fill('wdpa protected areas')
    await datasetField(page).press('Enter')
    // A version belongs to its dataset.
    await expect.poll(() => page.url()).toBe(`${origin}${ALL}&dataset=wdpa_protected_areas`)
  })

  it('find assets by status, flags and exact URI', async () => {
    const page = await signedIn(ALL)
    await page.getByLabel('Status').selectOption('failed')
    await expect.poll(() => summaryOf(page)).toBe('24 assets, page 1 of 1.')
    expect(await rows(page).locator('.badge.failed').count()).toBe(24)
    await page.getByLabel('Latest version').selectOption('yes')
    await page.getByRole('combobox', { name: 'Default', exact: true }).selectOption('no')
    await expect.poll(() => page.url()).toContain('is_latest=true&is_default=false&status=failed')
    await page.getByRole('link', { name: 'Clear', exact: true }).click()
    const uri = 'https://tiles.globalforestwatch.org/gfw_oil_palm/v2025/dynamic/{z}/{x}/{y}.pbf'
    await page.getByLabel('Asset URI').fill(uri)
    await page.getByRole('button', { name: 'Search' }).click()
    await expect.poll(() => summaryOf(page)).toBe('1 asset, page 1 of 1.')
    expect(await rows(page).locator('.badge.failed').count()).toBe(0)
  })

  it('query once after several steps with the arrow keys', async () => {
    const page = await signedIn(ALL)
    await rows(page).first().waitFor()
    const queries = recordQueries(page)
    await page.getByLabel('Status').focus()
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key)
    await page.keyboard.press('Tab')
    await expect.poll(() => summaryOf(page)).toBe('1,546 assets, page 1 of 62.')
    expect(queries).toEqual(['?status=saved'])
    await page.goBack()
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
  })
})

describeInBrowser('the listing of all assets', () => {
  it('tells a thousand rows apart, copies their URIs, and draws those in sight alone', async () => {
    const page = await signedIn('/?view=assets&page[size]=1000')
    await expect.poll(() => rows(page).count()).toBe(1000)
    const names = await rows(page)
      .locator('th a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('aria-label')))
    const texts = await rows(page).evaluateAll((all) => all.map((row) => row.textContent))
    expect({ names: new Set(names).size, texts: new Set(texts).size }).toEqual({
      names: 1000,
      texts: 1000,
    })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await rows(page).first().getByRole('button', { name: 'Copy' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'https://tiles.globalforestwatch.org/aqueduct_crop_baseline_2020/v1.0/dynamic/{z}/{x}/{y}.pbf',
    )
    expect(await countSkipped(rows(page))).toBeGreaterThan(900)
  })

  it('turns its pages without losing the focus', async () => {
    const page = await signedIn('/?view=assets&page[size]=100')
    const next = page.getByRole('link', { name: 'Next' })
    await rows(page).first().waitFor()
    expect(await page.locator('.paging').evaluate(coversFocusedRow)).toBe(false)
    await next.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 2 of 16.')
    // Read from the top.
    await expect.poll(() => rows(page).first().evaluate(isInWindow)).toBe(true)
    await page.goto(`${origin}/?view=assets&page[number]=15&page[size]=100`)
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 15 of 16.')
    await next.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 16 of 16.')
    expect(await rows(page).count()).toBe(82)
    expect(await next.evaluate(isFocused)).toBe(true)
    expect(await next.getAttribute('aria-disabled')).toBe('true')
    await page.getByLabel('Rows').selectOption('25')
    await expect.poll(() => page.url()).toBe(`${origin}/?view=assets&page[size]=25`)
  })

  it('is walked by the arrow keys beside the open asset, and leaves no trace in the history', async () => {
    const page = await signedIn('/')
    await page.getByRole('link', { name: 'All assets' }).click()
    const links = rows(page).locator('th a')
    await links.nth(1).click()
    const pane = page.getByRole('complementary', { name: 'Asset' })
    await pane.getByRole('heading', { name: 'aqueduct_crop_baseline_2020' }).first().waitFor()
    const first = page.url()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => page.url()).not.toBe(first)
    expect(await links.nth(2).getAttribute('aria-current')).toBe('true')
    expect(await links.nth(2).evaluate(isFocused)).toBe(true)
    await pane.getByRole('button', { name: 'Close' }).focus()
    await page.keyboard.press('Escape')
    await pane.waitFor({ state: 'detached' })
    await expect.poll(() => page.url()).toBe(`${origin}${ALL}`)
    await page.goBack()
    await expect.poll(() => page.url()).toBe(`${origin}/`)
  })

  it('does not shift while it loads', async () => {
    const page = await signedIn('/?view=assets&page[size]=10')
    await page.route('**/assets?*', async (route) => {
      // Longer than it takes to show the skeleton.
      await new Promise((resolve) => setTimeout(resolve, 400))
      await route.continue()
    })
    await page.reload()
    await page.locator('.results .skeleton').first().waitFor()
    await rows(page).first().waitFor()
    const shift = await page.evaluate(async () => {
      await new Promise(requestAnimationFrame)
      const observer = new PerformanceObserver(() => {})
      observer.observe({ type: 'layout-shift', buffered: true })
      // Boundary: TypeScript does not know the entries of layout shifts.
      const shifts = observer.takeRecords() as (PerformanceEntry & { value: number })[]
      return shifts.reduce((sum, { value }) => sum + value, 0)
    })
    expect(shift).toBeLessThan(0.05)
  })

  it('fits a phone of 360 pixels, also at 200% font size', async () => {
    const page = await signedIn(ALL, { viewport: { width: 360, height: 740 }, isMobile: true })
    await rows(page).first().waitFor()
    const width = () => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await width()).toBe(360)
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    expect(await width()).toBe(360)
  })
})

/** Focuses the first link that is under a bar at the bottom of the window. */
function coversFocusedRow(bar: Element): boolean {
  const top = () => bar.getBoundingClientRect().top
  const links = [...document.querySelectorAll<HTMLElement>('.results tbody a')]
  const link = links.find((each) => each.getBoundingClientRect().bottom > top())
  link?.focus()
  return (link?.getBoundingClientRect().bottom ?? Number.POSITIVE_INFINITY) > top()
}

function isInWindow(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
}

describeInBrowser('the tools of a listing', () => {
  it('show its request with curl, in place, and are not printed', async () => {
    const page = await signedIn(OIL_PALM)
    const opener = page.getByRole('button', { name: 'Request', exact: true })
    await rows(page).first().waitFor()
    const place = await opener.boundingBox()
    await opener.click()
    const figures = page.locator('.results figure pre')
    expect(await figures.allInnerTexts()).toEqual([
      `${origin}/assets?dataset=gfw_oil_palm`,
      `curl -gs -H "Authorization: Bearer $TOKEN" '${origin}/assets?dataset=gfw_oil_palm'`,
    ])
    expect(await opener.boundingBox()).toEqual(place)
    await exportOpener(page).click()
    expect(await figures.first().isVisible()).toBe(false)
    expect(await opener.boundingBox()).toEqual(place)
    await page.emulateMedia({ media: 'print' })
    for (const control of [opener, page.getByLabel('Status'), page.getByLabel('Rows')]) {
      expect(await control.isVisible()).toBe(false)
    }
    expect(await rows(page).count()).toBe(5)
  })

  it('save all pages as CSV, retrying a failed one', async () => {
    const page = await signedIn(ALL, { expected: [503] })
    await rows(page).first().waitFor()
    const failure = {
      status: 503,
      headers: { 'Retry-After': '0' },
      json: { detail: 'Service Unavailable' },
    }
    let attempts = 0
    await page.route('**/assets?*page%5Bnumber%5D=2*', (route) =>
      attempts++ === 0 ? route.fulfill(failure) : route.continue(),
    )
    await exportOpener(page).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download CSV' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('assets.csv')
    const outcome = page.getByText('1,582 assets saved as assets.csv.')
    await outcome.waitFor()
    expect(attempts).toBe(2)
    await page.getByLabel('Status').selectOption('failed')
    await outcome.waitFor({ state: 'detached' })
    const directory = await mkdtemp(join(tmpdir(), 'export-'))
    const path = join(directory, 'assets.csv')
    await download.saveAs(path)
    const lines = (await readFile(path, 'utf8')).split('\r\n')
    await rm(directory, { recursive: true })
    expect(lines.length).toBe(1584)
    expect(new Set(lines.map((line) => line.split(',')[5])).size).toBe(1584)
  })

  it('cancel an export, and return the focus', async () => {
    const page = await signedIn(ALL)
    await rows(page).first().waitFor()
    const { promise, resolve } = Promise.withResolvers<void>()
    await page.route('**/assets?*page%5Bnumber%5D=2*', () => promise)
    await exportOpener(page).click()
    await page.getByRole('button', { name: 'Download NDJSON' }).click()
    await page.getByText('1,000 of 1,582').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Export canceled.').waitFor()
    expect(await exportOpener(page).evaluate(isFocused)).toBe(true)
    resolve()
  })
})
