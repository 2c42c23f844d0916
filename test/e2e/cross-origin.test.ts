import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listen } from '../../tools/listen.ts'
import { describeInBrowser, newPage, origin, token } from './browser.ts'

let server: Server
let elsewhere: string

beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end('<!doctype html><title>Elsewhere</title>')
  })
  elsewhere = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`
})
afterAll(() => {
  server.close()
})

/** What a page of another origin sees of an answer. */
async function read(path: string, headers: Record<string, string>, expected: number[] = []) {
  const page = await newPage({ expected })
  await page.goto(`${elsewhere}/`)
  return page.evaluate(
    async ([url, headers]) => {
      // What it has is asked for by the page, not by the browser's own cache.
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

describeInBrowser('a page of another origin', () => {
  it('reads a page with a token, its ETag, Link and Cache-Status, and gets a 304 for it', async () => {
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

  it('reads a 401, a 404 and a 422', async () => {
    const unknown = await read(PATH, {}, [401])
    expect([unknown.status, unknown.body]).toEqual([401, '{"detail":"Not authenticated"}'])
    const missing = await read('/nowhere', {}, [404])
    expect([missing.status, missing.body]).toEqual([404, '{"detail":"Not Found"}'])
    const wrong = await read('/assets?page[size]=0', authorization, [422])
    expect(JSON.parse(wrong.body).detail[0].loc).toEqual(['query', 'page[size]'])
  })

  it('reads a page whatever headers its monitoring and its proxies add', async () => {
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

  it('is not shown a page from the browser cache that was read with another token', async () => {
    const page = await newPage({ expected: [401] })
    // With a route Playwright turns the browser's cache off.
    await page.context().unrouteAll()
    await page.goto(`${elsewhere}/`)
    const url = `${origin}${PATH}&page[size]=3`
    const answers = await page.evaluate(
      async ([url, token]) => {
        const ask = async (token: string) => {
          const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } })
          return [answer.status, answer.headers.get('X-Request-Id'), await answer.text()]
        }
        return [await ask(token), await ask(token), await ask('a.b.c')]
      },
      [url, token] as const,
    )
    // The second is the browser's own copy of the first, the third is not.
    expect(answers[1]).toEqual(answers[0])
    expect(answers.map(([status]) => status)).toEqual([200, 200, 401])
  })
})
