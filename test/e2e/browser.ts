/** Pages in a real browser. Each says at its end that it was quiet, and asked nobody but whom it may. */

import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject } from 'vitest'
import { serveTiles, TILE_HOST } from './tiles.ts'

/** Where the Worker is, and the link that `npm run dev` prints. */
export const { origin, signInLink, browser: browserAddress } = inject('stage')

/** The token of the link, which is good for all tests. */
export const token = signInLink.split('#token=')[1] ?? ''

/** `describe`, or its skipping where there is no browser. */
export const describeInBrowser = describe.skipIf(browserAddress === '')

let browser: Browser
const contexts: { close(): Promise<void> }[] = []
const errors: string[] = []

beforeAll(async () => {
  if (browserAddress) browser = await chromium.connect(browserAddress)
})
afterAll(() => browser?.close())

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
  expect(errors.splice(0)).toEqual([])
})

/** Options of a page, and the statuses that this test makes the API answer with. */
export type PageOptions = BrowserContextOptions & { expected?: number[] }

/** A page of a context of its own: nobody is signed in. Tiles are the test's. */
export async function newPage({ expected = [], ...options }: PageOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options })
  contexts.push(context)
  context.setDefaultTimeout(100_000)
  const page = await context.newPage()
  await context.route(`${TILE_HOST}/**`, serveTiles)
  page.on('pageerror', (error) => errors.push(`thrown: ${error.message}`))
  page.on('console', (message) => {
    const isExpected = expected.some((status) => message.text().includes(`status of ${status}`))
    if (message.type() === 'error' && !isExpected) errors.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (request.url().includes('eyJ')) errors.push(`a token in ${url.pathname}`)
    const isOurs =
      url.protocol === 'blob:' || url.protocol === 'data:' || url.hostname === '127.0.0.1'
    if (!isOurs && url.origin !== TILE_HOST) errors.push(`asked ${url.origin}`)
    if (url.origin === TILE_HOST && request.headers().authorization) errors.push('token to tiles')
  })
  return page
}

/** A page where somebody is signed in, at a path of the explorer. */
export async function signedIn(path = '/', options?: PageOptions): Promise<Page> {
  const page = await newPage(options)
  await page.goto(`${origin}${path}#token=${token}`)
  return page
}

/** The lines that a person reads in an element, once it is there. */
export async function linesOf(element: Locator): Promise<string[]> {
  return (await element.innerText()).split(/\s*\n\s*/)
}

/** What the listing says of itself. */
export function summaryOf(page: Page): Promise<string> {
  return page.locator('.results').getByRole('status').innerText()
}
