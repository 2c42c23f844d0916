import { readFile } from 'node:fs/promises'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInBrowser, newPage, origin, signedIn } from './browser.ts'

const DESKTOP = { width: 1200, height: 900 }
const PHONE = { width: 360, height: 740 }
const ASSET = '/?dataset=gfw_oil_palm&asset=a7b766ef-0594-5826-a9a3-e72bd9d491d2'

/** Serious and critical violations that axe-core finds, as `rule: element`. */
async function seriousFindings(page: Page): Promise<string[]> {
  const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
  // Evaluated, because the Content-Security-Policy blocks an added script.
  await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })")
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** `shown` is a selector of an element that appears when the view is complete. */
const VIEWS: Record<
  string,
  { path: string; isSignedOut?: boolean; shown: string; status?: number }
> = {
  'the sign-in form': { path: '/', isSignedOut: true, shown: 'form.sign-in' },
  'the listing': { path: '/', shown: 'tbody tr' },
  'the panel of an asset': { path: ASSET, shown: '.map canvas' },
  'an error': { path: '/?dataset=PALM', shown: '[role=alert]', status: 422 },
}

describeInBrowser('axe-core finds no serious violation', () => {
  it.each(Object.entries(VIEWS))(
    'in %s, light and dark, on a desktop and a phone',
    async (_, view) => {
      const { path, isSignedOut = false, shown, status } = view
      const options = { colorScheme: 'light' as const, expected: status ? [status] : [] }
      const page = isSignedOut ? await newPage(options) : await signedIn(path, options)
      if (isSignedOut) await page.goto(origin + path)
      await page.locator(shown).first().waitFor()
      const light = await seriousFindings(page)
      await page.setViewportSize(PHONE)
      const onPhone = await seriousFindings(page)
      await page.emulateMedia({ colorScheme: 'dark' })
      const darkOnPhone = await seriousFindings(page)
      await page.setViewportSize(DESKTOP)
      const dark = await seriousFindings(page)
      expect({ light, onPhone, darkOnPhone, dark }).toEqual({
        light: [],
        onPhone: [],
        darkOnPhone: [],
        dark: [],
      })
    },
  )
})
