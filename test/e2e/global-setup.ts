/** Starts `npm run dev` and finds the system's Chromium. Without one, the tests are skipped. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'
import { findChromium } from '../../tools/chromium.ts'
import { freePort } from '../harness/free-port.ts'

/** All empty if Chromium is missing. */
export type E2eEnvironment = { chromiumPath: string; origin: string; signInLink: string }

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const chromiumPath = findChromium()
  if (!chromiumPath) {
    console.log(
      'Skipping test:e2e: Chromium not found. Install it (apt-get install chromium-headless-shell), or set CHROMIUM.',
    )
    project.provide('e2e', { chromiumPath: '', origin: '', signInLink: '' })
    return
  }
  const directory = await mkdtemp(join(tmpdir(), 'e2e-'))
  const flags = ['--port', String(await freePort()), '--data-dir', join(directory, 'pgdata')]
  const dev = spawn(process.execPath, ['tools/dev/dev.ts', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  project.provide('e2e', { chromiumPath, ...(await untilReady(dev)) })
  return async () => {
    dev.kill('SIGINT')
    if (dev.exitCode === null) await once(dev, 'exit')
    await rm(directory, { recursive: true })
  }
}

async function untilReady(dev: ChildProcess): Promise<Omit<E2eEnvironment, 'chromiumPath'>> {
  if (!dev.stdout) throw new Error('no output to read')
  let origin = ''
  for await (const line of createInterface({ input: dev.stdout })) {
    const [name, url = ''] = line.split(' ')
    if (name === 'ready') origin = url
    if (name !== 'explorer') continue
    // Keeps reading the log, because a full pipe would block the process.
    dev.stdout.resume()
    return { origin, signInLink: url }
  }
  throw new Error('npm run dev has ended')
}

declare module 'vitest' {
  interface ProvidedContext {
    e2e: E2eEnvironment
  }
}
