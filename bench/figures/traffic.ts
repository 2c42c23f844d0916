/** The number of database calls for many requests. */

import type { Environment } from '../environment.ts'
import { type Group, type Runs, repeat, seeded, shuffled } from '../figure.ts'

const HERD_RUNS = 5
const HERD_REQUESTS = 200
const CRAWL_RUNS = 3
const CRAWLED_PAGES = 64
const MIX_RUNS = 2
const MIX_CONNECTIONS = 16
const MIX_REQUESTS = 10_000
const MIX_MINUTES = 10
const MIX_DATASETS = 200
/** In the catalog of 10,000 assets, beside the large one. */
const DATASETS = 313

/** Changes a minute, by the suffix of the figures' keys. */
const MIX_CHANGES = { '': 1, '.changes_0': 0, '.changes_6': 6 }

export const herd: Group = async (environment) => {
  const { recorder, change } = await environment.database('10k')
  return await repeat(HERD_RUNS, async (run) => {
    await change()
    const app = await environment.start('app', '10k')
    try {
      // Warm up with another page.
      await app.client.get('/assets?page[size]=1')
      const page = `/assets?page[number]=${run + 1}`
      const { calls } = await recorder.record(() =>
        Promise.all(Array.from({ length: HERD_REQUESTS }, () => app.client.get(page))),
      )
      return { 'herd.calls': calls.length }
    } finally {
      await app.close()
    }
  })
}

/** One client that follows `links.next` from the first page. */
export const crawl: Group = async (environment) => {
  const { recorder } = await environment.database('10k')
  const runs = await repeat(
    CRAWL_RUNS,
    async () => {
      const app = await environment.start('app', '10k', { connections: 1 })
      try {
        const { calls } = await recorder.record(async () => {
          let next = '/assets?page[size]=25'
          for (let page = 0; page < CRAWLED_PAGES; page++) {
            next = JSON.parse((await app.client.get(next)).body).links.next
          }
        })
        return { 'crawl.calls': calls.length }
      } finally {
        await app.close()
      }
    },
    0,
  )
  return runs
}

/** Without warm-up runs, because calls are counted, not timed. */
export const mix: Group = async (environment) => {
  const runs: Runs = {}
  for (const [suffix, changes] of Object.entries(MIX_CHANGES)) {
    Object.assign(
      runs,
      await repeat(
        MIX_RUNS,
        async (seed) => {
          const { calls, states } = await mixedTraffic(environment, changes, seed)
          return { [`mix.calls_per_10k${suffix}`]: calls, [`mix.states_per_10k${suffix}`]: states }
        },
        0,
      ),
    )
  }
  return runs
}

/**
 * Requests over ten simulated minutes, one every 60 ms, while a random dataset changes. The requests
 * set the Worker's clock, so that the minutes pass as fast as they are answered.
 */
async function mixedTraffic(
  environment: Environment,
  changesPerMinute: number,
  seed: number,
): Promise<{ calls: number; states: number }> {
  const { recorder, change } = await environment.database('10k')
  const app = await environment.start('observed', '10k')
  const random = seeded(seed)
  const requestMs = (MIX_MINUTES * 60_000) / MIX_REQUESTS
  const requestsPerChange = Math.floor(MIX_REQUESTS / MIX_MINUTES / changesPerMinute)
  const changed: string[] = []
  const states = new Set<string>()
  try {
    const queue = zipfPages(random).entries()
    const startedAt = Date.now()
    const { calls } = await recorder.record(() =>
      Promise.all(Array.from({ length: MIX_CONNECTIONS }, runConnection)),
    )
    return { calls: calls.length, states: states.size }

    async function runConnection() {
      for (const [index, { page, dataset }] of queue) {
        if (index > 0 && index % requestsPerChange === 0) {
          const name = `dataset_${Math.floor(random() * DATASETS)}`
          changed.push(name)
          await change(name)
        }
        const changes = changed.filter((name) => dataset === undefined || name === dataset)
        states.add(`${page} ${changes.length}`)
        const headers = { 'Bench-Clock': `${Math.floor(startedAt + index * requestMs)}` }
        await app.client.get(page, headers)
      }
    }
  } finally {
    await app.close()
  }
}

type MixPage = { page: string; dataset?: string }

/** Requests for 500 pages, of which 400 are those of datasets, with a Zipf distribution. */
function zipfPages(random: () => number): MixPage[] {
  const listing = Array.from({ length: 100 }, (_, index) => ({
    page: `/assets?page[number]=${index + 1}`,
  }))
  const datasets = Array.from({ length: MIX_DATASETS }, (_, index) => {
    const dataset = `dataset_${index}`
    const page = `/assets?dataset=${dataset}`
    return [
      { page, dataset },
      { page: `${page}&is_latest=true`, dataset },
    ]
  })
  const pages: MixPage[] = shuffled([...listing, ...datasets.flat()], random)
  let sum = 0
  const sums = pages.map((_, index) => {
    sum += 1 / (index + 1)
    return sum
  })
  return Array.from({ length: MIX_REQUESTS }, () => {
    const point = random() * sum
    return pages[sums.findIndex((upTo) => point < upTo)] ?? { page: '/assets' }
  })
}
