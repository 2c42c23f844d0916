import { readFile } from 'node:fs/promises'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInBrowser, newPage, origin, type PageOptions, signedIn } from './browser.ts'

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true }
const ASSET = '/?dataset=gfw_oil_palm&asset=a7b766ef-0594-5826-a9a3-e72bd9d491d2'

/** The serious findings of axe-core: rule, and what breaks it. */
async function seriousFindings(page: Page): Promise<string[]> {
  const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
  // Evaluated, not added as a script: the page's policy would refuse it.
  await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

describeInBrowser('axe-core finds nothing serious', () => {
  it.each<[string, PageOptions]>([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', PHONE],
  ])('%s', async (_, options) => {
    const stranger = await newPage(options)
    await stranger.goto(origin)
    await stranger.getByLabel('Bearer token').waitFor()
    expect(await seriousFindings(stranger)).toEqual([])

    const listing = await signedIn('/', options)
    await listing.locator('tbody tr').first().waitFor()
    expect(await seriousFindings(listing)).toEqual([])

    const panel = await signedIn(ASSET, options)
    await panel.locator('.map canvas').waitFor()
    expect(await seriousFindings(panel)).toEqual([])

    const problem = await signedIn('/?dataset=PALM', { ...options, expected: [422] })
    await problem.getByRole('alert').waitFor()
    expect(await seriousFindings(problem)).toEqual([])
  })
})
