/** `Ignored-Parameters` names the parameters of a query that the route does not know. */

import { beforeAll, describe, expect, it } from 'vitest'
import { newHost, resetCatalog, startIsolate } from '../../harness/worker.ts'

const LONGEST = 'a'.repeat(64)

let isolate: Awaited<ReturnType<typeof startIsolate>>
beforeAll(async () => {
  await resetCatalog([{}])
  isolate = await startIsolate()
})

async function ignored(pathAndQuery: string, init?: RequestInit) {
  const response = await isolate.fetch(`${newHost()}${pathAndQuery}`, init)
  return [response.status, response.headers.get('Ignored-Parameters')]
}

const VERSION = '/dataset/umd_tree_cover_loss/v1.8'
const LISTINGS = ['/assets', '/datasets', `${VERSION}/assets`]

describe.each(LISTINGS)('Ignored-Parameters of %s', (path) => {
  it.each([
    ['page=2', 'page'],
    ['size=100&limit=5', 'size, limit'],
    ['pageSize=5&page_number=2&page-size=1&a.b=1', 'pageSize, page_number, page-size, a.b'],
    ['page[size]=5&page[offset]=5', 'page[offset]'],
    ['page%5Bnumber%5D=1&page%5Blimit%5D=1&%6Cimit=5', 'page[limit], limit'],
    ['PAGE[SIZE]=5', 'PAGE[SIZE]'],
    ['limit', 'limit'],
    ['limit=', 'limit'],
    ['limit=1&page=2&limit=3&limit', 'limit, page'],
    [`${LONGEST}=1`, LONGEST],
    ['toString=1&hasOwnProperty=2', 'toString, hasOwnProperty'],
    ['a=1&b&c&d&e&f&g&h&i&j', 'a, b, c, d, e, f, g, h, i, j'],
    ['k=1&a=1&b&c&d&e&f&g&h&i&j', 'k, a, b, c, d, e, f, g, h, i'],
    ['_é=1&a=1&b&c&d&e&f&g&h&i&j', 'a, b, c, d, e, f, g, h, i, j'],
  ])('?%s is %s', async (query, names) => {
    expect(await ignored(`${path}?${query}`)).toEqual([200, names])
  })

  it.each([
    '',
    '?',
    '?page[size]=5&page[number]=1',
    '?page%5Bsize%5D=5&%70age%5bnumber%5d=1',
    '?page[size]=7&page[size]=5',
    '?=5&&',
    `?${LONGEST}a=1`,
    '?page size=1&page%20size=1&page+size=1',
    '?é=1&%C3%A9=1&%FF=1&%=1',
    '?a:b=1&a,b=1&a;b=1&a%22b=1&%3Cb%3E=1&a%2Fb=1',
    '?a%0D%0ASet-Cookie:%20b=1&a%0Ab=1&a%00b=1&limit%0A=1',
    '?%D9%A1=1&%E2%84%AA=1',
  ])('is absent for %s', async (query) => {
    expect(await ignored(`${path}${query}`)).toEqual([200, null])
  })

  it('comes with HEAD', async () => {
    expect(await ignored(`${path}?page=2`, { method: 'HEAD' })).toEqual([200, 'page'])
  })

  it('comes with a 304', async () => {
    const headers = { 'If-None-Match': '*' }
    expect(await ignored(`${path}?page=2`, { headers })).toEqual([304, 'page'])
  })

  it.each(['page=2&page[size]=0', 'page[number]=2&page=2'])(
    'comes with the 422 of %s',
    async (query) => {
      expect(await ignored(`${path}?${query}`)).toEqual([422, 'page'])
    },
  )

  it('is of each request alone, not of the stored page', async () => {
    const host = newHost()
    const answers: (string | null)[][] = []
    for (const query of ['?page=2', '?limit=5', '', '?size=1']) {
      const { headers } = await isolate.fetch(`${host}${path}${query}`)
      const [status = ''] = headers.get('Cache-Status')?.match(/hit|fwd/) ?? []
      answers.push([status, headers.get('Ignored-Parameters')])
    }
    expect(answers).toEqual([
      ['fwd', 'page'],
      ['hit', 'limit'],
      ['hit', null],
      ['hit', 'size'],
    ])
  })

  it('is not in what the data center stores', async () => {
    const url = `${newHost()}${path}`
    await (await startIsolate()).fetch(`${url}?page=2`)
    const { headers } = await (await startIsolate()).fetch(url)
    expect(headers.get('Cache-Status')).toMatch(/detail=colo$/)
    expect(headers.get('Ignored-Parameters')).toBe(null)
  })

  it('comes with a 503', async () => {
    const down = await startIsolate({ DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:9/d' })
    const { status, headers } = await down.fetch(`${newHost()}${path}?page=2`)
    expect([status, headers.get('Ignored-Parameters')]).toEqual([503, 'page'])
  })

  it('names nothing before the token is good', async () => {
    const headers = { Authorization: '' }
    expect(await ignored(`${path}?page=2`, { headers })).toEqual([401, null])
  })
})

it('Ignored-Parameters names the filters of the other listing', async () => {
  expect(await ignored('/datasets?dataset=abc&is_latest=true')).toEqual([200, 'dataset, is_latest'])
  expect(await ignored('/assets?search=abc')).toEqual([200, 'search'])
})

it('Ignored-Parameters names what the path has already said', async () => {
  const query = 'dataset=abc&version=v1&is_latest=true&asset_type=csv'
  expect(await ignored(`${VERSION}/assets?${query}`)).toEqual([200, 'dataset, version'])
})

it.each([
  [404, '/dataset/nothing/v1/assets'],
  [404, '/dataset/umd_tree_cover_loss/v9/assets'],
  [422, '/dataset/UPPER/v1/assets'],
  [404, `${VERSION}/tilejson.json`],
  [422, '/dataset/UPPER/v1/tilejson.json'],
])('Ignored-Parameters comes with the %i of %s', async (status, path) => {
  expect(await ignored(`${path}?page=2`)).toEqual([status, 'page'])
})
