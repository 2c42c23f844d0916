import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { skipWithoutModule } from '../harness/python.ts'
import { describeInBrowser, linesOf, origin, signedIn, summaryOf, token } from './browser.ts'
import { TILE_HOST } from './tiles.ts'

const runFile = promisify(execFile)

const OIL_PALM = 'a7b766ef-0594-5826-a9a3-e72bd9d491d2'
const OIL_PALM_PATH = `/?dataset=gfw_oil_palm&asset=${OIL_PALM}`

describeInBrowser('the panel of an asset', () => {
  it('opens and closes by keyboard, and returns focus to the link', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm')
    const link = page.locator('tbody a').first()
    await link.focus()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog')
    await panel.getByRole('heading', { name: 'Use this asset' }).waitFor()
    expect(new URL(page.url()).searchParams.get('asset')).toMatch(/^[0-9a-f-]{36}$/)
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await expect.poll(() => page.url()).toBe(`${origin}/?dataset=gfw_oil_palm`)
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('returns focus to the link when the browser goes back', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm')
    const link = page.locator('tbody a').first()
    await link.click()
    await page.getByRole('dialog').getByRole('heading', { name: 'Use this asset' }).waitFor()
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect
      .poll(() => link.evaluate((element) => element === document.activeElement))
      .toBe(true)
  })

  it('closes on a click outside, but not on a drag that ends outside', async () => {
    const page = await signedIn('/?asset=00000000-0000-4000-8000-000000000000', { expected: [404] })
    const panel = page.getByRole('dialog')
    await panel.getByRole('heading', { name: 'Not found' }).waitFor()
    const { x = 0, y = 0, height = 0 } = (await panel.boundingBox()) ?? {}
    await page.mouse.click(x + 50, y + height - 50)
    // A text selection that starts inside and ends outside.
    await page.mouse.move(x + 50, y + 100)
    await page.mouse.down()
    await page.mouse.move(x - 50, y + 100)
    await page.mouse.up()
    await page.evaluate(() => new Promise(requestAnimationFrame))
    expect(await panel.count()).toBe(1)
    await page.mouse.click(x - 50, y + 100)
    await expect.poll(() => panel.count()).toBe(0)
  })

  it('shows properties, metadata, and a table of fields', async () => {
    const page = await signedIn(OIL_PALM_PATH)
    const panel = page.getByRole('dialog', { name: 'gfw_oil_palm v20191031' })
    const table = panel.getByRole('table', { name: 'Fields (4)' })
    await table.waitFor()
    expect(await table.locator('tbody tr').allInnerTexts()).toEqual([
      'name\tName\ttext\t',
      'group_comp\tCompany\ttext\t',
      'country\tCountry\ttext\t',
      'area_ha\tArea\ttext\t',
    ])
    const properties = await panel.locator('dl.properties').first().innerText()
    expect(properties).toContain(`asset_id\n${OIL_PALM}`)
    expect(properties).toContain('max_zoom\n9')
    expect(properties).toContain('is_managed\nyes')
  })

  it('opens an asset that is not in the listing', async () => {
    const page = await signedIn(`/?dataset=wdpa_protected_areas&asset=${OIL_PALM}`)
    const panel = page.getByRole('dialog', { name: 'gfw_oil_palm v20191031' })
    expect(await panel.locator('.asset-type').innerText()).toBe('Static vector tile cache')
    await expect.poll(() => summaryOf(page)).toBe('42 assets, page 1 of 2.')
  })

  it('shows the bands of a raster tile set and explains why it has no map', async () => {
    const page = await signedIn(
      '/?asset_type=Raster+tile+set&dataset=gfw_forest_flux_forest_age_category',
    )
    await page.locator('tbody a').first().click()
    const panel = page.getByRole('dialog')
    const bands = panel.getByRole('table', { name: 'Bands (1)' }).locator('tbody tr')
    await expect.poll(() => bands.allInnerTexts()).toEqual(['ageCategory\t\t\t\t'])
    expect(await panel.locator('.no-map').innerText()).toBe(
      'No map: browsers cannot read the bucket (s3://) that holds the asset. Use GDAL or the AWS CLI.',
    )
  })

  it('explains why a table has no map', async () => {
    const page = await signedIn('/?asset_type=Database+table&page[size]=1')
    await page.locator('tbody a').first().click()
    expect(await page.getByRole('dialog').locator('.no-map').innerText()).toBe(
      'No map: a table has rows, not tiles. Query it at its URI, or open a tile cache of its version.',
    )
  })

  it('explains why pending tiles have no map yet', async () => {
    const page = await signedIn('/?asset_type=Raster+tile+cache&status=pending&page[size]=1')
    await page.locator('tbody a').first().click()
    expect(await page.getByRole('dialog').locator('.no-map').innerText()).toBe(
      'No map yet: the tiles are being generated.',
    )
  })

  it('shows an error for an unknown asset id', async () => {
    const page = await signedIn('/?asset=00000000-0000-4000-8000-000000000000', { expected: [404] })
    expect(await linesOf(page.getByRole('dialog').getByRole('alert'))).toEqual([
      'Not found',
      'Could not find requested asset 00000000-0000-4000-8000-000000000000. Search for it in the listing.',
      'Try again',
    ])
  })
})

describeInBrowser('the copy buttons', () => {
  const uri = `${TILE_HOST}/gfw_oil_palm/v20191031/default/{z}/{x}/{y}.pbf`
  const env = { ...process.env, TOKEN: token }
  const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] }

  async function copy(page: Page, label: string): Promise<string> {
    const panel = page.getByRole('dialog')
    await panel.getByRole('button', { name: `Copy ${label}` }).click()
    await panel.getByRole('figure', { name: label }).getByText('Copied').waitFor()
    return page.evaluate(() => navigator.clipboard.readText())
  }

  it('copy snippets that work', async () => {
    const page = await signedIn(OIL_PALM_PATH, CLIPBOARD)
    expect(await copy(page, 'Asset URI')).toBe(uri)

    const curl = await copy(page, 'curl')
    expect(curl).not.toContain(token)
    const { stdout } = await runFile('bash', ['-c', curl], { env })
    expect(JSON.parse(stdout).data.asset_uri).toBe(uri)

    const sources: unknown[] = []
    const map = { addSource: (...source: unknown[]) => sources.push(source) }
    new Function('map', await copy(page, 'MapLibre source'))(map)
    expect(sources).toEqual([
      ['gfw_oil_palm v20191031', { type: 'vector', tiles: [uri], maxzoom: 9 }],
    ])

    await page.getByText('Open TileJSON').click()
    expect(JSON.parse(await copy(page, 'TileJSON'))).toMatchObject({
      tilejson: '3.0.0',
      tiles: [uri],
    })
  })

  it('copy a map source URL whose tiles are those of the latest version', async () => {
    // v20191031 is not the latest version, which has one tile cache of this type too.
    const page = await signedIn(OIL_PALM_PATH, CLIPBOARD)
    const url = await copy(page, 'Map source URL of the latest version')
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } })
    const { tiles } = (await answer.json()) as { tiles: string[] }
    expect(tiles).toEqual([`${TILE_HOST}/gfw_oil_palm/v2025/default/{z}/{x}/{y}.pbf`])
  })

  it('copy a Python script that prints the URI', async (context) => {
    await skipWithoutModule(context, 'requests')
    const page = await signedIn(OIL_PALM_PATH, CLIPBOARD)
    const python = await copy(page, 'Python')
    expect(python).not.toContain(token)
    expect((await runFile('python3', ['-c', python], { env })).stdout).toBe(`${uri}\n`)
  })
})
