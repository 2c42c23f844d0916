import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInBrowser, isFocused, newPage, origin, signedIn, token } from './browser.ts'

const form = (page: Page, operation: string) => page.getByRole('form', { name: `Try ${operation}` })

async function send(page: Page, operation: string): Promise<string> {
  await form(page, operation).getByRole('button', { name: 'Send' }).click()
  return form(page, operation).getByRole('status').getByRole('strong').innerText()
}

describeInBrowser('GET /docs', () => {
  it('lists the operations, and leads back to the datasets', async () => {
    const page = await newPage()
    await page.goto(`${origin}/docs`)
    const operations = page.getByRole('navigation', { name: 'Operations' }).getByRole('link')
    await expect.poll(() => operations.count()).toBe(12)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await operations.first().evaluate(isFocused)).toBe(true)
    await operations.filter({ hasText: /^\/datasets$/ }).click()
    await form(page, 'listDatasets').waitFor()
    expect(page.url()).toBe(`${origin}/docs#listDatasets`)
    await page.getByRole('link', { name: 'Datasets', exact: true }).click()
    await page.getByLabel('Bearer token').waitFor()
    expect(page.url()).toBe(`${origin}/`)
  })

  it('sends what was entered with the token of the session, and shows the answer', async () => {
    const page = await signedIn('/docs')
    await page.goto(`${origin}/docs#listDatasets`)
    const listDatasets = form(page, 'listDatasets')
    await listDatasets.getByRole('textbox', { name: 'search' }).fill('oil palm')
    await page.setViewportSize({ width: 1024, height: 400 })
    expect(await send(page, 'listDatasets')).toBe('200 OK')
    const status = listDatasets.getByRole('status').getByRole('strong')
    expect(await status.evaluate((text) => text.getBoundingClientRect().top)).toBeLessThan(400)
    expect(await listDatasets.getByRole('button', { name: 'Send' }).evaluate(isFocused)).toBe(true)
    const shown = await listDatasets.getByRole('status').locator('pre').innerText()
    expect(JSON.parse(shown).meta.total_items).toBe('3')
    expect(
      await listDatasets.getByRole('figure', { name: 'curl' }).locator('pre').innerText(),
    ).toBe(`curl -g '${origin}/datasets?search=oil+palm' \\\n  -H "Authorization: Bearer $TOKEN"`)
  })

  it('fills in an example of each parameter', async () => {
    const page = await signedIn('/docs', { expected: [422] })
    await page.getByRole('link', { name: '/assets', exact: true }).click()
    const listAssets = form(page, 'listAssets')
    await listAssets.getByRole('button', { name: 'Fill in examples' }).click()
    expect(await send(page, 'listAssets')).toBe('200 OK')
    const shown = await listAssets.getByRole('status').locator('pre').innerText()
    expect(JSON.parse(shown).data[0].asset_id).toBe('a7b766ef-0594-5826-a9a3-e72bd9d491d2')
    await listAssets.getByRole('textbox', { name: 'page[size]' }).fill('0')
    await listAssets.getByRole('button', { name: 'Send' }).click()
    await listAssets.getByText('422 Unprocessable Entity').waitFor()
  })

  it('asks for a token without a session, and continues with it', async () => {
    const page = await newPage({ expected: [401] })
    await page.goto(`${origin}/docs#getAsset`)
    expect(await send(page, 'getAsset')).toBe('401 Unauthorized')
    await page.getByLabel('Bearer token').fill(token)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    await form(page, 'getAsset').getByRole('button', { name: 'Send' }).click()
    await form(page, 'getAsset').getByText('200 OK').waitFor()
    expect(await page.getByLabel('Bearer token').count()).toBe(0)
  })

  it('shows the operations again after the document could not be loaded', async () => {
    const page = await newPage({ expected: [503] })
    await page.route('**/openapi.json', (route) => route.fulfill({ status: 503 }))
    await page.goto(`${origin}/docs`)
    const alert = page.getByRole('alert')
    await alert.waitFor()
    await page.unroute('**/openapi.json')
    await alert.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: '/datasets', exact: true }).waitFor()
    expect(await alert.count()).toBe(0)
  })
})
