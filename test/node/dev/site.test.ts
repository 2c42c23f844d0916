/** The build of the pages, and its development server. */

import { execFile } from 'node:child_process'
import { watch } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createServer as createVite } from 'vite'
import { expect, it, onTestFinished, vi } from 'vitest'
import { listen } from '../../../tools/listen.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js')

async function build(folder: string): Promise<void> {
  const args = [VITE, 'build', 'site', '--logLevel', 'error', '--outDir', folder]
  await promisify(execFile)(process.execPath, args, { cwd: ROOT })
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

it.each(['/assets?dataset=abc', '/asset/1', '/datasets', '/dataset/abc/latest', '/openapi.json'])(
  'vite passes %s on to API_ORIGIN',
  async (path) => {
    const api = createServer((request, response) => response.end(`asked for ${request.url}`))
    const port = await listen(api, 0, '127.0.0.1')
    vi.stubEnv('API_ORIGIN', `http://127.0.0.1:${port}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    const vite = await createVite({
      configFile: join(ROOT, 'site/vite.config.ts'),
      server: { host: '127.0.0.1', port: 0, hmr: false },
      optimizeDeps: { noDiscovery: true },
      logLevel: 'error',
    })
    onTestFinished(async () => {
      await vite.close()
      api.close()
    })
    await vite.listen()
    const [origin = ''] = vite.resolvedUrls?.local ?? []
    const answer = await fetch(new URL(path, origin))
    expect(await answer.text()).toBe(`asked for ${path}`)
  },
)
