/** The code in the documents, as it is written there, against the Worker as it is deployed. */

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { settingsSchema } from '../../src/settings.ts'
import { AUTH_SECRET } from '../../tools/workerd.ts'
import { type Block, readDocuments } from '../harness/documents.ts'
import { skipWithoutModule } from '../harness/python.ts'
import { startShippedCatalog } from '../harness/shipped-catalog.ts'
import { type Consumer, installPackage } from './client/consumer.ts'

const runFile = promisify(execFile)

const documents = readDocuments()
const blocks = documents.flatMap((document) => document.blocks)
const blocksOf = (language: string) =>
  blocks.filter((block) => block.isRun && block.language === language)

const TILES =
  'https://tiles.globalforestwatch.org/wdpa_protected_areas/v202512/default/{z}/{x}/{y}.pbf'

const running = new AsyncDisposableStack()
const env = { ...process.env }
let origin: string
let folder: string
let consumer: Consumer

beforeAll(async () => {
  const catalog = running.use(await startShippedCatalog())
  origin = catalog.origin
  folder = await mkdtemp(join(tmpdir(), 'docs-'))
  running.defer(() => rm(folder, { recursive: true }))
  env.AUTH_JWT_SECRET = AUTH_SECRET
  env.DATABASE_URL = catalog.databaseUrl
  env.TOKEN = catalog.token
  consumer = running.use(await installPackage())
})
afterAll(() => running.disposeAsync())

/** The Worker under test stands for every host, and files are written where they are removed. */
function here(text: string): string {
  return text
    .replaceAll(/http:\/\/127\.0\.0\.1:8787|https:\/\/data-api\.globalforestwatch\.org/g, origin)
    .replaceAll(/(?<= )\/tmp\//g, `${folder}/`)
}

/** Checks what a block printed against the block that shows it. */
function expectOutput({ output }: Block, printed: string): void {
  const shown = here(output ?? '…')
  const pattern = shown.split('…').map(RegExp.escape).join('[\\s\\S]*')
  expect(printed).toMatch(new RegExp(`^${pattern}$`))
}

it('knows each language', () => {
  const languages = new Set(blocks.map(({ language }) => language))
  const ran = ['sh', 'ts', 'python', 'r', 'js']
  const others = ['', 'json', 'text', 'sql', 'toml']
  expect([...languages].filter((language) => ![...ran, ...others].includes(language))).toEqual([])
})

it('runs no block without a reason to skip it', () => {
  const skipped = blocks.filter(({ isRun }) => !isRun)
  expect(skipped.filter(({ language }) => language !== 'sh')).toEqual([])
})

it.each(blocksOf('sh'))('$place runs in a shell', async (block) => {
  const code = here(block.code)
  // A block that exports the token must do so for the programs after it.
  const exportsToken = code.includes('export TOKEN=')
  const after = exportsToken ? 'test "$(node -p process.env.TOKEN)" = "$TOKEN"' : ''
  const { TOKEN, ...withoutToken } = env
  const { stdout } = await runFile('bash', ['-e', '-o', 'pipefail', '-c', `${code}${after}`], {
    env: exportsToken ? withoutToken : env,
  })
  expectOutput(block, stdout)
})

it.each(blocksOf('ts'))('$place is right by its types, and runs', async (block) => {
  const code = here(block.code)
  expect(await consumer.check(code)).toBe('')
  expectOutput(block, await consumer.run(code, env))
})

it.for(blocksOf('python'))('$place runs in Python', async (block, context) => {
  await skipWithoutModule(context, block.code.includes('import httpx') ? 'httpx' : 'requests')
  const { stdout } = await runFile('python3', ['-c', here(block.code)], { env })
  expectOutput(block, stdout)
})

it.for(blocksOf('r'))('$place runs in R', async (block, context) => {
  const hasHttr2 = await runFile('Rscript', ['-e', 'library(httr2)']).catch(() => undefined)
  context.skip(!hasHttr2, 'R has no httr2: apt-get install r-cran-httr2 r-cran-jsonlite')
  const { stdout } = await runFile('Rscript', ['-e', here(block.code)], { env })
  expectOutput(block, stdout)
})

type MapOptions = {
  style: { sources: { areas: { url: string } }; layers: { 'source-layer': string }[] }
  transformRequest(url: string): { url: string; headers?: Record<string, string> }
}

// `test/e2e/maps.test.ts` runs all blocks of JavaScript in a browser.
const mapLibre = blocksOf('js').filter(({ code }) => code.includes('transformRequest'))

describe.each(mapLibre)('$place', ({ code }) => {
  it('has a TileJSON with its layer as a source, and sends the token to the API alone', async () => {
    const maps: MapOptions[] = []
    class FakeMap {
      constructor(options: MapOptions) {
        maps.push(options)
      }
    }
    const script = here(code).replaceAll(/^import .*/gm, '')
    runInNewContext(script, { maplibregl: { Map: FakeMap }, token: env.TOKEN })
    const [map] = maps
    if (!map) throw new Error('no map')
    const request = map.transformRequest(map.style.sources.areas.url)
    const tileJson = await fetch(request.url, request).then((response) => response.json())
    expect(tileJson).toEqual({
      tilejson: '3.0.0',
      tiles: [TILES],
      scheme: 'xyz',
      name: 'wdpa_protected_areas v202512',
      version: '202512.0.0',
      vector_layers: [{ id: 'wdpa_protected_areas', fields: {} }],
    })
    expect(map.style.layers.map((layer) => layer['source-layer'])).toEqual(['wdpa_protected_areas'])
    for (const url of [TILES, `${origin}.evil.example/`]) {
      expect(map.transformRequest(url)).toEqual({ url })
    }
  })
})

type OpenApi = {
  paths: Record<string, { get: { parameters: { name: string; in: string }[] } }>
}

describe('README.md lists', () => {
  const readme = documents.find(({ path }) => path === 'README.md')?.text ?? ''
  /** The code spans in the first column of the table whose header begins so. */
  function firstColumn(header: string): string[] {
    const [, table = ''] = readme.split(`| ${header} |`)
    const [rows = ''] = table.split('\n\n')
    return rows
      .split('\n')
      .slice(2)
      .flatMap((row) => {
        const [, cell = ''] = row.split('|')
        return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
      })
  }

  it('the parameters of GET /assets, and every path of the OpenAPI document', async () => {
    const response = await fetch(`${origin}/openapi.json`)
    const { paths } = (await response.json()) as OpenApi
    const query = paths['/assets']?.get.parameters.filter((parameter) => parameter.in === 'query')
    expect(firstColumn('parameter')).toEqual(query?.map(({ name }) => name))
    const endpoints = firstColumn('endpoint').map((endpoint) => endpoint.replace('GET ', ''))
    expect(endpoints).toEqual(expect.arrayContaining(Object.keys(paths)))
  })

  it('the variables and secrets with their defaults, and the rate limit', async () => {
    const { ratelimits } = unstable_readConfig({ config: 'wrangler.toml' })
    const limits = ratelimits.map(({ name }: { name: string }) => name)
    const names = [...Object.keys(settingsSchema.shape), ...limits]
    expect(firstColumn('name').sort()).toEqual(names.sort())
    const { DATABASE_URL, AUTH_JWT_SECRET, ...defaults } = settingsSchema.parse({
      DATABASE_URL: 'postgres://worker:test-only@db.example/catalog',
      AUTH_JWT_SECRET: 'test-only-secret-of-more-than-32-bytes',
    })
    const documented = [...readme.matchAll(/^\| `([A-Z_]+)` \|.*\| `(\d+)` \|$/gm)]
    expect(Object.fromEntries(documented.map(([, name, value]) => [name, Number(value)]))).toEqual({
      ...defaults,
      RATE_LIMITER: 600,
    })
  })
})
