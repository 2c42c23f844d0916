import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiDocument } from '../../../src/api/openapi/document.ts'
import { listen } from '../../../tools/listen.ts'
import { type Consumer, installPackage } from './consumer.ts'

let consumer: Consumer

beforeAll(async () => {
  consumer = await installPackage()
})
afterAll(() => consumer[Symbol.asyncDispose]())

it('contains the client, its types and its documents, in at most 20 KB', () => {
  expect(consumer.tarball.files.map(({ path }) => path).sort()).toEqual([
    'LICENSE',
    'README.md',
    'dist/api.d.ts',
    'dist/client.d.ts',
    'dist/client.js',
    'dist/interface.d.ts',
    'package.json',
  ])
  expect(consumer.tarball.unpackedSize).toBeLessThanOrEqual(20 * 1024)
})

it('installs no other package', async () => {
  const installed = await readdir(join(consumer.folder, 'node_modules'))
  expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['gfw-assets-client'])
})

it('imports nothing at run time', async () => {
  const path = join(consumer.folder, 'node_modules/gfw-assets-client/dist/client.js')
  expect(await readFile(path, 'utf8')).not.toMatch(/\b(import|require|from)\b\s*[('"{*]/)
})

it('runs under Node with its own fetch', async () => {
  const requests: (string | undefined)[] = []
  const server = createServer((request, response) => {
    requests.push(request.url, request.headers.authorization)
    const isFirst = request.url === '/gfw/assets?is_latest=true'
    const next = isFirst ? 'http://inside.example/assets?is_latest=true&page[number]=2' : ''
    const data = [{ asset_id: isFirst ? 'first' : 'second' }]
    response.end(JSON.stringify({ data, status: 'success', links: { next } }))
  })
  const port = await listen(server, 0, '127.0.0.1')
  const printed = await consumer.run(`
    import { createClient } from 'gfw-assets-client'

    const catalog = createClient({ baseUrl: 'http://127.0.0.1:${port}/gfw', token: 'a.b.c' })
    for await (const asset of catalog.eachAsset({ is_latest: true })) console.log(asset.asset_id)
  `)
  server.close()
  expect(printed).toBe('first\nsecond\n')
  expect(requests).toEqual([
    '/gfw/assets?is_latest=true',
    'Bearer a.b.c',
    '/gfw/assets?is_latest=true&page[number]=2',
    'Bearer a.b.c',
  ])
})

it('does not send the token to another host after a redirect', async () => {
  const elsewhere = createServer((_, response) => response.end('{}'))
  const seen: unknown[] = []
  elsewhere.on('request', (request) => seen.push(request.headers))
  const target = `http://127.0.0.1:${await listen(elsewhere, 0, '127.0.0.1')}/`
  const server = createServer((_, response) => response.writeHead(302, { Location: target }).end())
  const port = await listen(server, 0, '127.0.0.1')
  const printed = await consumer.run(`
    import { createClient } from 'gfw-assets-client'

    const catalog = createClient({ baseUrl: 'http://127.0.0.1:${port}', token: 'a.b.c' })
    await catalog.listAssets().catch((error) => console.log(error.message))
  `)
  server.close()
  elsewhere.close()
  expect(printed).toBe('302 a redirect, not followed\n')
  expect(seen).toEqual([])
})

it('has types that agree with the API', async () => {
  const faults = await consumer.check(`
    import { type Asset, CatalogError, createClient } from 'gfw-assets-client'

    const catalog = createClient({ baseUrl: 'https://x.example', token: async () => 'a.b.c', fetch })
    const filters = { asset_type: 'COG', is_latest: true, status: 'saved', 'page[size]': 10 } as const
    const { data, meta } = await catalog.listAssets(filters, { signal: AbortSignal.timeout(1) })
    const total: string = meta.total_items
    for (const asset of data satisfies Asset[]) {
      if (asset.asset_type === 'COG') {
        const pixels: number | null | undefined = asset.metadata.block_size
        const meaning: string | null | undefined = asset.metadata.bands?.[0]?.pixel_meaning
      }
    }
    const layers: string[] | undefined = (await catalog.tileJson('id')).vector_layers?.map(({ id }) => id)
    const tiles = { dataset: 'abc', version: 'latest', asset_type: 'Raster tile cache' } as const
    const maxZoom: number | undefined = (await catalog.versionTileJson(tiles)).maxzoom
    const uris: (string | undefined)[] = (await catalog.getVersion(tiles)).assets.map(([, uri]) => uri)
    const latest: string | null = (await catalog.eachDataset().next()).value?.latest
    const faults: [string, string][] = new CatalogError(new Response(), {}).faults.map(({ loc }) => loc)
  `)
  expect(faults).toBe('')
})

it('is not the only way: types generated from the whole document compile, and narrow assets', async () => {
  const document = openApiDocument('0.1.0', 'https://api.example')
  await consumer.generateTypes(document)
  const faults = await consumer.check(`
    import type { components, paths } from './schema.d.ts'

    type Page = paths['/assets']['get']['responses'][200]['content']['application/json']
    export function pixels({ data }: Page): (number | null | undefined)[] {
      return data.map((asset) => (asset.asset_type === 'COG' ? asset.metadata.block_size : null))
    }
    export function refuse(asset: components['schemas']['TableAsset']): string[] {
      return asset.metadata.block_size
    }
  `)
  expect(faults).toMatch(
    /^main\.ts\(9,29\): error TS2339: Property 'block_size' does not exist on type [^\n]*\n$/,
  )
})

describe('the types refuse', () => {
  const cases: [expression: string, fault: string][] = [
    ["catalog.listAssets({ asset_type: 'cog' })", `Type '"cog"' is not assignable`],
    ["catalog.listAssets({ is_latest: 'true' })", "Type 'string' is not assignable"],
    ["catalog.listAssets({ 'page[size]': '10' })", "Type 'string' is not assignable"],
    ["catalog.listAssets({ datset: 'abc' })", "'datset' does not exist"],
    ["catalog.listVersionAssets({ dataset: 'abc' })", "Property 'version' is missing"],
    [
      "catalog.getAsset('id').then((asset) => asset.metadata.block_size)",
      "'block_size' does not exist",
    ],
  ]
  const preamble = [
    "import { createClient } from 'gfw-assets-client'",
    "const catalog = createClient({ baseUrl: 'https://x.example' })",
  ]
  /** tsc's errors by line. It takes seconds, so it runs once. */
  const faults = new Map<number, string>()

  beforeAll(async () => {
    const expressions = cases.map(([expression]) => expression)
    const said = await consumer.check([...preamble, ...expressions].join('\n'))
    for (const fault of said.split(/^(?=main\.ts\()/m)) {
      faults.set(Number(/^main\.ts\((\d+),/.exec(fault)?.[1]), fault)
    }
  })

  it.each(cases)('%s', (expression, fault) => {
    const line = preamble.length + 1 + cases.findIndex(([other]) => other === expression)
    expect(faults.get(line)).toContain(fault)
  })

  it('nothing else', () => {
    expect([...faults.keys()]).toEqual([3, 4, 5, 6, 7, 8])
  })
})
