import { expect, it } from 'vitest'
import { describeInBrowser, newPage, origin, signedIn, signInLink, summaryOf } from './browser.ts'

const OIL_PALM = '/?dataset=gfw_oil_palm'

describeInBrowser('the listing', () => {
  it('applies the chosen filters and puts them in the URL', async () => {
    const page = await signedIn()
    const dataset = page.getByLabel('Dataset')
    const version = page.getByRole('combobox', { name: 'Version', exact: true })
    await expect.poll(() => page.locator('#datasets option').count()).toBe(261)
    await dataset.fill('gfw_oil_palm')
    await dataset.press('Enter')
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    expect(await version.innerText()).toBe('any\nlatest\nv2025\nv20191031')
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
    await page.getByRole('link', { name: 'Clear' }).click()
    await expect.poll(() => summaryOf(page)).toBe('1,582 assets, page 1 of 64.')
    expect(await dataset.inputValue()).toBe('')
  })

  it('clears the version when Enter applies another dataset', async () => {
    const page = await signedIn('/?dataset=wdpa_protected_areas&version=v202008')
    await page.locator('tbody tr').first().waitFor()
    await page.getByLabel('Dataset').fill('gfw_oil_palm')
    await page.getByLabel('Dataset').press('Enter')
    await expect.poll(() => summaryOf(page)).toBe('5 assets, page 1 of 1.')
    expect(page.url()).toBe(`${origin}${OIL_PALM}`)
  })

  it('filters by flags, status and exact URI', async () => {
    const page = await signedIn()
    await page.getByLabel('Status').selectOption('failed')
    await expect.poll(() => summaryOf(page)).toBe('24 assets, page 1 of 1.')
    await page.getByLabel('Latest version').selectOption('yes')
    await page.getByLabel('Default').selectOption('no')
    await expect.poll(() => page.url()).toContain('is_latest=true&is_default=false&status=failed')
    await page.getByRole('link', { name: 'Clear' }).click()
    const uri = 'https://tiles.globalforestwatch.org/gfw_oil_palm/v2025/dynamic/{z}/{x}/{y}.pbf'
    await page.getByLabel('Asset URI').fill(uri)
    await page.getByRole('button', { name: 'Search' }).click()
    await expect.poll(() => summaryOf(page)).toBe('1 asset, page 1 of 1.')
  })

  it('links to its other pages and changes the page size', async () => {
    const page = await signedIn()
    const rows = page.locator('tbody tr')
    await rows.first().waitFor()
    const first = await rows.allInnerTexts()
    expect(first).toHaveLength(25)
    await page.getByRole('link', { name: 'Next' }).click()
    await page.getByText('page 2 of 64').waitFor()
    expect(await rows.allInnerTexts()).not.toEqual(first)
    await page.getByRole('link', { name: 'Last' }).click()
    await page.getByText('page 64 of 64').waitFor()
    expect(await rows.count()).toBe(7)
    expect(await page.getByRole('link', { name: 'Next' }).count()).toBe(0)
    await page.getByLabel('Rows').selectOption('100')
    await page.getByText('page 1 of 16').waitFor()
    expect(page.url()).toBe(`${origin}/?page[size]=100`)
  })

  it('shows the same assets to everyone who opens its URL', async () => {
    const path = '/?asset_type=Raster+tile+cache&page[number]=3&page[size]=10'
    const rows = async () => {
      const page = await signedIn(path)
      await expect.poll(() => summaryOf(page)).toBe('237 assets, page 3 of 24.')
      expect(await page.getByLabel('Type').inputValue()).toBe('Raster tile cache')
      return page.locator('tbody tr').allInnerTexts()
    }
    const mine = await rows()
    expect(mine).toHaveLength(10)
    expect(await rows()).toEqual(mine)
  })

  it('loads less than 350 KiB, without the map', async () => {
    const page = await newPage()
    const sizes: Promise<number>[] = []
    const paths: string[] = []
    page.on('requestfinished', (request) => {
      paths.push(new URL(request.url()).pathname)
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
    })
    await page.goto(signInLink)
    await page.locator('tbody tr').first().waitFor()
    const sum = (await Promise.all(sizes)).reduce((total, size) => total + size, 0)
    expect(sum).toBeGreaterThan(10 * 1024)
    expect(sum).toBeLessThan(350 * 1024)
    expect(paths.filter((path) => /map/.test(path))).toEqual([])
  })

  it('has filters that fit a phone at 200% font size', async () => {
    const page = await signedIn('/', { viewport: { width: 360, height: 740 } })
    await page.locator('tbody tr').first().waitFor()
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    const form = page.getByRole('form', { name: 'Assets' })
    const { x = 0, width = 0 } = (await form.getByLabel('Dataset').boundingBox()) ?? {}
    expect(x + width).toBeLessThanOrEqual(360)
  })

  it('fits a phone of 360 pixels', async () => {
    const page = await signedIn('/', { viewport: { width: 360, height: 740 }, isMobile: true })
    await page.locator('tbody tr').first().waitFor()
    const width = () => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await width()).toBe(360)
    await page.locator('tbody a').first().click()
    await page.getByRole('heading', { name: 'Use this asset' }).waitFor()
    expect(await page.getByRole('dialog').evaluate((dialog) => dialog.scrollWidth)).toBe(360)
    expect(await width()).toBe(360)
  })
})
