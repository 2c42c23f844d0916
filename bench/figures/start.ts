/** The Worker's bundle size and startup time. */

import { gzipSync } from 'node:zlib'
import type { Environment, Script } from '../environment.ts'
import { type Group, repeat } from '../figure.ts'

const RUNS = 15

export const bundleSize: Group = (environment) =>
  Promise.resolve({
    'bundle.gzip_kib': [
      gzipSync(Buffer.concat(environment.scripts.app.map(({ contents }) => contents))).length /
        1024,
    ],
  })

export const startup: Group = (environment) =>
  repeat(RUNS, async () => {
    const app = await firstAnswerMs(environment, 'app')
    const bare = await firstAnswerMs(environment, 'bare')
    return { startup_ms: app - bare }
  })

/** Time from starting a process to its first response, a 404 that needs no database. */
async function firstAnswerMs(environment: Environment, script: Script): Promise<number> {
  await environment.database('10k')
  const startedAt = performance.now()
  const worker = await environment.start(script, '10k')
  try {
    await worker.client.send('/none')
    return performance.now() - startedAt
  } finally {
    await worker.close()
  }
}
