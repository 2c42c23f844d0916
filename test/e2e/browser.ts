/**
 * Pages in a real browser. After each test, no page has logged an error, sent a request to an
 * unexpected host, or leaked a token.
 */

import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject } from 'vitest'
import { launchChromium } from '../../tools/chromium.ts'
import { BASEMAP_HOST, serveBasemap, serveTiles, TILE_HOST } from './tiles.ts'

/** The Worker's origin, and the sign-in link that `npm run dev` prints. */
export const { origin, signInLink } = inject('e2e')
const { chromiumPath } = inject('e2e')

/** The token in the sign-in link. */
export const token = signInLink.split('#token=')[1] ?? ''

/** `describe`, skipped if no browser is installed. */
export const describeInBrowser = describe.skipIf(chromiumPath === '')

/** For pages with nothing but a map: software rendering takes its time for each pixel. */
export const SMALL = { width: 400, height: 300 }

/** One for each file: tests at the same time would share a clipboard. */
let browser: Browser
const contexts: { close(): Promise<void> }[] = []
const errors: string[] = []

beforeAll(async () => {
  if (chromiumPath) browser = await launchChromium(chromiumPath)
})
afterAll(() => browser?.close())

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
  expect(errors.splice(0)).toEqual([])
})

export type PageOptions = BrowserContextOptions & {
  /** The error statuses that the test provokes. */
  expected?: number[]
  /** Whether the page may use the basemap of the recipes. */
  hasBasemap?: boolean
}

/** A page in a new context, signed out. Tile requests are answered by `serveTiles`. */
export async function newPage(options: PageOptions = {}): Promise<Page> {
  const { expected = [], hasBasemap = false, ...contextOptions } = options
  const context = await browser.newContext({
    viewport: { width: 1024, height: 700 },
    ...contextOptions,
  })
  contexts.push(context)
  context.setDefaultTimeout(100_000)
  const page = await context.newPage()
  await context.route(`${TILE_HOST}/**`, serveTiles)
  if (hasBasemap) await context.route(`${BASEMAP_HOST}/**`, serveBasemap)
  const hosts = hasBasemap ? [TILE_HOST, BASEMAP_HOST] : [TILE_HOST]
  page.on('pageerror', (error) => errors.push(`thrown: ${error.message}`))
  page.on('console', (message) => {
    const isExpected = expected.some((status) => message.text().includes(`status of ${status}`))
    if (message.type() === 'error' && !isExpected) errors.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (request.url().includes('eyJ')) errors.push(`a token in the URL of ${url.pathname}`)
    const isLocal =
      url.protocol === 'blob:' || url.protocol === 'data:' || url.hostname === '127.0.0.1'
    if (!isLocal && !hosts.includes(url.origin)) errors.push(`request to ${url.origin}`)
    if (!isLocal && request.headers().authorization)
      errors.push(`a token was sent to ${url.origin}`)
  })
  return page
}

/** A signed-in page at a path of the explorer. */
export async function signedIn(path = '/', options?: PageOptions): Promise<Page> {
  const page = await newPage(options)
  await page.goto(`${origin}${path}#token=${token}`)
  return page
}

/** The lines of an element's visible text. Waits for the element. */
export async function linesOf(element: Locator): Promise<string[]> {
  return (await element.innerText()).split(/\s*\n\s*/)
}

/** The status line of the listing. */
export function summaryOf(page: Page): Promise<string> {
  return page.locator('.results .summary').getByRole('status').innerText()
}

/** Runs in the page. */
export function isFocused(element: Element): boolean {
  return element === document.activeElement
}

/** The number of elements that are not laid out, because they are out of sight. */
export function countSkipped(elements: Locator): Promise<number> {
  return elements.evaluateAll(
    (all) =>
      all.filter(({ firstElementChild: child }) => {
        return !child?.checkVisibility({ contentVisibilityAuto: true })
      }).length,
  )
}

type Offset = [right: number, down: number]

/** The colors in a screenshot of an element, at offsets in pixels from its center. */
export async function readColors(element: Locator, offsets: Offset[]): Promise<number[][]> {
  const screenshot = await element.screenshot()
  return element.page().evaluate(
    async ([base64, offsets]) => {
      const image = new Image()
      image.src = `data:image/png;base64,${base64}`
      await image.decode()
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
      if (!context) return []
      context.drawImage(image, 0, 0)
      return offsets.map(([right, down]) => [
        ...context
          .getImageData(image.width / 2 + right, image.height / 2 + down, 1, 1)
          .data.slice(0, 3),
      ])
    },
    [screenshot.toString('base64'), offsets] as const,
  )
}
