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

/** The app and a bare Worker alternate in who starts first. */
export const startup: Group = (environment) =>
  repeat(RUNS, async (run) => {
    const ms = { app: 0, bare: 0 }
    const inTurn = ['app', 'bare'] as const
    for (const script of run % 2 ? inTurn : inTurn.toReversed()) {
      ms[script] = await firstAnswerMs(environment, script)
    }
    return {
      'startup.ratio': ms.app / ms.bare,
      'startup.app_ms': ms.app,
      'startup.bare_ms': ms.bare,
    }
  })

/** Time from starting a process to its first response, a 404 that needs no database. */
async function firstAnswerMs(environment: Environment, script: Script): Promise<number> {
  await environment.database('10k')
  const startedAt = performance.now()
  const worker = await environment.start(script, '10k')
  try {
    await worker.client.send('/none', { method: 'HEAD' })
    return performance.now() - startedAt
  } finally {
    await worker.close()
  }
}
