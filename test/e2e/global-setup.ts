/** Starts `npm run dev` and the system's Chromium. The tests are skipped if Chromium is missing. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { freePort } from '../harness/free-port.ts'

const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const FLAGS = [
  // Chromium's sandbox does not work for root in containers.
  '--no-sandbox',
  // No background requests to the internet.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  // WebGL without a graphics card.
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]

/** All empty if Chromium is missing. */
export type E2eEnvironment = { browser: string; origin: string; signInLink: string }

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const executablePath = [process.env.CHROMIUM ?? '', ...CHROMIUM_PATHS].find((path) =>
    existsSync(path),
  )
  if (!executablePath) {
    console.log(
      'Skipping test:e2e: Chromium not found. Install it (apt-get install chromium), or set CHROMIUM.',
    )
    project.provide('e2e', { browser: '', origin: '', signInLink: '' })
    return
  }
  const directory = await mkdtemp(join(tmpdir(), 'e2e-'))
  const flags = ['--port', String(await freePort()), '--data-dir', join(directory, 'pgdata')]
  const dev = spawn(process.execPath, ['tools/dev/dev.ts', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const browser = await chromium.launchServer({ executablePath, host: '127.0.0.1', args: FLAGS })
  project.provide('e2e', { browser: browser.wsEndpoint(), ...(await untilReady(dev)) })
  return async () => {
    await browser.close()
    dev.kill('SIGINT')
    if (dev.exitCode === null) await once(dev, 'exit')
    await rm(directory, { recursive: true })
  }
}

async function untilReady(dev: ChildProcess): Promise<Omit<E2eEnvironment, 'browser'>> {
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
