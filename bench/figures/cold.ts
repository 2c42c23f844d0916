/** What a page read from the database costs, against its statements by the same driver alone. */

import { ASSET_TYPES } from '../../src/asset-types.ts'
import { type Group, median, repeat, seeded, shuffled } from '../figure.ts'

const RUNS = 5
const PAGES_A_RUN = 80

export const cold: Group = async (stage) => {
  const { recorder } = await stage.database('10k')
  const app = await stage.start('app', '10k', { connections: 1 })
  const driver = await stage.start('driver', '10k', { connections: 1 })
  const pages = otherPages()
  try {
    return await repeat(RUNS, async () => {
      const appMs: number[] = []
      const driverMs: number[] = []
      let calls = 0
      for (const page of pages.splice(0, PAGES_A_RUN)) {
        const read = await recorder.record(() => app.client.get(page))
        appMs.push(read.result.ms)
        calls += read.calls.length
        const { body = '' } = read.calls[0] ?? {}
        const { status, ms } = await driver.client.send('POST', '/', {}, body)
        if (status !== 200) throw new Error(`${status} from the driver alone`)
        driverMs.push(ms)
      }
      return {
        'cold.latency_ratio': median(appMs) / median(driverMs),
        'cold.round_trips': calls / appMs.length,
        'cold.app_ms': median(appMs),
        'cold.driver_ms': median(driverMs),
      }
    })
  } finally {
    await driver.close()
    await app.close()
  }
}

/** Pages of about 25 of all and of each type, in random order, each of them once. */
function otherPages(): string[] {
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
