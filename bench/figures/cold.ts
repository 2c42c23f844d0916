/** The latency of a page read from the database, compared to its statement sent by the bare driver. */

import { setTimeout } from 'node:timers/promises'
import { ASSET_TYPES } from '../../src/api/asset-types.ts'
import type { Answer } from '../client.ts'
import { type Group, median, repeat, seeded, shuffled } from '../figure.ts'

const RUNS = 5
const PAGES_PER_RUN = 80
/** Longer than the app's `waitUntil` work, which would disturb the next measurement. */
const SETTLE_MS = 40

/**
 * A probe reads each page first, which reveals its statement and warms Postgres for both. The app
 * and the driver alternate in who goes first. The lookup in an empty cache, which the app does
 * before its call, is measured separately.
 */
export const cold: Group = async (environment) => {
  const { recorder } = await environment.database('10k')
  const probe = await environment.start('app', '10k', { connections: 1 })
  const app = await environment.start('app', '10k', { connections: 1 })
  const driver = await environment.start('driver', '10k', { connections: 1 })
  const bare = await environment.start('bare', '10k', { connections: 1 })
  const pages = distinctPages()
  try {
    return await repeat(RUNS, async () => {
      const appMs: number[] = []
      const driverMs: number[] = []
      const lookupMs: number[] = []
      const noLookupMs: number[] = []
      let calls = 0
      const measure = async (request: () => Promise<Answer>) => {
        await setTimeout(SETTLE_MS)
        return await recorder.record(request)
      }
      const read = async (page: string, statement: string) => {
        const { result, calls: sent } = await measure(() => app.client.get(page))
        if (sent[0]?.body !== statement)
          throw new Error(`the app and the probe sent different statements for ${page}`)
        appMs.push(result.ms)
        calls += sent.length
      }
      const query = async (statement: string) => {
        const { result } = await measure(() =>
          driver.client.send('/', { method: 'POST', body: statement }),
        )
        if (result.status !== 200) throw new Error(`${result.status} from the bare driver`)
        driverMs.push(result.ms)
      }
      for (const [index, page] of pages.splice(0, PAGES_PER_RUN).entries()) {
        const probed = await measure(() => probe.client.get(page))
        const statement = probed.calls[0]?.body ?? ''
        if (index % 2) await query(statement)
        await read(page, statement)
        if (index % 2 === 0) await query(statement)
        lookupMs.push((await measure(() => bare.client.send('/'))).result.ms)
        noLookupMs.push((await measure(() => bare.client.send('/', { method: 'HEAD' }))).result.ms)
      }
      return {
        'cold.latency_ratio': median(appMs) / median(driverMs),
        'cold.round_trips': calls / appMs.length,
        'cold.app_ms': median(appMs),
        'cold.driver_ms': median(driverMs),
        'cold.look_ms': median(lookupMs) - median(noLookupMs),
      }
    })
  } finally {
    await bare.close()
    await driver.close()
    await app.close()
    await probe.close()
  }
}

/** Distinct pages of about 25 assets, unfiltered and by type, in random order. */
function distinctPages(): string[] {
  const pages: string[] = []
  for (const size of [24, 25, 26]) {
    for (let number = 1; number <= 380; number++) {
      pages.push(`/assets?page[number]=${number}&page[size]=${size}`)
    }
    for (const type of ASSET_TYPES) {
      for (let number = 1; number <= 29; number++) {
        pages.push(`/assets?asset_type=${type}&page[number]=${number}&page[size]=${size}`)
      }
    }
  }
  return shuffled(pages, seeded(1)).map((page) => encodeURI(page))
}
