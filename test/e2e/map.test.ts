/** The map of a tile cache, as a reader uses it. */

import type { Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import {
  describeInBrowser,
  isFocused,
  newPage,
  origin,
  readColors,
  signedIn,
  token,
} from './browser.ts'
import { RASTER_COLOR, TILE_HOST } from './tiles.ts'

const OIL_PALM =
  '/?dataset=gfw_oil_palm&version=v20191031&asset=a7b766ef-0594-5826-a9a3-e72bd9d491d2'
const SEA = [232, 238, 242]
const DARK_SEA = [21, 32, 43]

/** The map's canvas, when tiles are drawn on it. */
async function drawnMap(page: Page): Promise<Locator> {
  await page.getByText(/^Tiles of z/).waitFor()
  return page.locator('.map canvas')
}

/** The pixels right of the center at which a longitude is, on a map of the world. */
async function rightOf(canvas: Locator, longitude: number): Promise<number> {
  const { width = 0 } = (await canvas.boundingBox()) ?? {}
  return Math.round((width * longitude) / 360)
}

async function clickAt(canvas: Locator, right: number): Promise<void> {
  const { width = 0, height = 0 } = (await canvas.boundingBox()) ?? {}
  await canvas.click({ position: { x: width / 2 + right, y: height / 2 + 3 } })
}

function zoomOf(page: Page): Promise<string> {
  return page.getByText(/^Zoom \d/).innerText()
}

describeInBrowser('the map', () => {
  it('draws each geometry of vector tiles, highlights the feature under the pointer, and shows the attributes of a clicked one', async () => {
    const page = await signedIn(OIL_PALM, { colorScheme: 'light' })
    const canvas = await drawnMap(page)
    // The tests' polygon, line and point are at the prime meridian, 80° W and 100° E.
    const point = await rightOf(canvas, 100)
    const line = await rightOf(canvas, -80)
    const between = await rightOf(canvas, -50)
    const colors = () =>
      readColors(canvas, [
        [between, 0],
        [0, 0],
      ])
    await expect.poll(colors).toEqual([SEA, [219, 175, 149]])
    for (const right of [point, line]) {
      // They are 2° south of the center.
      const below = [0, 1, 2, 3, 4, 5].map((down): [number, number] => [right, down])
      const colors = await readColors(canvas, below)
      expect(Math.max(...colors.map(([red = 0, , blue = 0]) => red - blue))).toBeGreaterThan(40)
    }

    const inside = await rightOf(canvas, 20)
    const before = await readColors(canvas, [[inside, 0]])
    await canvas.hover()
    await expect.poll(() => readColors(canvas, [[inside, 0]])).not.toEqual(before)

    await clickAt(canvas, 0)
    const attributes = page.getByLabel('Attributes')
    expect(await attributes.innerText()).toBe('Name\npolygon\nArea\n12.5')
    // The outline of the selection, at 40° W.
    const edge = await rightOf(canvas, -40)
    await expect.poll(() => readColors(canvas, [[edge, 0]])).toEqual([[11, 79, 168]])
    await clickAt(canvas, point)
    await expect.poll(() => attributes.innerText()).toBe('Name\npoint\nArea\n12.5')

    await page.getByRole('button', { name: 'Inspect the center' }).press('Enter')
    await expect.poll(() => attributes.innerText()).toBe('Name\npolygon\nArea\n12.5')
    await page.getByRole('button', { name: 'Close the feature' }).press('Enter')
    await attributes.waitFor({ state: 'detached' })
    expect(await canvas.evaluate(isFocused)).toBe(true)
    await clickAt(canvas, between)
    await page.getByText('No feature here').waitFor()
  })

  it('draws raster tiles as opaque as the reader wants, in the chosen theme', async () => {
    const page = await signedIn('/?view=assets&asset_type=Raster+tile+cache&status=saved', {
      colorScheme: 'light',
    })
    await page.getByRole('link', { name: 'default' }).first().click()
    const canvas = await drawnMap(page)
    const sea = await rightOf(canvas, -35)
    const color = () => readColors(canvas, [[sea, 0]])
    await expect.poll(color).toEqual([RASTER_COLOR])
    await page.getByLabel('Opacity').fill('0')
    await expect.poll(color).toEqual([SEA])
    await page.getByLabel('Theme').evaluate((select) => {
      if (select instanceof HTMLSelectElement) select.value = 'dark'
      select.dispatchEvent(new Event('change'))
    })
    await expect.poll(color).toEqual([DARK_SEA])
  })

  it('draws countries and the graticule if they are wanted', async () => {
    const page = await signedIn(OIL_PALM, { colorScheme: 'light' })
    const canvas = await drawnMap(page)
    const countries: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('/countries-')) countries.push(request.url())
    })
    // The parallel 30° S, in the Pacific.
    const sea = await rightOf(canvas, -105)
    const column = Array.from({ length: 80 }, (_, down): [number, number] => [sea, down + 40])
    const isSea = async () =>
      (await readColors(canvas, column)).every((one) => `${one}` === `${SEA}`)
    await expect.poll(isSea).toBe(true)
    await page.getByLabel('Graticule').check()
    await expect.poll(isSea).toBe(false)
    expect(countries).toEqual([])
    await page.getByLabel('Countries').check()
    await expect.poll(() => countries.length).toBe(1)
  })

  it('keeps the view in the URL of its asset alone', async () => {
    const page = await signedIn(OIL_PALM)
    await drawnMap(page)
    expect(new URL(page.url()).hash).toBe('')
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await expect.poll(() => new URL(page.url()).hash).toMatch(/^#map=[01]\.\d+\/12\/0$/)
    const zoom = await zoomOf(page)

    await page.reload()
    await drawnMap(page)
    expect(await zoomOf(page)).toBe(zoom)

    await page.getByRole('link', { name: 'All assets' }).click()
    await expect.poll(() => page.url()).not.toContain('#map')
    await page.goBack()
    await drawnMap(page)
    expect(await zoomOf(page)).toBe(zoom)
    expect(new URL(page.url()).hash).toMatch(/^#map=/)
    await page.evaluate(() => location.assign('#map=4/0/0'))
    await expect.poll(() => zoomOf(page)).toBe('Zoom 4.0')

    // The tests' features are from 100° W to 100° E, and from 20° S to 40° N.
    await page.getByRole('button', { name: 'Zoom to data' }).click()
    await expect.poll(() => new URL(page.url()).hash).toMatch(/^#map=[01]\.\d+\/11\.\d\/0$/)

    await page
      .context()
      .route(`${TILE_HOST}/**`, (route) =>
        route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' }, body: '' }),
      )
    await page.evaluate(() => location.assign('#map=5/10/20'))
    await page.reload()
    await page.getByText('Tiles of z 5').waitFor()
    await page.getByRole('button', { name: 'Zoom to data' }).click()
    await page.getByText('Zoom in to look for small ones.').waitFor()
    expect(new URL(page.url()).hash).toMatch(/^#map=[01](\.\d+)?\/0\/0$/)
  })

  it('leaves scrolling to the page, zooms with Ctrl, and fills the screen', async () => {
    const page = await signedIn(OIL_PALM)
    const canvas = await drawnMap(page)
    const zoom = await zoomOf(page)
    const top = async () => (await canvas.boundingBox())?.y
    const before = await top()
    await canvas.hover()
    await page.mouse.wheel(0, 100)
    await expect.poll(top).not.toBe(before)
    expect(await zoomOf(page)).toBe(zoom)
    await canvas.hover()
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -200)
    await page.keyboard.up('Control')
    await expect.poll(() => zoomOf(page)).not.toBe(zoom)

    await page.getByRole('button', { name: 'Enter fullscreen' }).click()
    await page.getByRole('button', { name: 'Exit fullscreen' }).waitFor()
    await expect.poll(async () => (await canvas.boundingBox())?.width).toBeGreaterThan(900)
    const inspect = page.getByRole('button', { name: 'Inspect the center' })
    const attributes = page.getByLabel('Attributes')
    // The larger map may still be loading its tiles.
    await expect.poll(() => inspect.click().then(() => attributes.isVisible())).toBe(true)
  })

  it('has its size from the start, and begins with the recorded bounds', async () => {
    const page = await newPage()
    const script = Promise.withResolvers<void>()
    await page.route('**/static/map-*.js', async (route) => {
      await script.promise
      await route.continue()
    })
    await page.route('**/tilejson.json', async (route) => {
      const response = await route.fetch()
      const bounds = [-70, -20, -60, -10]
      await route.fulfill({ response, json: { ...(await response.json()), bounds } })
    })
    await page.goto(`${origin}${OIL_PALM}#token=${token}`)
    await page.getByRole('button', { name: 'Inspect the center' }).waitFor()
    const box = page.getByRole('figure', { name: 'Map' })
    const before = await box.boundingBox()
    script.resolve()
    await drawnMap(page)
    expect(await box.boundingBox()).toEqual(before)
    expect(Number((await zoomOf(page)).slice(5))).toBeGreaterThan(3)
  })

  it('says why there is no map', async () => {
    const page = await newPage()
    page.removeAllListeners('console')
    await page.route('**/static/map-*.js', (route) => route.abort())
    await page.goto(`${origin}${OIL_PALM}#token=${token}`)
    const notice = page.getByRole('figure', { name: 'Map' }).getByRole('alert')
    expect(await notice.innerText()).toMatch(/^The map's script did not load\./)
    await page.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null
    })
    await notice.getByRole('button', { name: 'Reload the page' }).click()
    await expect
      .poll(() => notice.innerText())
      .toMatch(/^This browser cannot draw the map: it has no WebGL 2\./)
  })

  it.each([403, 500])('counts tiles that answer %i, without alarm', async (status) => {
    const page = await newPage({ expected: [status] })
    await page
      .context()
      .route(`${TILE_HOST}/**`, (route) =>
        route.fulfill({ status, headers: { 'Access-Control-Allow-Origin': '*' } }),
      )
    await page.goto(`${origin}${OIL_PALM}#token=${token}`)
    const text =
      'The tile here did not load. There may be no data here, or the host of the tiles cannot be reached.'
    await expect
      .poll(() => page.locator('.map-status').getByRole('status').allInnerTexts())
      .toEqual(['Tiles of z 0', text, ''])
  })
})
