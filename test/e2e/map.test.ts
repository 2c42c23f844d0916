import { expect, it } from 'vitest'
import { describeInBrowser, newPage, origin, readColors, signedIn, token } from './browser.ts'
import { RASTER_COLOR, TILE_HOST } from './tiles.ts'

const OIL_PALM_PATH = '/?dataset=gfw_oil_palm&asset=a7b766ef-0594-5826-a9a3-e72bd9d491d2'

describeInBrowser('the map', () => {
  it('draws each geometry of a vector tile cache, and shows attributes by their alias', async () => {
    const page = await signedIn(OIL_PALM_PATH)
    const canvas = page.locator('.map canvas')
    await canvas.waitFor()
    // At zoom 0.5 the world is 724 pixels wide. The line is at 80° W, the point at 100° E.
    const sea = [232, 238, 242]
    await expect
      .poll(() =>
        readColors(canvas, [
          [-100, 0],
          [0, 0],
          [201, 0],
        ]),
      )
      .toEqual([sea, [219, 175, 149], [179, 84, 30]])
    expect(await readColors(canvas, [[-161, 0]])).not.toEqual([sea])

    await canvas.click()
    const attributes = page.getByLabel('Attributes')
    expect(await attributes.innerText()).toBe('Name\npolygon\nArea\n12.5')
    const box = await canvas.boundingBox()
    await canvas.click({ position: { x: (box?.width ?? 0) / 2 + 201, y: (box?.height ?? 0) / 2 } })
    await expect.poll(() => attributes.innerText()).toBe('Name\npoint\nArea\n12.5')
    await page.getByRole('button', { name: 'inspect the center of the map' }).press('Enter')
    await expect.poll(() => attributes.innerText()).toBe('Name\npolygon\nArea\n12.5')
  })

  it('draws a raster tile cache', async () => {
    const page = await signedIn('/?asset_type=Raster+tile+cache&status=saved&page[size]=1')
    await page.locator('tbody a').first().click()
    const canvas = page.locator('.map canvas')
    await canvas.waitFor()
    await expect.poll(() => readColors(canvas, [[-300, 60]])).toEqual([RASTER_COLOR])
  })

  it('says that it could not be shown, without advice to zoom in', async () => {
    const page = await newPage()
    page.removeAllListeners('console')
    await page.route('**/static/map-*.js', (route) => route.abort())
    await page.route('**/tilejson.json', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), minzoom: 3 } })
    })
    await page.goto(`${origin}${OIL_PALM_PATH}#token=${token}`)
    const caption = page.locator('.map figcaption').getByRole('status')
    await expect
      .poll(() => caption.allInnerTexts())
      .toEqual(['The map could not be shown: it needs WebGL and its script.'])
  })

  it('says that tiles failed to load', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm', { expected: [403] })
    await page
      .context()
      .route(`${TILE_HOST}/**`, (route) =>
        route.fulfill({ status: 403, headers: { 'Access-Control-Allow-Origin': '*' } }),
      )
    await page.goto(`${origin}${OIL_PALM_PATH}`)
    const caption = page.locator('.map figcaption').getByRole('status')
    expect(await caption.innerText()).toMatch(
      /^Tiles that failed to load: [1-9]\d*\. There may be no data here\.$/,
    )
  })
})
