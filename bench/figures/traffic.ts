/** The number of database calls for many requests. */

import { setTimeout } from 'node:timers/promises'
import type { Environment } from '../environment.ts'
import { type Group, median, repeat, seeded, shuffled } from '../figure.ts'

const HERD_RUNS = 5
const HERD_REQUESTS = 200
const MIX_RUNS = 2
const MIX_CONNECTIONS = 16
const MIX_REQUESTS = 10_000
const MIX_MINUTES = 10
/** The clock of workerd cannot be faked, so lifetimes and traffic are sped up by this factor. */
const MIX_SPEED = 15
const LARGE_RUNS = 5

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

/** Without warm-up runs, because calls are counted, not timed. */
export const mix: Group = (environment) =>
  repeat(MIX_RUNS, (run) => mixedTraffic(environment, run), 0)

async function mixedTraffic(
  environment: Environment,
  seed: number,
): Promise<Record<string, number>> {
  const { recorder, change } = await environment.database('10k')
  const app = await environment.start('app', '10k', {
    vars: { REVISION_FRESH_SECONDS: 10 / MIX_SPEED, REVISION_MAX_AGE_SECONDS: 60 / MIX_SPEED },
  })
  const requestMs = (MIX_MINUTES * 60_000) / MIX_SPEED / MIX_REQUESTS
  const requestsPerMinute = MIX_REQUESTS / MIX_MINUTES
  try {
    const queue = zipfPages(seed).entries()
    const startedAt = performance.now()
    const { calls } = await recorder.record(() =>
      Promise.all(Array.from({ length: MIX_CONNECTIONS }, runConnection)),
    )
    return { 'mix.calls_per_10k': calls.length }

    async function runConnection() {
      for (const [index, page] of queue) {
        await setTimeout(Math.max(0, startedAt + index * requestMs - performance.now()))
        if (index > 0 && index % requestsPerMinute === 0) await change()
        await app.client.get(page)
      }
    }
  } finally {
    await app.close()
  }
}

export const large: Group = async (environment) => {
  const { change } = await environment.database('10k')
  return await repeat(LARGE_RUNS, async () => {
    await change()
    const app = await environment.start('app', '10k', { connections: 1 })
    try {
      const times: number[] = []
      for (let number = 1; number <= 10; number++) {
        times.push((await app.client.get(`/assets?page[size]=1000&page[number]=${number}`)).ms)
      }
      return { 'size1000.cold_ms': median(times) }
    } finally {
      await app.close()
    }
  })
}

/** Requests for 500 pages with a Zipf distribution. */
function zipfPages(seed: number): string[] {
  const random = seeded(seed)
  const listing = Array.from({ length: 300 }, (_, index) => `/assets?page[number]=${index + 1}`)
  const datasets = Array.from({ length: 200 }, (_, index) => `/assets?dataset=dataset_${index}`)
  const pages = shuffled([...listing, ...datasets], random)
  let sum = 0
  const sums = pages.map((_, index) => {
    sum += 1 / (index + 1)
    return sum
  })
  return Array.from({ length: MIX_REQUESTS }, () => {
    const point = random() * sum
    return pages[sums.findIndex((upTo) => point < upTo)] ?? '/assets'
  })
}
