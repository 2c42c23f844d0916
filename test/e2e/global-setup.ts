/** Starts what a newcomer starts, and finds the system's Chromium. Without one, all is skipped. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'
import { freePort } from '../tools/free-port.ts'

const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** What is under test, and the browser; both empty where there is no Chromium. */
export type Stage = { chromium: string; origin: string; signInLink: string }

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const chromium = [process.env.CHROMIUM ?? '', ...CHROMIUMS].find((path) => existsSync(path))
  if (!chromium) {
    console.log(
      'test:e2e is skipped: no Chromium. Install it (apt-get install chromium), or set CHROMIUM.',
    )
    project.provide('stage', { chromium: '', origin: '', signInLink: '' })
    return
  }
  const directory = await mkdtemp(join(tmpdir(), 'e2e-'))
  const flags = ['--port', String(await freePort()), '--data-dir', join(directory, 'pgdata')]
  const dev = spawn(process.execPath, ['tools/dev.ts', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  project.provide('stage', { chromium, ...(await untilReady(dev)) })
  return async () => {
    dev.kill('SIGINT')
    if (dev.exitCode === null) await once(dev, 'exit')
    await rm(directory, { recursive: true })
  }
}

async function untilReady(dev: ChildProcess): Promise<Omit<Stage, 'chromium'>> {
  if (!dev.stdout) throw new Error('no output to read')
  let origin = ''
  for await (const line of createInterface({ input: dev.stdout })) {
    const [name, url = ''] = line.split(' ')
    if (name === 'ready') origin = url
    if (name !== 'explorer') continue
    // What follows are log lines: read, so that nobody waits for it.
    dev.stdout.resume()
    return { origin, signInLink: url }
  }
  throw new Error('npm run dev has ended')
}

declare module 'vitest' {
  interface ProvidedContext {
    stage: Stage
  }
}
