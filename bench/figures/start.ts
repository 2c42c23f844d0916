/** What deploying and starting the Worker costs. */

import { gzipSync } from 'node:zlib'
import { type Group, repeat } from '../figure.ts'
import type { Script, Stage } from '../stage.ts'

const RUNS = 15

export const bundleSize: Group = (stage) =>
  Promise.resolve({
    'bundle.gzip_kib': [
      gzipSync(Buffer.concat(stage.scripts.app.map(({ contents }) => contents))).length / 1024,
    ],
  })

export const startup: Group = (stage) =>
  repeat(RUNS, async () => {
    const app = await firstAnswerMs(stage, 'app')
    const bare = await firstAnswerMs(stage, 'bare')
    return { startup_ms: app - bare }
  })

/** From a process's start to its first answer; one that needs no database, as 404 does not. */
async function firstAnswerMs(stage: Stage, script: Script): Promise<number> {
  await stage.database('10k')
  const startedAt = performance.now()
  const worker = await stage.start(script, '10k')
  try {
    await worker.client.send('GET', '/none', {}, '')
    return performance.now() - startedAt
  } finally {
    await worker.close()
  }
}
