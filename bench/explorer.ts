/** Measures how soon the explorer's pages can be used, and how 1,000 rows scroll. */

import type { Browser, Page } from 'playwright-core'
import { findChromium, launchChromium } from '../tools/chromium.ts'
import { type Command, CommandError, runCommand } from '../tools/command-line.ts'

const COMMAND = {
  name: 'bench:explorer',
  description: `Opens the explorer of a running API in Chromium, and prints medians: the milliseconds until
pages can be used, without a cache, and the longest task while 1,000 rows are scrolled. LINK is
the sign-in link that npm run dev prints.`,
  operand: 'LINK',
  flags: {
    runs: {
      type: 'string',
      value: 'N',
      description: 'times that each page is opened',
      default: '5',
    },
  },
} as const satisfies Command

/** Chromium reports tasks from this length on. */
const LONG_TASK_MS = 50

/** The measured pages. A page is usable once the element `shown` is visible. */
const PAGES = [
  { name: 'datasets', path: '/', shown: '.dataset-row .badge' },
  { name: 'dataset', path: '/?dataset=umd_tree_cover_loss', shown: '.asset-row' },
  { name: 'all assets', path: '/?view=assets', shown: '.results tbody tr' },
  { name: 'API reference', path: '/docs', shown: '.operation' },
]
const ROWS = { path: '/?view=assets&page[size]=1000', shown: '.results tbody tr:nth-child(1000)' }

await runCommand(COMMAND, async ({ flags, operand }) => {
  const runs = Number(flags.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new CommandError('--runs takes a whole number')
  const executablePath = findChromium()
  if (!executablePath) throw new CommandError('Chromium not found: install it, or set CHROMIUM')
  const link = new URL(operand)
  const browser = await launchChromium(executablePath)
  try {
    for (const { name, path, shown } of PAGES) {
      const times = await repeat(runs, () => timeUntil(browser, urlOf(link, path), shown))
      console.log(`${name}: ${median(times)} ms`)
    }
    const longest = await repeat(runs, () => longestTask(browser, urlOf(link, ROWS.path)))
    const task = median(longest)
    console.log(`longest task, 1,000 rows: ${task === 0 ? `under ${LONG_TASK_MS}` : task} ms`)
  } finally {
    await browser.close()
  }
})

function urlOf({ origin, hash }: URL, path: string): string {
  return `${origin}${path}${hash}`
}

async function timeUntil(browser: Browser, url: string, shown: string): Promise<number> {
  return withPage(browser, async (page) => {
    const start = performance.now()
    await page.goto(url)
    await page.locator(shown).first().waitFor()
    return Math.round(performance.now() - start)
  })
}

/** 0 if no task is long. */
async function longestTask(browser: Browser, url: string): Promise<number> {
  return withPage(browser, async (page) => {
    await page.goto(url)
    await page.locator(ROWS.shown).waitFor({ state: 'attached' })
    return page.evaluate(async () => {
      // The page itself is drawn by then.
      await new Promise((resolve) => requestIdleCallback(resolve))
      await new Promise((resolve) => setTimeout(resolve, 500))
      const durations = [0]
      const add = (entries: PerformanceEntryList) =>
        durations.push(...entries.map(({ duration }) => duration))
      const observer = new PerformanceObserver((list) => add(list.getEntries()))
      observer.observe({ type: 'longtask' })
      for (let top = 0; top < document.body.scrollHeight; top += 600) {
        scrollTo(0, top)
        await new Promise(requestAnimationFrame)
      }
      // The last ones may not have been delivered.
      add(observer.takeRecords())
      return Math.max(...durations)
    })
  })
}

/** Runs in a new context: nothing is cached. */
async function withPage<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } })
  try {
    return await use(await context.newPage())
  } finally {
    await context.close()
  }
}

async function repeat(runs: number, measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = []
  for (let run = 0; run < runs; run++) values.push(await measure())
  return values
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
