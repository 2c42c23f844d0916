/** The system's Chromium, as the tests and measurements of the pages start it. */

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** The headless shell first: it has no window to draw. */
const PATHS = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

const FLAGS = [
  // Chromium's sandbox does not work for root in containers.
  '--no-sandbox',
  // No background requests to the internet.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  // WebGL without a graphics card, on pages that are drawn without WebGL.
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-gpu-compositing',
]

/** The path of `CHROMIUM`, or of an installed Chromium, or undefined. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM ?? '', ...PATHS].find((path) => existsSync(path))
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS })
}
