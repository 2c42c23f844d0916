/** README's code, as it stands there, against the Worker as it is deployed and the real catalogue. */

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importCatalog } from '../../tools/catalog/import.ts'
import { serveNeonLocal } from '../../tools/neon-local/neon-local.ts'
import { signToken } from '../../tools/token.ts'
import { AUTH_SECRET, startWorker } from '../../tools/workerd.ts'
import { readCatalogFile } from '../harness/catalog-items.ts'
import { servePreparedPglite } from '../harness/prepared-database.ts'
import { skipWithoutRequests } from '../harness/python.ts'
import { bundledWorker } from '../harness/worker-bundle.ts'
import { type Consumer, installPackage } from './client/consumer.ts'

const runFile = promisify(execFile)

const TILES = 'https://tiles.globalforestwatch.org/gfw_oil_palm/v20191031/default/{z}/{x}/{y}.pbf'

const running = new AsyncDisposableStack()
const env = { ...process.env }
let readme: string
let origin: string
let consumer: Consumer

beforeAll(async () => {
  readme = await readFile('README.md', 'utf8')
  const postgres = await servePreparedPglite('migrated')
  running.defer(() => postgres.close())
  await importCatalog(postgres.url, await readCatalogFile('catalog/gfw-catalog.json'))
  const neon = await serveNeonLocal({ databaseUrl: postgres.url })
  running.defer(() => neon.close())
  const modules = await bundledWorker()
  const worker = await startWorker(modules, { DATABASE_URL: neon.connectionString })
  running.defer(() => worker.close())
  origin = worker.origin
  env.TOKEN = await signToken({ subject: 'reader', expires: '1h' }, AUTH_SECRET)
  consumer = running.use(await installPackage())
})
afterAll(() => running.disposeAsync())

/** The one block of a language in "Use it from code", asking the Worker under test. */
function block(language: string): string {
  const [, section = ''] = readme.split('## Use it from code\n')
  const [, code = ''] = section.split(`\`\`\`${language}\n`)
  return code.slice(0, code.indexOf('```')).replaceAll('http://127.0.0.1:8787', origin)
}

it('its first request runs as it is pasted, exports the token, and answers as shown but for the times', async () => {
  const [, section = ''] = readme.split('## A request\n')
  const [, pasted = ''] = /```sh\n(.*?)```/s.exec(section) ?? []
  const [, shown = ''] = /```json\n(.*?)```/s.exec(section) ?? []
  const atOrigin = (text: string) => text.replaceAll('http://127.0.0.1:8787', origin)
  const script = `${atOrigin(pasted)}test "$(node -p process.env.TOKEN)" = "$TOKEN" && echo exported`
  const { TOKEN: _, ...withoutToken } = env
  const { stdout } = await runFile('bash', ['-e', '-o', 'pipefail', '-c', script], {
    env: { ...withoutToken, AUTH_JWT_SECRET: AUTH_SECRET },
  })
  const withoutTimes = (text: string) => text.replace(/(?<="(created|updated)_on": ").*(?=")/g, '')
  expect(withoutTimes(stdout)).toBe(`${withoutTimes(atOrigin(shown))}exported\n`)
})

it('its TypeScript is right by the types, and runs', async () => {
  const code = block('ts')
  expect(await consumer.check(code)).toBe('')
  expect(await consumer.run(code, env)).toBe(
    `is
${TILES} 9
422 page[size]: ensure this value is less than or equal to 1000 [ 'query', 'page[size]' ]
`,
  )
})

it('its Python runs', async (context) => {
  await skipWithoutRequests(context)
  const { stdout } = await runFile('python3', ['-c', block('python')], { env })
  expect(stdout).toBe('146 assets\n200 304\n')
})

type MapOptions = {
  style: { sources: { asset: { url: string } }; layers: { 'source-layer': string }[] }
  transformRequest(url: string): { url: string; headers?: Record<string, string> }
}

it('its MapLibre source is TileJSON that has the layer, and the token goes nowhere else', async () => {
  const maps: MapOptions[] = []
  class FakeMap {
    constructor(options: MapOptions) {
      maps.push(options)
    }
  }
  runInNewContext(block('js'), { maplibregl: { Map: FakeMap }, token: env.TOKEN })
  const [map] = maps
  if (!map) throw new Error('no map')
  const asked = map.transformRequest(map.style.sources.asset.url)
  const tileJson = await fetch(asked.url, asked).then((answer) => answer.json())
  expect(tileJson).toEqual({
    tilejson: '3.0.0',
    tiles: [TILES],
    scheme: 'xyz',
    name: 'gfw_oil_palm v20191031',
    version: '20191031.0.0',
    maxzoom: 9,
    vector_layers: [
      {
        id: 'gfw_oil_palm',
        fields: { name: 'text', group_comp: 'text', country: 'text', area_ha: 'text' },
      },
    ],
  })
  expect(map.style.layers.map((layer) => layer['source-layer'])).toEqual(['gfw_oil_palm'])
  for (const url of [TILES, `${origin}.evil.example/`]) {
    expect(map.transformRequest(url)).toEqual({ url })
  }
})
