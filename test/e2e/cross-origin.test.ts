import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listen } from '../../tools/listen.ts'
import { describeInBrowser, newPage, origin, token } from './browser.ts'

type Client = typeof import('../../packages/client/src/client.ts')

let server: Server
let otherOrigin: string

beforeAll(async () => {
  const client = stripTypeScriptTypes(await readFile('packages/client/src/client.ts', 'utf8'))
  server = createServer(({ url }, response) => {
    const isScript = url === '/client.js'
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? client : '<!doctype html><title>Other origin</title>')
  })
  otherOrigin = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`
})
afterAll(() => {
  server.close()
})

/** The response as a page of another origin sees it. */
async function read(path: string, headers: Record<string, string>, expected: number[] = []) {
  const page = await newPage({ expected })
  await page.goto(`${otherOrigin}/`)
  return page.evaluate(
    async ([url, headers]) => {
      // `no-store`: otherwise the browser's cache would answer conditional requests.
      const answer = await fetch(url, { headers, cache: 'no-store' })
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: await answer.text(),
      }
    },
    [`${origin}${path}`, headers] as const,
  )
}

const PATH = '/assets?dataset=gfw_oil_palm'
const authorization = { Authorization: `Bearer ${token}` }

describeInBrowser('CORS', () => {
  it('lets a page of another origin read a listing, its ETag, Link and Cache-Status, and a 304', async () => {
    const { status, headers, body } = await read(PATH, authorization)
    expect(status).toBe(200)
    expect(JSON.parse(body).meta.total_items).toBe('5')
    expect(headers.etag).toMatch(/^"[\w-]{43}"$/)
    expect(headers.link).toContain('rel="first"')
    expect(headers['cache-status']).toMatch(/^assets; /)
    const condition = { ...authorization, 'If-None-Match': headers.etag ?? '' }
    const again = await read(PATH, condition)
    expect([again.status, again.body]).toEqual([304, ''])
    expect(again.headers.etag).toBe(headers.etag)
  })

  it('lets it read a 401, a 404 and a 422', async () => {
    const unknown = await read(PATH, {}, [401])
    expect([unknown.status, unknown.body]).toEqual([401, '{"detail":"Not authenticated"}'])
    const missing = await read('/nowhere', {}, [404])
    expect([missing.status, missing.body]).toEqual([404, '{"detail":"Not Found"}'])
    const wrong = await read('/assets?page[size]=0', authorization, [422])
    expect(JSON.parse(wrong.body).detail[0].loc).toEqual(['query', 'page[size]'])
  })

  it('allows headers that monitoring tools and proxies add', async () => {
    const added = {
      'content-type': 'application/json',
      'x-api-key': 'x',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      'sentry-trace': 'd4cda95b652f4a1592b449d5929fda1b-6e0c63257de34c92-1',
      baggage: 'sentry-release=1',
      'cache-control': 'no-cache',
      'x-requested-with': 'XMLHttpRequest',
    }
    const { status } = await read(PATH, { ...authorization, ...added })
    expect(status).toBe(200)
  })

  it('lets the client read listings and errors from another origin', async () => {
    const page = await newPage({ expected: [404] })
    await page.goto(`${otherOrigin}/`)
    // A string, because Vitest would replace `import()`.
    const client = await page.evaluateHandle<Client>("import('/client.js')")
    const read = await client.evaluate(
      async ({ createClient }, [baseUrl, token]) => {
        const catalog = createClient({ baseUrl, token })
        const assets: string[] = []
        const filters = { dataset: 'gfw_oil_palm', 'page[size]': 2 }
        for await (const asset of catalog.eachAsset(filters)) assets.push(asset.asset_id)
        const unknownId = '00000000-0000-4000-8000-000000000000'
        const error = await catalog.getAsset(unknownId).catch((error) => error)
        return { assets: assets.length, error: error.message, requestId: error.requestId }
      },
      [origin, token] as const,
    )
    expect(read).toEqual({
      assets: 5,
      error: '404 Could not find requested asset 00000000-0000-4000-8000-000000000000',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it('does not let the browser cache reuse a response for another token', async () => {
    const page = await newPage({ expected: [401] })
    // Playwright disables the browser's cache while a route exists.
    await page.context().unrouteAll()
    await page.goto(`${otherOrigin}/`)
    const url = `${origin}${PATH}&page[size]=3`
    const answers = await page.evaluate(
      async ([url, token]) => {
        const request = async (token: string) => {
          const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } })
          return [answer.status, answer.headers.get('X-Request-Id'), await answer.text()]
        }
        return [await request(token), await request(token), await request('a.b.c')]
      },
      [url, token] as const,
    )
    // The second response comes from the browser's cache, the third from the Worker.
    expect(answers[1]).toEqual(answers[0])
    expect(answers.map(([status]) => status)).toEqual([200, 200, 401])
  })
})
