import { execFile } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { skipWithoutModule } from '../harness/python.ts'
import { describeInBrowser, isFocused, linesOf, origin, signedIn, token } from './browser.ts'
import { TILE_HOST } from './tiles.ts'

const runFile = promisify(execFile)

const OIL_PALM = 'a7b766ef-0594-5826-a9a3-e72bd9d491d2'
const OIL_PALM_PATH = `/?asset=${OIL_PALM}`
const OIL_PALM_URI = `${TILE_HOST}/gfw_oil_palm/v20191031/default/{z}/{x}/{y}.pbf`
const VIIRS_TABLE_PATH = '/?asset=1c564101-38cd-5a88-a86a-353d3fa5b9df'
const PENDING_PATH = '/?asset=937106e1-5215-5003-97d2-3adceef4485a'
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] }

async function copy(page: Page, label: string): Promise<string> {
  const pane = page.getByRole('complementary', { name: 'Asset' })
  const button = pane.getByRole('button', { name: `Copy ${label}`, exact: true })
  await button.click()
  await button.getByText('Copied').waitFor()
  return page.evaluate(() => navigator.clipboard.readText())
}

describeInBrowser('an asset', () => {
  it('has a title, its whole URI, fields, details and the other assets of its version', async () => {
    const page = await signedIn(OIL_PALM_PATH, CLIPBOARD)
    const pane = page.getByRole('complementary', { name: 'Asset' })
    await pane.getByRole('heading', { name: 'gfw_oil_palm v20191031' }).waitFor()
    await expect.poll(() => page.title()).toBe('gfw_oil_palm v20191031 default · GFW asset catalog')
    expect(new URL(page.url()).searchParams.get('asset')).toBe(OIL_PALM)

    const uri = pane.locator('.asset-uri code')
    expect(await uri.innerText()).toBe(OIL_PALM_URI)
    expect(await uri.evaluate((code) => code.scrollWidth <= code.clientWidth)).toBe(true)
    expect(await copy(page, 'URI')).toBe(OIL_PALM_URI)

    const rows = pane.getByRole('table', { name: 'Fields (4)' }).locator('tbody tr')
    expect((await rows.allInnerTexts()).map((row) => row.trim().split('\t').slice(0, 3))).toEqual([
      ['name', 'Name', 'text'],
      ['group_comp', 'Company', 'text'],
      ['country', 'Country', 'text'],
      ['area_ha', 'Area', 'text'],
    ])
    expect(await linesOf(pane.locator('dl.properties').first())).toEqual(
      expect.arrayContaining(['asset_id', OIL_PALM, 'max_zoom', '9', 'is_managed', 'yes']),
    )

    await pane.locator('.siblings').getByRole('link', { name: 'dynamic' }).click()
    await expect.poll(() => page.title()).toBe('gfw_oil_palm v20191031 dynamic · GFW asset catalog')
    await page.goBack()
    await expect.poll(() => uri.innerText()).toBe(OIL_PALM_URI)
  })

  it('is printed without the list and the controls, its map and recipe whole', async () => {
    const page = await signedIn(OIL_PALM_PATH)
    const pane = page.getByRole('complementary', { name: 'Asset' })
    await pane.getByText(/^Tiles of/).waitFor()
    await page.emulateMedia({ media: 'print' })
    // The width of paper.
    await page.setViewportSize({ width: 700, height: 990 })
    expect(await page.locator('.page-header').isVisible()).toBe(false)
    expect(await page.locator('.dataset').isVisible()).toBe(false)
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['MapLibre'])
    expect(await pane.getByText(/^Tiles of/).isVisible()).toBe(true)
    const cut = (block: Element) => block.scrollHeight - block.clientHeight
    expect(await pane.locator('pre').first().evaluate(cut)).toBe(0)
    // A window of this width has no room for the list.
    await page.emulateMedia({ media: null })
    await page.getByRole('dialog', { name: 'Asset' }).waitFor()
  })

  it('lists the first assets of its version if all have too much metadata for a page', async () => {
    const page = await signedIn('/', { expected: [422] })
    const refusal = [{ loc: ['query', 'page[size]'], msg: '', type: 'value_error.page_bytes' }]
    await page.route(
      ({ pathname, searchParams }) =>
        pathname === '/assets' && searchParams.get('page[size]') === '1000',
      (route) => route.fulfill({ status: 422, json: { detail: refusal } }),
    )
    await page.goto(`${origin}/?view=assets&dataset=gfw_oil_palm&asset=${OIL_PALM}`)
    const siblings = page.locator('.siblings')
    await siblings.waitFor()
    expect(await siblings.getByRole('link').count()).toBeGreaterThan(1)
  })

  it('fits a phone of 360 pixels at 200% font size', async () => {
    const page = await signedIn(OIL_PALM_PATH, {
      viewport: { width: 360, height: 740 },
      isMobile: true,
    })
    await page.getByRole('figure', { name: 'Web page' }).waitFor()
    await page.locator('.siblings').waitFor()
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    const widths = await page
      .getByRole('dialog', { name: 'Asset' })
      .evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])
    expect(widths).toEqual([360, 360])
  })

  it('shows the columns of a table, and points to the tile caches of its version', async () => {
    const page = await signedIn(VIIRS_TABLE_PATH)
    const head = page.getByRole('table', { name: 'Fields (9)' }).locator('thead')
    // Its aliases are the names.
    expect((await head.innerText()).trim()).toBe('Name\tType\tUnit')
    await page.locator('.no-map').getByRole('link', { name: 'Dynamic vector tile cache' }).click()
    await page.getByRole('heading', { name: 'Tile URL' }).waitFor()
    expect(await page.locator('.asset-uri code').innerText()).toBe(
      `${TILE_HOST}/nasa_viirs_fire_alerts/v20240815/dynamic/{z}/{x}/{y}.pbf`,
    )
  })

  it('says why pending tiles have no map yet', async () => {
    const page = await signedIn(PENDING_PATH)
    expect(await page.locator('.no-map p').first().innerText()).toBe(
      'No map yet: the tiles are being generated.',
    )
    expect(await page.locator('.asset-badges').innerText()).toContain('pending')
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['This API'])
  })

  it('has snippets for this API that work', async (context) => {
    await skipWithoutModule(context, 'requests')
    const env = { ...process.env, TOKEN: token }
    const page = await signedIn(OIL_PALM_PATH, CLIPBOARD)
    await page.getByRole('tab', { name: 'This API' }).click()
    const curl = await copy(page, 'curl')
    const python = await copy(page, 'Python')
    expect(curl + python).not.toContain(token)
    const { stdout } = await runFile('bash', ['-c', curl], { env })
    expect(JSON.parse(stdout).data.asset_uri).toBe(OIL_PALM_URI)
    expect((await runFile('python3', ['-c', python], { env })).stdout).toBe(`${OIL_PALM_URI}\n`)
  })

  it('remembers the tab, which arrow keys choose, and offers its text as a file', async () => {
    const page = await signedIn(OIL_PALM_PATH)
    const tab = (name: string) => page.getByRole('tab', { name, exact: true })
    await tab('MapLibre').press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await tab('QGIS').evaluate(isFocused)).toBe(true)
    expect(await tab('QGIS').getAttribute('aria-selected')).toBe('true')

    await page.reload()
    await expect.poll(() => tab('QGIS').getAttribute('aria-selected')).toBe('true')
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download File of connections' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('gfw_oil_palm.xml')
    expect(await text(await download.createReadStream())).toContain(OIL_PALM_URI)
  })
})
