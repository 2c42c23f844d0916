/** The build of the pages, and its development server. */

import { watch } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as buildWithVite, createServer as createVite } from 'vite'
import { expect, it, onTestFinished, vi } from 'vitest'
import { listen } from '../../../tools/listen.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const CONFIG = join(ROOT, 'site/vite.config.ts')

/** Builds the pages as `npm run build:site` does, but without minifying, which takes most of the time. */
async function build(folder: string): Promise<void> {
  await buildWithVite({
    configFile: CONFIG,
    logLevel: 'error',
    build: { outDir: folder, minify: false },
  })
}

it('replaces the pages without removing them, and what earlier builds have left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'site-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await build(folder)
  const files = (await readdir(folder, { recursive: true })).sort()
  expect(files).toEqual(expect.arrayContaining(['_headers', 'docs.html', 'index.html', 'static']))

  await writeFile(join(folder, 'old.html'), '')
  await writeFile(join(folder, 'static', 'old.js'), '')
  const removed = new Set<string | null>()
  const written = Promise.withResolvers<void>()
  const watcher = watch(folder, (event, name) => {
    if (event === 'rename') removed.add(name)
    // The last that the build does here.
    if (name === 'old.html') written.resolve()
  })
  onTestFinished(() => watcher.close())
  await build(folder)
  await written.promise
  expect([...removed]).toEqual(['old.html'])
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(files)
})

it('vite passes requests for the API on to API_ORIGIN, and no others', async () => {
  const api = createServer((request, response) => response.end(`asked for ${request.url}`))
  const port = await listen(api, 0, '127.0.0.1')
  onTestFinished(() => void api.close())
  vi.stubEnv('API_ORIGIN', `http://127.0.0.1:${port}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const vite = await createVite({
    configFile: CONFIG,
    server: { host: '127.0.0.1', port: 0, hmr: false },
    optimizeDeps: { noDiscovery: true },
    logLevel: 'error',
  })
  onTestFinished(() => vite.close())
  await vite.listen()
  const [origin = ''] = vite.resolvedUrls?.local ?? []
  const ask = (path: string) => fetch(new URL(path, origin)).then((response) => response.text())
  for (const path of [
    '/assets?dataset=abc',
    '/asset/1',
    '/datasets',
    '/dataset/abc/latest',
    '/openapi.json',
  ]) {
    expect(await ask(path)).toBe(`asked for ${path}`)
  }
  for (const path of ['/', '/docs.html', '/asset-types']) {
    expect(await ask(path)).not.toContain('asked for')
  }
})
