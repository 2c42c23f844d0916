import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { skipWithoutRequests } from '../harness/python.ts'
import { describeInBrowser, newPage, origin, signedIn, token } from './browser.ts'
import { RASTER_COLOUR, TILE_HOST } from './tiles.ts'

const runFile = promisify(execFile)

const OIL_PALM = 'a7b766ef-0594-5826-a9a3-e72bd9d491d2'
const OIL_PALM_PATH = `/?dataset=gfw_oil_palm&asset=${OIL_PALM}`

/** The colour at a point of the map, in pixels from its centre. */
async function colourAt(page: Page, right: number, down = 0): Promise<number[]> {
  const picture = await page.locator('.map canvas').screenshot()
  // On a page without a policy, which may read the picture.
  const reader = await page.context().newPage()
  const colour = await reader.evaluate(
    async ([base64, x, y]) => {
      const image = new Image()
      image.src = `data:image/png;base64,${base64}`
      await image.decode()
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
      if (!context) return []
      context.drawImage(image, 0, 0)
      const [red = 0, green = 0, blue = 0] = context.getImageData(
        image.width / 2 + x,
        image.height / 2 + y,
        1,
        1,
      ).data
      return [red, green, blue]
    },
    [picture.toString('base64'), right, down] as const,
  )
  await reader.close()
  return colour
}

describeInBrowser('the panel of an asset', () => {
  it('opens, closes and gives the focus back, by keyboard alone', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm')
    const link = page.locator('tbody a').first()
    await link.focus()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog')
    await panel.getByRole('heading', { name: 'Use it' }).waitFor()
    expect(new URL(page.url()).searchParams.get('asset')).toMatch(/^[0-9a-f-]{36}$/)
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await expect.poll(() => page.url()).toBe(`${origin}/?dataset=gfw_oil_palm`)
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('gives the focus back where the browser goes back', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm')
    const link = page.locator('tbody a').first()
    await link.click()
    await page.getByRole('dialog').getByRole('heading', { name: 'Use it' }).waitFor()
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect
      .poll(() => link.evaluate((element) => element === document.activeElement))
      .toBe(true)
  })

  it('closes by a click beside it, and by no other', async () => {
    const page = await signedIn('/?asset=00000000-0000-4000-8000-000000000000', { expected: [404] })
    const panel = page.getByRole('dialog')
    await panel.getByRole('heading', { name: 'Not found' }).waitFor()
    const { x = 0, y = 0, height = 0 } = (await panel.boundingBox()) ?? {}
    await page.mouse.click(x + 50, y + height - 50)
    // As text is selected, from its end to its beginning.
    await page.mouse.move(x + 50, y + 100)
    await page.mouse.down()
    await page.mouse.move(x - 50, y + 100)
    await page.mouse.up()
    await page.evaluate(() => new Promise(requestAnimationFrame))
    expect(await panel.count()).toBe(1)
    await page.mouse.click(x - 50, y + 100)
    await panel.waitFor({ state: 'detached' })
  })

  it('shows what is recorded, its fields in a table', async () => {
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
    const facts = await panel.locator('dl.facts').first().innerText()
    expect(facts).toContain(`asset_id\n${OIL_PALM}`)
    expect(facts).toContain('max_zoom\n9')
    expect(facts).toContain('is_managed\nyes')
  })

  it('is there for an asset that the listing does not have', async () => {
    const page = await signedIn(`/?dataset=wdpa_protected_areas&asset=${OIL_PALM}`)
    await page.getByRole('dialog', { name: 'gfw_oil_palm v20191031' }).waitFor()
  })

  it('shows the bands of a raster tile set, and says why there is no map', async () => {
    const page = await signedIn(
      '/?asset_type=Raster+tile+set&dataset=gfw_forest_flux_forest_age_category',
    )
    await page.locator('tbody a').first().click()
    const panel = page.getByRole('dialog')
    await panel.getByRole('table', { name: 'Bands (1)' }).waitFor()
    await panel.getByText('No map: the asset lies in a bucket (s3://)').waitFor()
  })

  it('says why a table has no map', async () => {
    const page = await signedIn('/?asset_type=Database+table&page[size]=1')
    await page.locator('tbody a').first().click()
    await page.getByRole('dialog').getByText('No map: a table has rows, not tiles.').waitFor()
  })

  it('says why tiles that failed have no map', async () => {
    const page = await signedIn('/?asset_type=Raster+tile+cache&status=pending&page[size]=1')
    await page.locator('tbody a').first().click()
    await page.getByRole('dialog').getByText('No map yet: the tiles are being made.').waitFor()
  })

  it('says that there is no such asset', async () => {
    const page = await signedIn('/?asset=00000000-0000-4000-8000-000000000000', { expected: [404] })
    await page.getByRole('dialog').getByRole('heading', { name: 'Not found' }).waitFor()
  })
})

describeInBrowser('text to copy', () => {
  const uri = `${TILE_HOST}/gfw_oil_palm/v20191031/default/{z}/{x}/{y}.pbf`
  const env = { ...process.env, TOKEN: token }
  const MAY_COPY = { permissions: ['clipboard-read', 'clipboard-write'] }

  async function copy(page: Page, label: string): Promise<string> {
    const panel = page.getByRole('dialog')
    await panel.getByRole('button', { name: `Copy ${label}` }).click()
    await panel.getByRole('figure', { name: label }).getByText('Copied').waitFor()
    return page.evaluate(() => navigator.clipboard.readText())
  }

  it('is the asset in other tools, and works there', async () => {
    const page = await signedIn(OIL_PALM_PATH, MAY_COPY)
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

  it('is Python that prints the URI', async (context) => {
    await skipWithoutRequests(context)
    const page = await signedIn(OIL_PALM_PATH, MAY_COPY)
    const python = await copy(page, 'Python')
    expect(python).not.toContain(token)
    expect((await runFile('python3', ['-c', python], { env })).stdout).toBe(`${uri}\n`)
  })
})

describeInBrowser('the map', () => {
  it('draws a vector tile cache by its geometries, and names attributes by their alias', async () => {
    const page = await signedIn(OIL_PALM_PATH)
    const canvas = page.locator('.map canvas')
    await canvas.waitFor()
    // Zoom 0.5 has 724 pixels a turn: the line is at 80° west, the point at 100° east.
    const sea = [232, 238, 242]
    const colours = async () => [
      await colourAt(page, -100),
      await colourAt(page, 0),
      await colourAt(page, 201),
    ]
    await expect.poll(colours).toEqual([sea, [219, 175, 149], [179, 84, 30]])
    expect(await colourAt(page, -161)).not.toEqual(sea)

    await canvas.click()
    const attributes = page.getByLabel('Attributes')
    expect(await attributes.innerText()).toBe('Name\npolygon\nArea\n12.5')
    const box = await canvas.boundingBox()
    await canvas.click({ position: { x: (box?.width ?? 0) / 2 + 201, y: (box?.height ?? 0) / 2 } })
    await expect.poll(() => attributes.innerText()).toBe('Name\npoint\nArea\n12.5')
    await page.getByRole('button', { name: 'look at the map’s centre' }).press('Enter')
    await expect.poll(() => attributes.innerText()).toBe('Name\npolygon\nArea\n12.5')
  })

  it('draws a raster tile cache', async () => {
    const page = await signedIn('/?asset_type=Raster+tile+cache&status=saved&page[size]=1')
    await page.locator('tbody a').first().click()
    await page.locator('.map canvas').waitFor()
    await expect.poll(() => colourAt(page, -300, 60)).toEqual(RASTER_COLOUR)
  })

  it('says that it cannot be shown, and not to zoom in', async () => {
    const page = await newPage()
    page.removeAllListeners('console')
    await page.route('**/static/map-*.js', (route) => route.abort())
    await page.route('**/tilejson.json', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), minzoom: 3 } })
    })
    await page.goto(`${origin}${OIL_PALM_PATH}#token=${token}`)
    await page.getByText('The map cannot be shown: it needs WebGL, and its script.').waitFor()
    expect(await page.getByText('Its tiles begin at zoom').count()).toBe(0)
  })

  it('says that tiles cannot be loaded', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [403] })
    await page
      .context()
      .route(`${TILE_HOST}/**`, (route) =>
        route.fulfill({ status: 403, headers: { 'Access-Control-Allow-Origin': '*' } }),
      )
    await page.goto(`${origin}${OIL_PALM_PATH}`)
    await page.getByText(/^Tiles that could not be loaded: \d+\./).waitFor()
  })
})
