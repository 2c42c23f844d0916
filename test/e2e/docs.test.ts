import { expect, it } from 'vitest'
import { describeInBrowser, newPage, origin, token } from './browser.ts'

describeInBrowser('GET /docs', () => {
  it('sends requests with the token entered under Authorize', async () => {
    const page = await newPage()
    await page.goto(`${origin}/docs`)
    await page.getByRole('button', { name: 'Authorize' }).first().click()
    await page.locator('.auth-container input').fill(token)
    await page.locator('.auth-btn-wrapper .authorize').click()
    await page.locator('.btn-done').click()
    const operation = page.locator('[id^=operations-][id$=-listDatasets]')
    await operation.locator('.opblock-summary').click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    const status = operation.locator('.live-responses-table .response-col_status').last()
    await status.waitFor()
    expect((await status.innerText()).trim()).toBe('200')
  })
})
