/**
 * The Worker's bundle, which wrangler takes seconds to make: all test files share one, which is kept
 * as a file until what it is made from changes.
 */

import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { listen } from '../../tools/listen.ts'
import { bundle, type Module } from '../../tools/workerd.ts'

const CACHE = 'node_modules/.cache/worker-bundle'

/** All that wrangler reads: the Worker, settings, installed packages; and how it is called. */
const SOURCES = [
  'src',
  'wrangler.toml',
  'tsconfig.json',
  'package.json',
  'node_modules/.package-lock.json',
  'tools/workerd.ts',
]

/** `globalSetup`: bundles the Worker when a file first requests it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let made: Promise<Buffer> | undefined
  const server = createServer((_, response) => {
    made ??= readOrMake()
    made.then(
      (bytes) => response.end(bytes),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  const port = await listen(server, 0, '127.0.0.1')
  project.provide('workerBundleUrl', `http://127.0.0.1:${port}`)
  return async () => {
    await new Promise((closed) => server.close(closed))
  }
}

async function readOrMake(): Promise<Buffer> {
  const key = await cacheKey()
  const kept: string[] = await readdir(CACHE).catch(() => [])
  if (kept.includes(key)) return readFile(join(CACHE, key))
  const bytes = serialize(await bundle('src/index.ts'))
  await mkdir(CACHE, { recursive: true })
  const draft = join(CACHE, `draft-${process.pid}`)
  await writeFile(draft, bytes)
  await rename(draft, join(CACHE, key))
  for (const name of kept) await rm(join(CACHE, name), { force: true })
  return bytes
}

async function cacheKey(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const path of await filesOf(source)) hash.update(path).update(await readFile(path))
  }
  return hash.digest('hex')
}

async function filesOf(source: string): Promise<string[]> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  // `source` is a file if it cannot be listed.
  if (files.length === 0) return [source]
  return files.map(({ parentPath, name }) => join(parentPath, name)).sort()
}

/** The modules that `wrangler deploy` would upload. */
export async function bundledWorker(): Promise<Module[]> {
  const response = await fetch(inject('workerBundleUrl'), { headers: { Connection: 'close' } })
  if (!response.ok) throw new Error(await response.text())
  return deserialize(Buffer.from(await response.arrayBuffer()))
}

declare module 'vitest' {
  interface ProvidedContext {
    workerBundleUrl: string
  }
}
