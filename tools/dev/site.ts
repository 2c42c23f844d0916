/** Builds the site, `dist/site`, for `npm run dev`. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError } from '../command-line.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const VITE = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url))
const SITE = join(ROOT, 'dist/site')

/** Sources of the site, including the modules that it imports. */
const SOURCES = ['packages/client/src', 'site', 'src', 'package-lock.json']

/** Builds the site if a source is newer. Resolves to a line that describes the result. */
export async function buildSite(): Promise<string> {
  const [built, changed] = await Promise.all([newest(join(SITE, 'docs.html')), newestSource()])
  if (built > changed) return 'pages: up to date'
  // Wrangler does not start without the folder.
  await mkdir(SITE, { recursive: true })
  const child = spawn(process.execPath, [VITE, 'build', 'site', '--logLevel', 'error'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new CommandError('the pages cannot be built')
  return 'pages: built'
}

async function newestSource(): Promise<number> {
  return Math.max(...(await Promise.all(SOURCES.map((source) => newest(join(ROOT, source))))))
}

/** The last change of a file, or of anything in a folder; 0 if it is missing. */
async function newest(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name))
  const times = await Promise.all(paths.map(async (entry) => (await stat(entry)).mtimeMs))
  return Math.max(found.mtimeMs, ...times)
}
