/** The latency of a page read from the database, compared to its statement sent by the bare driver. */

import { setTimeout } from 'node:timers/promises'
import { ASSET_TYPES } from '../../src/api/asset-types.ts'
import type { Answer } from '../client.ts'
import type { BenchWorker, Environment } from '../environment.ts'
import { type Group, median, type Runs, repeat, seeded, shuffled } from '../figure.ts'
import type { Call } from '../recorder.ts'

const RUNS = 5
/** Longer than the app's `waitUntil` work, which would disturb the next measurement. */
const SETTLE_MS = 40

/**
 * Pages of about 25 assets. `cold.app_ratio` subtracts the time of the look into an empty cache that
 * the app does before its call, since a simulated cache takes longer than the page in memory.
 */
export const cold: Group = (environment) =>
  compare(environment, { pages: distinctPages(), pagesPerRun: 40 }, (read) => {
    const lookMs = median(read.lookMs) - median(read.noLookMs)
    return {
      'cold.app_ratio': median(read.appMs.map((ms, i) => (ms - lookMs) / (read.driverMs[i] ?? 0))),
      'cold.latency_ratio': median(read.appMs) / median(read.driverMs),
      'cold.round_trips': Math.max(...read.roundTrips),
      'cold.cache_looks': Math.max(...read.cacheLooks),
      'cold.app_ms': median(read.appMs),
      'cold.driver_ms': median(read.driverMs),
      'cold.look_ms': lookMs,
    }
  })

/** Pages of about 1,000 assets. */
export const large: Group = (environment) =>
  compare(environment, { pages: largePages(), pagesPerRun: 8 }, (read) => ({
    'size1000.ratio': median(read.appMs.map((ms, i) => ms / (read.driverMs[i] ?? 0))),
    'size1000.app_ms': median(read.appMs),
    'size1000.driver_ms': median(read.driverMs),
  }))

/** The values of one run, by page. */
type Read = Record<
  'appMs' | 'driverMs' | 'lookMs' | 'noLookMs' | 'roundTrips' | 'cacheLooks',
  number[]
>
type Workers = Record<'probe' | 'app' | 'driver' | 'bare', BenchWorker>
type Measure = (request: () => Promise<Answer>) => Promise<{ result: Answer; calls: Call[] }>

async function compare(
  environment: Environment,
  { pages, pagesPerRun }: { pages: string[]; pagesPerRun: number },
  figures: (read: Read) => Record<string, number>,
): Promise<Runs> {
  const { recorder } = await environment.database('10k')
  const start = (script: Parameters<Environment['start']>[0]) =>
    environment.start(script, '10k', { connections: 1 })
  const workers: Workers = {
    probe: await start('observed'),
    app: await start('app'),
    driver: await start('driver'),
    bare: await start('bare'),
  }
  const measure: Measure = async (request) => {
    await setTimeout(SETTLE_MS)
    return await recorder.record(request)
  }
  try {
    return await repeat(RUNS, async () => {
      const read: Read = {
        appMs: [],
        driverMs: [],
        lookMs: [],
        noLookMs: [],
        roundTrips: [],
        cacheLooks: [],
      }
      for (const [index, page] of pages.splice(0, pagesPerRun).entries()) {
        await readPage(page, index, { workers, measure, read })
      }
      return figures(read)
    })
  } finally {
    for (const worker of Object.values(workers)) await worker.close()
  }
}

/**
 * A probe reads the page first, which reveals its statement and warms Postgres for both. The app and
 * the driver alternate in who goes first.
 */
async function readPage(
  page: string,
  index: number,
  { workers, measure, read }: { workers: Workers; measure: Measure; read: Read },
): Promise<void> {
  const probed = await measure(() => workers.probe.client.get(page))
  read.cacheLooks.push(Number(probed.result.headers['bench-cache-looks']))
  const statement = probed.calls[0]?.body ?? ''
  const inTurn = [
    async () => {
      const { result, calls } = await measure(() => workers.app.client.get(page))
      if (calls[0]?.body !== statement) {
        throw new Error(`the app and the probe sent different statements for ${page}`)
      }
      read.appMs.push(result.ms)
      read.roundTrips.push(calls.length)
    },
    async () => {
      const { result } = await measure(() =>
        workers.driver.client.send('/', { method: 'POST', body: statement }),
      )
      if (result.status !== 200) throw new Error(`${result.status} from the bare driver`)
      read.driverMs.push(result.ms)
    },
  ]
  for (const request of index % 2 ? inTurn.reverse() : inTurn) await request()
  const { bare } = workers
  read.lookMs.push((await measure(() => bare.client.send('/'))).result.ms)
  read.noLookMs.push((await measure(() => bare.client.send('/', { method: 'HEAD' }))).result.ms)
}

/** In random order, none of them next to another one. */
function distinctPages(): string[] {
  const pages: string[] = []
  for (const size of [24, 25, 26]) {
    for (let number = 1; number <= 380; number += 2) {
      pages.push(`/assets?page[number]=${number}&page[size]=${size}`)
    }
    for (const type of ASSET_TYPES.slice(0, 5)) {
      for (let number = 1; number <= 21; number += 2) {
        pages.push(`/assets?asset_type=${type}&page[number]=${number}&page[size]=${size}`)
      }
    }
  }
  return shuffled(pages, seeded(1)).map((page) => encodeURI(page))
}

function largePages(): string[] {
  return Array.from(
    { length: 50 },
    (_, index) => `/assets?page[size]=${1000 - index}&page[number]=${1 + ((index * 7) % 10)}`,
  )
}
