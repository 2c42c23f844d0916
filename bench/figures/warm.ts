/** Throughput and CPU time of a cached page, compared to a Worker that only reads it from the cache. */

import { generateLoad } from '../client.ts'
import type { BenchWorker } from '../environment.ts'
import { type Group, repeat } from '../figure.ts'

const PATH = '/assets?page[size]=25'
const ROUNDS = 5
const SECONDS = 3

export const warm: Group = async (environment) => {
  const app = await environment.start('app', '10k')
  const bare = await environment.start('bare', '10k')
  try {
    const { body, headers } = await app.client.get(PATH)
    const { 'content-type': type, etag, link } = headers
    const stored = { 'Content-Type': type, ETag: etag, Link: link }
    const caching = {
      'Cache-Control': 'public, s-maxage=86400',
      'Content-Length': Buffer.byteLength(body),
    }
    await bare.client.send(PATH, { method: 'PUT', headers: { ...stored, ...caching }, body })
    const matched = await bare.client.get(PATH)
    if (matched.body !== body) throw new Error('the bare Worker returns another body')
    return await repeat(ROUNDS, async (round) => {
      const first = await cost(round % 2 ? app : bare, environment.authorization)
      const second = await cost(round % 2 ? bare : app, environment.authorization)
      const [ours, floor] = round % 2 ? [first, second] : [second, first]
      return {
        'warm.throughput_ratio': ours.requestsPerSecond / floor.requestsPerSecond,
        'warm.cpu_ratio': ours.cpuMs / floor.cpuMs,
        'warm.app_requests_per_s': ours.requestsPerSecond,
        'warm.bare_requests_per_s': floor.requestsPerSecond,
        'warm.app_cpu_ms': ours.cpuMs,
        'warm.bare_cpu_ms': floor.cpuMs,
      }
    })
  } finally {
    await bare.close()
    await app.close()
  }
}

/** CPU time is `NaN` if the system has no /proc. */
async function cost(worker: BenchWorker, authorization: string) {
  const before = await worker.cpuSeconds()
  const { requests, requestsPerSecond } = await generateLoad(
    worker.origin + PATH,
    SECONDS,
    authorization,
  )
  const after = await worker.cpuSeconds()
  return { requestsPerSecond, cpuMs: ((after - before) * 1000) / requests }
}
