import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../../../tools/listen.ts'
import { type Consumer, installPackage } from './consumer.ts'

let consumer: Consumer

beforeAll(async () => {
  consumer = await installPackage()
})
afterAll(() => consumer[Symbol.asyncDispose]())

it('holds the client, its types and what a package must', async () => {
  // Without `prepare`, which builds the site too: the client is built already.
  const pack = ['pack', '--dry-run', '--json', '--offline', '--ignore-scripts']
  const { stdout } = await promisify(execFile)('npm', pack, { cwd: consumer.installed })
  const [{ files }] = JSON.parse(stdout)
  const paths: string[] = files.map(({ path }: { path: string }) => path).sort()
  // Whether the types that the client's refer to are all there, its users' tsc says below.
  expect(paths.filter((path) => !path.endsWith('.d.ts'))).toEqual([
    'LICENSE',
    'README.md',
    'dist/client/packages/client/src/client.js',
    'package.json',
  ])
  expect(paths).toContain('dist/client/packages/client/src/client.d.ts')
})

it('imports nothing at run time', async () => {
  const client = await readFile(
    join(consumer.installed, 'dist/client/packages/client/src/client.js'),
    'utf8',
  )
  expect(client).not.toMatch(/\b(import|require|from)\b\s*[('"{*]/)
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
    import { createClient } from 'gfw-assets-edge/client'

    const catalogue = createClient({ baseUrl: 'http://127.0.0.1:${port}/gfw', token: 'a.b.c' })
    for await (const asset of catalogue.eachAsset({ is_latest: true })) console.log(asset.asset_id)
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

it('takes the token to no other host by a redirect', async () => {
  const elsewhere = createServer((_, response) => response.end('{}'))
  const seen: unknown[] = []
  elsewhere.on('request', (request) => seen.push(request.headers))
  const target = `http://127.0.0.1:${await listen(elsewhere, 0, '127.0.0.1')}/`
  const server = createServer((_, response) => response.writeHead(302, { Location: target }).end())
  const port = await listen(server, 0, '127.0.0.1')
  const printed = await consumer.run(`
    import { createClient } from 'gfw-assets-edge/client'

    const catalogue = createClient({ baseUrl: 'http://127.0.0.1:${port}', token: 'a.b.c' })
    await catalogue.listAssets().catch((error) => console.log(error.message))
  `)
  server.close()
  elsewhere.close()
  expect(printed).toBe('302 a redirect, not followed\n')
  expect(seen).toEqual([])
})

it('tells types by the schemas', async () => {
  const faults = await consumer.check(`
    import { type Asset, CatalogueError, createClient } from 'gfw-assets-edge/client'

    const catalogue = createClient({ baseUrl: 'https://x.example', token: async () => 'a.b.c', fetch })
    const filters = { asset_type: 'COG', is_latest: true, status: 'saved', 'page[size]': 10 } as const
    const { data, meta } = await catalogue.listAssets(filters, { signal: AbortSignal.timeout(1) })
    const total: string = meta.total_items
    for (const asset of data satisfies Asset[]) {
      if (asset.asset_type === 'COG') {
        const pixels: number | null = asset.metadata.block_size
        const meaning: string | null | undefined = asset.metadata.bands?.[0]?.pixel_meaning
      }
    }
    const layers: string[] | undefined = (await catalogue.tileJson('id')).vector_layers?.map(({ id }) => id)
    const latest: string | null = (await catalogue.eachDataset().next()).value?.latest
    const faults: [string, string][] = new CatalogueError(new Response(), {}).faults.map(({ loc }) => loc)
  `)
  expect(faults).toBe('')
})

describe('refuses', () => {
  const cases: [expression: string, fault: string][] = [
    ["catalogue.listAssets({ asset_type: 'cog' })", `Type '"cog"' is not assignable`],
    ["catalogue.listAssets({ is_latest: 'true' })", "Type 'string' is not assignable"],
    ["catalogue.listAssets({ 'page[size]': '10' })", "Type 'string' is not assignable"],
    ["catalogue.listAssets({ datset: 'abc' })", "'datset' does not exist"],
    [
      "catalogue.getAsset('id').then((asset) => asset.metadata.block_size)",
      "'block_size' does not exist",
    ],
  ]
  const preamble = [
    "import { createClient } from 'gfw-assets-edge/client'",
    "const catalogue = createClient({ baseUrl: 'https://x.example' })",
  ]
  /** By line of the module; tsc takes seconds, so it is asked once. */
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
    expect([...faults.keys()]).toEqual([3, 4, 5, 6, 7])
  })
})
