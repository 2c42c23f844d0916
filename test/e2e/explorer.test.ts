import { expect, it } from 'vitest'
import { describeInBrowser, newPage, signInLink } from './browser.ts'

describeInBrowser('the listing', () => {
  it('loads less than 350 KiB, without the map', async () => {
    const page = await newPage()
    const sizes: Promise<number>[] = []
    const paths: string[] = []
    page.on('requestfinished', (request) => {
      paths.push(new URL(request.url()).pathname)
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
    })
    await page.goto(signInLink)
    await page.locator('tbody tr').first().waitFor()
    const sum = (await Promise.all(sizes)).reduce((total, size) => total + size, 0)
    expect(sum).toBeGreaterThan(10 * 1024)
    expect(sum).toBeLessThan(350 * 1024)
    expect(paths.filter((path) => /map/.test(path))).toEqual([])
  })
})
