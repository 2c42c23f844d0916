import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import {
  describeInBrowser,
  isFocused,
  linesOf,
  newPage,
  origin,
  signedIn,
  token,
} from './browser.ts'
import { TILE_HOST } from './tiles.ts'

const LOSS = '/?dataset=umd_tree_cover_loss'
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] }

function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '')
}

async function openRow(page: Page): Promise<string> {
  // Rows off the screen have no inner text.
  return (await page.locator('.asset-row [aria-current]').textContent()) ?? ''
}

function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText())
}

describeInBrowser("a dataset's page", () => {
  it('lists versions newest first, leads to the newest map and back up, and shows what is not saved', async () => {
    const page = await signedIn(LOSS)
    const versions = page.getByRole('navigation', { name: 'Versions' })
    await page.getByRole('heading', { name: 'Assets of v1.13' }).waitFor()
    expect(await page.title()).toBe('umd_tree_cover_loss · GFW asset catalog')
    expect((await versions.getByRole('link').allInnerTexts()).map(toText)).toEqual([
      'v1.13 latest Raster tile set COG 16',
      'v1.12 Raster tile set COG 18',
      'v1.11 Raster tile cache 9 Raster tile set COG 2',
      'v1.10 Raster tile cache 7 Raster tile set',
      'v1.9.1 Raster tile cache 4',
      'v1.9 Raster tile cache 7 Raster tile set',
      'v1.8 Raster tile cache 7 Raster tile set 2',
      'v1.7 Raster tile cache',
    ])
    expect(await page.locator('.note').innerText()).toBe(
      'No map in v1.13. The newest with a map is v1.11.',
    )
    await page.locator('.note').getByRole('link', { name: 'v1.11' }).click()
    await page
      .getByRole('complementary')
      .getByText(`${TILE_HOST}/umd_tree_cover_loss/`)
      .first()
      .waitFor()
    expect(await openRow(page)).toBe('default')
    // The note with the link is gone.
    expect(await page.getByRole('main').evaluate(isFocused)).toBe(true)
    expect(new URL(page.url()).searchParams.get('version')).toBe('v1.11')

    const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' })
    expect(await crumbs.getByRole('listitem').allInnerTexts()).toEqual([
      'Datasets',
      'umd_tree_cover_loss',
      'v1.11',
      'default',
    ])
    await crumbs.getByRole('link', { name: 'umd_tree_cover_loss' }).click()
    await page.getByRole('heading', { name: 'Assets of v1.13' }).waitFor()
    expect(page.url()).toBe(`${origin}${LOSS}`)

    await versions.getByRole('link', { name: 'v1.9.1' }).click()
    await page.getByRole('link', { name: 'secondtry' }).waitFor()
    expect(await page.locator('.asset-row .badge').allInnerTexts()).toEqual(['pending'])
  })

  it('shows assets by type under names that differ, and copies the URI of each', async () => {
    const page = await signedIn(`${LOSS}&version=v1.11`, CLIPBOARD)
    const caches = page.getByRole('list', { name: 'Raster tile cache 9' })
    await caches.waitFor()
    expect(await caches.getByRole('link').allInnerTexts()).toEqual([
      'default',
      'tcd_10',
      'tcd_15',
      'tcd_20',
      'tcd_25',
      'tcd_30',
      'tcd_50',
      'tcd_75',
      'tcd_90',
    ])
    expect(await page.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'Raster tile cache 9',
      'Raster tile set 1',
      'COG 2',
    ])
    const set = page.getByRole('list', { name: 'Raster tile set 1' }).getByRole('listitem')
    expect((await linesOf(set)).slice(0, 2)).toEqual(['year', 'default asset'])
    const thirty = caches.getByRole('listitem').filter({ hasText: 'tcd_30' })
    expect(await thirty.innerText()).toContain('tree cover density threshold 30 %')
    await caches.getByRole('button', { name: 'Copy URI of tcd_30' }).click()
    await caches.getByText('Copied').waitFor()
    const uri = `${TILE_HOST}/umd_tree_cover_loss/v1.11/tcd_30/{z}/{x}/{y}.png`
    expect(await clipboard(page)).toBe(uri)
    await page.emulateMedia({ media: 'print' })
    const printed = caches.getByRole('listitem').filter({ hasText: 'tcd_30' }).locator('.uri')
    expect(await printed.evaluate((end) => getComputedStyle(end, '::after').content)).toBe(
      `"${uri}"`,
    )
  })

  it('walks the list by keyboard while an asset is open, with one entry of history', async () => {
    const page = await signedIn(`${LOSS}&version=v1.11`)
    const row = page.getByRole('link', { name: 'tcd_10' })
    await row.waitFor()
    const listings: string[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      const isOfVersion = pathname === '/assets' && searchParams.get('version') === 'v1.11'
      if (isOfVersion) listings.push(request.url())
    })
    await row.click()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => openRow(page)).toBe('tcd_15')
    expect(await focused(page)).toBe('tcd_15')
    await page.keyboard.press('j')
    await expect.poll(() => openRow(page)).toBe('tcd_20')
    await page.keyboard.press('k')
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => openRow(page)).toBe('tcd_10')
    // From the row with the focus, also to the open one.
    const caches = page.getByRole('list', { name: 'Raster tile cache 9' })
    await caches.getByRole('link', { name: 'tcd_15' }).focus()
    await page.keyboard.press('ArrowUp')
    expect(await focused(page)).toBe('tcd_10')
    await caches.getByRole('link', { name: 'tcd_75' }).focus()
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => openRow(page)).toBe('tcd_50')
    await caches.getByRole('link', { name: 'tcd_10' }).click()
    await expect.poll(() => openRow(page)).toBe('tcd_10')
    const pane = page.getByRole('complementary')
    await pane.getByText('/v1.11/tcd_10/').first().waitFor()
    await pane.getByRole('link', { name: 'intensity_tcl.tif' }).waitFor()
    // The page knows the other assets of the version.
    expect(listings.join()).toBe('')
    // The asset is the next stop, and not the one after all rows.
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('To the asset')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await pane.getByRole('button', { name: 'Close' }).evaluate(isFocused)).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('complementary').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('tcd_10')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('complementary').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('tcd_10')
    await page.goBack()
    await page.goBack()
    await page.goBack()
    await page.goBack()
    await expect.poll(() => page.url()).toBe(`${origin}${LOSS}&version=v1.11`)
  })

  it('keeps the asset when another version has it too, and finds its version', async () => {
    const page = await signedIn(`${LOSS}&version=v1.11`)
    await page.getByRole('link', { name: 'tcd_30' }).click()
    const versions = page.getByRole('navigation', { name: 'Versions' })
    await versions.locator('summary').click()
    await versions.getByRole('link', { name: 'v1.8' }).click()
    await page.getByRole('complementary').getByText('/v1.8/tcd_30/').first().waitFor()
    expect(await openRow(page)).toBe('tcd_30')
    await page.goto(page.url().replace('&version=v1.8', ''))
    await page.getByRole('heading', { name: 'Assets of v1.8', exact: true }).waitFor()
    expect(await openRow(page)).toBe('tcd_30')
  })

  it('looks once for the newest map of a dataset with more assets than a page', async () => {
    const page = await newPage()
    const searches: string[] = []
    await page.route('**/assets?*', async (route) => {
      const url = new URL(route.request().url())
      const type = url.searchParams.get('asset_type')
      if (type) searches.push(type)
      if (type || url.searchParams.has('version')) return route.continue()
      const response = await route.fetch()
      const { meta, ...json } = await response.json()
      await route.fulfill({ response, json: { ...json, meta: { ...meta, total_items: '5000' } } })
    })
    await page.goto(`${origin}${LOSS}#token=${token}`)
    const note = page.locator('.note')
    await expect
      .poll(() => note.innerText())
      .toBe('No map in v1.13. The newest with a map is v1.11.')
    await page.getByRole('link', { name: 'v1.12' }).click()
    await expect
      .poll(() => note.innerText())
      .toBe('No map in v1.12. The newest with a map is v1.11.')
    expect(searches.sort()).toEqual([
      'Dynamic vector tile cache',
      'Raster tile cache',
      'Static vector tile cache',
    ])
  })

  it('compares two versions', async () => {
    const page = await signedIn(`${LOSS}&version=v1.11`)
    await page.getByLabel('Compare with').selectOption('v1.10')
    const table = page.getByRole('table', { name: 'Assets of v1.10 and v1.11' })
    await table.waitFor()
    await table.getByRole('link', { name: 'tcd_30' }).first().click()
    const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('listitem')
    await expect.poll(() => crumbs.nth(2).innerText()).toBe('v1.10')
    await page.keyboard.press('Escape')
    expect(page.url()).toBe(`${origin}${LOSS}&version=v1.11&compare=v1.10`)
    expect(await page.getByText('4 added, 0 removed, 8 in both.').count()).toBe(1)
    await page.getByLabel('Only differences').check()
    expect(page.url()).toBe(`${origin}${LOSS}&version=v1.11&compare=v1.10&only_differences=true`)
    expect((await table.locator('tbody tr').allInnerTexts()).map(toText)).toEqual([
      'Raster tile cache',
      '– default added',
      '– tcd_90 added',
      'COG',
      '– default.tif added',
      '– intensity_tcl.tif added',
    ])
    await page.getByLabel('Compare with').selectOption({ label: 'Stop comparing' })
    await page.getByRole('heading', { name: 'Assets of v1.11' }).waitFor()
    expect(page.url()).toBe(`${origin}${LOSS}&version=v1.11`)
    await page.goto(`${origin}/?dataset=nasa_viirs_fire_alerts&version=v20250127&compare=v20240815`)
    const fields = page.locator('.field-changes').first()
    expect(await linesOf(fields)).toEqual(
      expect.arrayContaining([
        'Fields of Dynamic vector tile cache dynamic',
        'All 9 are the same.',
      ]),
    )
  })

  it('shows the JSON behind it, and shares its link', async () => {
    const page = await signedIn(`${LOSS}&version=v1.7`, CLIPBOARD)
    await page.getByRole('button', { name: 'Source' }).click()
    const dialog = page.getByRole('dialog', { name: 'Source' })
    const json = dialog.getByRole('figure', { name: 'JSON' }).locator('pre')
    await expect.poll(() => json.innerText()).toContain('"version": "v1.7"')
    expect(await dialog.getByRole('figure', { name: 'curl' }).locator('pre').innerText()).toBe(
      `curl -gs -H "Authorization: Bearer $TOKEN" '${origin}/dataset/umd_tree_cover_loss/v1.7/assets?page[size]=1000'`,
    )
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText('Copied').waitFor()
    expect(await clipboard(page)).toBe(`${origin}${LOSS}&version=v1.7`)
  })

  it('offers similar names for an unknown dataset, and the latest for an unknown version', async () => {
    const page = await signedIn('/?dataset=umd_tree_cover_los', { expected: [404] })
    const alert = page.getByRole('alert')
    await alert.getByRole('link', { name: 'umd_tree_cover_loss', exact: true }).click()
    await page.getByRole('heading', { name: 'Assets of v1.13' }).waitFor()
    await page.goto(`${origin}${LOSS}&version=v99`)
    await alert.waitFor()
    expect(await linesOf(alert)).toEqual([
      'No version “v99”',
      'The latest version of umd_tree_cover_loss is v1.13.',
    ])
  })

  it('fits a phone at 200% font size, with its versions folded', async () => {
    const page = await signedIn(LOSS, { viewport: { width: 360, height: 740 } })
    const versions = page.getByRole('navigation', { name: 'Versions' })
    await versions.locator('summary').click()
    await versions.getByRole('link', { name: 'v1.11' }).click()
    await page.getByRole('heading', { name: 'Assets of v1.11' }).waitFor()
    expect(toText(await focused(page))).toContain('v1.11')
    await page.getByRole('link', { name: 'tcd_30' }).click()
    const sheet = page.getByRole('dialog', { name: 'Asset' })
    await sheet.getByText('/v1.11/tcd_30/').first().waitFor()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('tcd_30')
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })
})

function toText(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
