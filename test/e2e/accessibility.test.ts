import { readFile } from 'node:fs/promises'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { describeInBrowser, newPage, origin, signedIn } from './browser.ts'

const DESKTOP = { width: 1200, height: 900 }
const PHONE = { width: 360, height: 740 }
const OIL_PALM = '/?dataset=gfw_oil_palm&version=v20191031'

type View = {
  path: string
  isSignedOut?: boolean
  /** A selector of an element that appears when the view is complete. */
  shown: string
  status?: number
}

const VIEWS: Record<string, View> = {
  'the sign-in page': { path: '/', isSignedOut: true, shown: 'form.sign-in' },
  'the list of datasets': { path: '/?search=tree+cover', shown: 'main mark' },
  'a dataset': { path: OIL_PALM, shown: 'main .badge.tiles' },
  'an asset': {
    path: `${OIL_PALM}&asset=a7b766ef-0594-5826-a9a3-e72bd9d491d2`,
    shown: '.map canvas',
  },
  'all assets': { path: '/?view=assets', shown: 'tbody tr' },
  'an error': { path: '/?dataset=PALM', shown: '[role=alert]', status: 422 },
  'the API reference': { path: '/docs#listAssets', isSignedOut: true, shown: 'form.try' },
}

let axe: string
beforeAll(async () => {
  axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
})

/** Serious and critical violations that axe-core finds, of one rule or all, as `rule: element`. */
async function seriousFindings(page: Page, rule?: string): Promise<string[]> {
  const options = { resultTypes: ['violations'], ...(rule && { runOnly: [rule] }) }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** Pixels by which the page is wider than the window has room for. */
function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return Math.max(0, scrollWidth - clientWidth)
  })
}

describeInBrowser(
  'axe-core finds no serious violation, and nothing is wider than the window',
  () => {
    it.each(Object.entries(VIEWS))(
      'in %s, light and dark, wide and on a phone',
      async (_, view) => {
        const { path, isSignedOut = false, shown, status } = view
        const options = { colorScheme: 'light' as const, expected: status ? [status] : [] }
        const page = isSignedOut ? await newPage(options) : await signedIn(path, options)
        if (isSignedOut) await page.goto(origin + path)
        await page.locator(shown).first().waitFor({ state: 'attached' })
        // Evaluated, because the Content-Security-Policy blocks an added script.
        await page.evaluate(axe)
        const light = await seriousFindings(page)
        await page.emulateMedia({ colorScheme: 'dark' })
        // The theme changes nothing but colors.
        const dark = await seriousFindings(page, 'color-contrast')
        await page.setViewportSize(PHONE)
        await page.locator(shown).first().waitFor({ state: 'attached' })
        const darkOnPhone = await seriousFindings(page)
        await page.emulateMedia({ colorScheme: 'light' })
        const lightOnPhone = await seriousFindings(page, 'color-contrast')
        const overflow = await overflowOf(page)
        await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
        const overflowOfLargeText = await overflowOf(page)
        await page.setViewportSize(DESKTOP)
        expect({ light, dark, darkOnPhone, lightOnPhone, overflow, overflowOfLargeText }).toEqual({
          light: [],
          dark: [],
          darkOnPhone: [],
          lightOnPhone: [],
          overflow: 0,
          overflowOfLargeText: 0,
        })
      },
    )
  },
)
