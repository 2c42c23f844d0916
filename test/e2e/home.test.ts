import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import {
  countSkipped,
  describeInBrowser,
  isFocused,
  linesOf,
  newPage,
  origin,
  signedIn,
  signInLink,
} from './browser.ts'
import { serveLargeCatalog } from './large-catalog.ts'

const box = (page: Page) => page.getByRole('searchbox', { name: 'Search datasets' })
const rows = (page: Page) => page.locator('.dataset-row .row-link')
const status = (page: Page) => page.locator('main').getByRole('status').innerText()
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent)
/** The history has no entry for each letter. */
const visits = (page: Page) => page.evaluate(() => history.length)

describeInBrowser('the datasets', () => {
  it('are grouped by prefix, with what their latest versions hold, and lead to the top of a page', async () => {
    const page = await signedIn()
    await page.getByText('261 datasets in 1,098 versions, with 1,582 assets').waitFor()
    expect(await status(page)).toBe('All 261 datasets')
    const umd = page.getByRole('region', { name: 'umd_ 18', exact: true })
    const row = umd.getByRole('listitem').filter({ hasText: 'umd_tree_cover_density_2000' })
    // Rows out of view are not drawn.
    await row.scrollIntoViewIfNeeded()
    await expect
      .poll(() => linesOf(row))
      .toEqual([
        'umd_tree_cover_density_2000',
        'Raster tile cache',
        'Raster tile set',
        'COG',
        '2 versions',
        'v1.8',
      ])
    expect(await page.getByRole('heading', { level: 2 }).last().innerText()).toBe('Other 21')
    // So low that the outline of the next page does not fit either.
    await page.setViewportSize({ width: 640, height: 320 })
    await page.getByRole('link', { name: 'umd_tree_cover_loss', exact: true }).click()
    await page.getByRole('heading', { name: 'Assets of v1.13' }).waitFor()
    expect(await page.evaluate(() => scrollY)).toBe(0)
  })

  it('are found as one types, and Enter opens the best match', async () => {
    const page = await signedIn()
    await rows(page).first().waitFor()
    const before = await visits(page)
    // The box has the focus.
    await page.keyboard.type('LOSS tree-cover', { delay: 5 })
    await expect.poll(() => status(page)).toBe('4 of 261 datasets')
    expect(await rows(page).first().innerHTML()).toBe(
      'umd_<wbr><mark>tree_<wbr>cover_<wbr>loss</mark>',
    )
    await expect.poll(() => page.url()).toBe(`${origin}/?search=LOSS+tree-cover`)
    expect(await page.title()).toBe('LOSS tree-cover · Datasets · GFW asset catalog')
    expect(await visits(page)).toBe(before)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'umd_tree_cover_loss', level: 1 }).waitFor()
    expect(page.url()).toBe(`${origin}/?dataset=umd_tree_cover_loss`)
    await page.goBack()
    await expect.poll(() => status(page)).toBe('4 of 261 datasets')
    expect(await box(page).inputValue()).toBe('LOSS tree-cover')
    // Enter right after a key: the URL has not followed the text yet.
    await box(page).fill('oil palm')
    await page.keyboard.type('s')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'gfw_oil_palm', level: 1 }).waitFor()
    expect(page.url()).toBe(`${origin}/?dataset=gfw_oil_palm`)
  })

  it('can be walked with the arrow keys, and / goes to the box', async () => {
    const page = await signedIn('/?search=gadm_tcl')
    await expect.poll(() => status(page)).toBe('9 of 261 datasets')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('gadm__tcl__adm1_summary')
    await page.keyboard.press('ArrowUp')
    expect(await focused(page)).toBe('gadm__tcl__adm1_change')
    await page.keyboard.press('/')
    await page.keyboard.type('umd_drivers')
    await expect.poll(() => rows(page).allInnerTexts()).toEqual(['umd_drivers'])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'umd_drivers', level: 1 }).waitFor()
    expect(page.url()).toBe(`${origin}/?dataset=umd_drivers`)
  })

  it('are filtered by type and map, and lead to the newest version with a map', async () => {
    const page = await signedIn('/?search=tree+cover+loss')
    await page.getByLabel('Has a map').check()
    await expect.poll(() => status(page)).toBe('3 of 261 datasets')
    await page.getByLabel('Type').selectOption({ label: 'COG (2)' })
    await expect
      .poll(() => rows(page).allInnerTexts())
      .toEqual(['umd_tree_cover_loss', 'umd_tree_cover_loss_from_fires'])
    expect(page.url()).toBe(`${origin}/?search=tree+cover+loss&type=COG&has_map=true`)
    await page.getByRole('link', { name: 'map in v1.11' }).click()
    await expect.poll(() => page.url()).toBe(`${origin}/?dataset=umd_tree_cover_loss&version=v1.11`)
    // The link is gone.
    const main = page.getByRole('main')
    expect(await main.evaluate(isFocused)).toBe(true)
  })

  it('leave the URL alone that Back leads to before it says what was typed', async () => {
    const page = await signedIn('/?dataset=gfw_oil_palm')
    await page.getByRole('link', { name: 'Datasets', exact: true }).first().click()
    await box(page).pressSequentially('man')
    await page.evaluate(() => history.back())
    await page.getByRole('heading', { name: /^Assets of/ }).waitFor()
    expect(page.url()).toBe(`${origin}/?dataset=gfw_oil_palm`)
  })

  it('say what to do if none matches', async () => {
    const page = await signedIn('/?search=mangroev+xyz')
    await page.getByRole('heading', { name: 'No dataset has “mangroev xyz” in its name' }).waitFor()
    await page.getByRole('button', { name: 'Only “mangrove”' }).click()
    await expect.poll(() => status(page)).toBe('4 of 261 datasets')
    expect(await box(page).evaluate(isFocused)).toBe(true)
    await page.getByLabel('Type').selectOption('ndjson')
    await page.getByText('4 match without them.').waitFor()
    // It opens nothing, neither now nor when there are rows again.
    await box(page).press('Enter')
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await expect.poll(() => status(page)).toBe('4 of 261 datasets')
    expect(await box(page).inputValue()).toBe('mangrove')
    await box(page).fill('treecoverloss')
    const similar = page.getByRole('list', { name: 'Datasets with similar names' })
    await similar.getByRole('link', { name: 'umd_tree_cover_loss', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Did you mean “tree cover loss”?' }).click()
    await expect.poll(() => status(page)).toBe('4 of 261 datasets')
  })

  it('fit a phone, also at 200% font size, and do not shift while they load', async () => {
    const page = await newPage({
      viewport: { width: 360, height: 740 },
      isMobile: true,
      hasTouch: true,
    })
    await page.addInitScript(() => {
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const shift = 'value' in entry ? Number(entry.value) : 0
          Object.assign(window, { shifts: Number(Reflect.get(window, 'shifts') ?? 0) + shift })
        }
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto(signInLink)
    await page.locator('.badge').first().waitFor()
    await page.locator('.row-map').first().waitFor()
    const width = () => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await page.evaluate(() => Number(Reflect.get(window, 'shifts') ?? 0))).toBeLessThan(0.05)
    expect(await width()).toBeLessThanOrEqual(360)
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    const overflow = () =>
      page.locator('.home').evaluate((home) => home.scrollWidth - home.clientWidth)
    expect(await overflow()).toBe(0)
    expect(await page.locator('.search-box .key').isVisible()).toBe(false)
    // No keyboard covers the datasets before one is asked for.
    expect(await box(page).evaluate(isFocused)).toBe(false)
  })
})

describeInBrowser('the datasets of a large catalog', () => {
  it('are drawn, and their types read, in view alone; the API searches them, page by page', async () => {
    const page = await newPage()
    const requests = await serveLargeCatalog(page, 60_000)
    await page.goto(signInLink)
    await page.locator('.badge').first().waitFor()
    expect(await status(page)).toBe('The first 1,000 of 60,000 datasets')
    expect(requests.filter((path) => path.endsWith('/latest')).length).toBeLessThan(60)
    expect(await rows(page).count()).toBe(1000)
    expect(await countSkipped(page.locator('.dataset-row'))).toBeGreaterThan(900)

    // Letter by letter, without a pause.
    await box(page).evaluate((input) => {
      if (!(input instanceof HTMLInputElement)) return
      for (const letter of 'Mangrove') {
        input.value += letter
        input.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }
    })
    await expect.poll(() => status(page)).toBe('The first 1,000 of 30,000 datasets')
    expect(requests.filter((path) => path.includes('search=m'))).toEqual([
      '/datasets?search=mangrove&page[number]=1&page[size]=1000',
    ])
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => status(page)).toBe('The first 2,000 of 30,000 datasets')
    expect(await focused(page)).toBe(await rows(page).nth(1000).textContent())

    await page.getByLabel('Has a map').check()
    await page.getByText('30,000 datasets match, too many to read their types.').waitFor()
    await box(page).fill('ac mangrove 99')
    await expect.poll(() => status(page)).toBe('1 of 60,000 datasets')
    await expect.poll(() => rows(page).allInnerTexts()).toEqual(['ac_mangrove_990'])
    await box(page).fill('mangroev 990')
    await page.getByRole('button', { name: 'Did you mean “mangrove 990”?' }).waitFor()
  })
})
