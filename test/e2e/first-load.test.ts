import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInBrowser, newPage, origin, signInLink } from './browser.ts'

/** The bytes of each response, as transferred, by path. */
function watchBytes(page: Page): Map<string, Promise<number>> {
  const bytes = new Map<string, Promise<number>>()
  page.on('requestfinished', (request) => {
    const size = request.sizes().then(({ responseBodySize }) => responseBodySize)
    bytes.set(new URL(request.url()).pathname, size)
  })
  return bytes
}

describeInBrowser('the first load', () => {
  it.each([
    { name: 'the list of datasets', url: signInLink, shown: 'main h2' },
    { name: 'the sign-in page', url: origin, shown: 'form.sign-in' },
    { name: 'the API reference', url: `${origin}/docs`, shown: '.operation' },
  ])('of $name takes less than 120 KiB, and no map', async ({ url, shown }) => {
    const page = await newPage()
    const bytes = watchBytes(page)
    await page.goto(url, { waitUntil: 'networkidle' })
    await page.locator(shown).first().waitFor()
    const sum = (await Promise.all(bytes.values())).reduce((total, size) => total + size, 0)
    expect(sum).toBeGreaterThan(10 * 1024)
    expect(sum).toBeLessThan(120 * 1024)
    expect([...bytes.keys()].filter((path) => /map/.test(path))).toEqual([])
  })
})
