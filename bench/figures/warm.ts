/** What a stored page costs, against a Worker that does nothing but match and return it. */

import { load } from '../client.ts'
import { type Group, repeat } from '../figure.ts'
import type { StagedWorker } from '../stage.ts'

const PATH = '/assets?page[size]=25'
const ROUNDS = 5
const SECONDS = 3

export const warm: Group = async (stage) => {
  const app = await stage.start('app', '10k')
  const bare = await stage.start('bare', '10k')
  try {
    const { body, headers } = await app.client.get(PATH)
    const { 'content-type': type, etag, link } = headers
    const stored = { 'Content-Type': type, ETag: etag, Link: link }
    const caching = {
      'Cache-Control': 'public, s-maxage=86400',
      'Content-Length': Buffer.byteLength(body),
    }
    await bare.client.send('PUT', PATH, { ...stored, ...caching }, body)
    const matched = await bare.client.get(PATH)
    if (matched.body !== body) throw new Error('the bare Worker answers something else')
    return await repeat(ROUNDS, async (round) => {
      const first = await cost(round % 2 ? app : bare, stage.authorization)
      const second = await cost(round % 2 ? bare : app, stage.authorization)
      const [ours, floor] = round % 2 ? [first, second] : [second, first]
      return {
        'warm.throughput_ratio': ours.requestsASecond / floor.requestsASecond,
        'warm.cpu_ratio': ours.cpuMs / floor.cpuMs,
        'warm.app_requests_per_s': ours.requestsASecond,
        'warm.bare_requests_per_s': floor.requestsASecond,
        'warm.app_cpu_ms': ours.cpuMs,
        'warm.bare_cpu_ms': floor.cpuMs,
      }
    })
  } finally {
    await bare.close()
    await app.close()
  }
}

/** CPU time is `NaN` where the system does not tell it. */
async function cost(worker: StagedWorker, authorization: string) {
  const before = await worker.cpuSeconds()
  const { requests, requestsASecond } = await load(worker.origin + PATH, SECONDS, authorization)
  const after = await worker.cpuSeconds()
  return { requestsASecond, cpuMs: ((after - before) * 1000) / requests }
}
