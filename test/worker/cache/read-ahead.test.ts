/** Pages that are read along with the page before them. */

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { passSeconds } from '../../harness/clock.ts'
import { newHost, query, resetCatalog, spyOnNetwork, startIsolate } from '../../harness/worker.ts'

const ASSETS = 2500
const KIB = 1024

type Isolate = Awaited<ReturnType<typeof startIsolate>>
type Page = { data: { asset_id: string }[]; links: { next: string } }

let isolate: Isolate
let host: string
/** The assets of each page's answer from the database. */
let assetsRead: number[]

/** Inserts `count` assets whose metadata is the SQL expression `metadata` of `n`. */
async function insert(count: number, metadata = `'{}'`): Promise<void> {
  await query(
    `insert into versions (dataset, version) values ('umd_tree_cover_loss', 'v1')
     on conflict do nothing`,
  )
  await query(
    `insert into assets (dataset, version, asset_type, asset_uri, created_on, metadata)
     select 'umd_tree_cover_loss', 'v1', 'csv', 's3://' || n,
       timestamptz '2020-01-01Z' + n / 3 * interval '1 h', ${metadata}
     from generate_series(1, $1::int) n`,
    [`${count}`],
  )
}

function tagOf(kib: number | string): string {
  return `jsonb_build_object('tags', jsonb_build_array(repeat('x', ${KIB} * (${kib}))))`
}

function urlOf(number: number, size = 25, filters = ''): string {
  return `${host}/assets?${filters}page[number]=${number}&page[size]=${size}`
}

beforeEach(async () => {
  isolate = await startIsolate()
  host = newHost()
  assetsRead = []
  const network = spyOnNetwork()
  const send = network.getMockImplementation()
  network.mockImplementation(async (...call) => {
    const response = (await send?.(...call)) ?? Response.error()
    const { rows, fields } = await response.clone().json<{ rows: unknown[][]; fields: unknown[] }>()
    if (fields.length > 10) assetsRead.push(rows.filter((row) => row[4] !== null).length)
    return response
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('in a catalog of small assets', () => {
  beforeAll(async () => {
    await resetCatalog([])
    await insert(ASSETS)
  })

  it('stands in for a call for a page that fails after the page was read ahead', async () => {
    const network = vi.mocked(globalThis.fetch)
    const called = Promise.withResolvers<void>()
    const failed = Promise.withResolvers<Response>()
    await isolate.fetch(urlOf(1))
    network.mockImplementationOnce(async () => {
      called.resolve()
      return await failed.promise
    })
    const waiting = isolate.fetch(urlOf(3))
    await called.promise
    await isolate.fetch(urlOf(2))
    expect(assetsRead).toEqual([25, 200])
    failed.resolve(new Response('', { status: 503 }))
    network.mockImplementation(async () => new Response('', { status: 503 }))
    const { status, headers } = await waiting
    expect(status).toBe(200)
    expect(headers.get('Cache-Status')).toMatch(/^assets; hit; ttl=\d+; detail=memory$/)
  })

  it('a crawl of 64 pages takes 9 database calls, and visits each asset once', async () => {
    const ids = new Set<string>()
    let url = urlOf(1)
    for (let number = 1; number <= 64; number++) {
      const { data, links } = await (await isolate.fetch(url)).json<Page>()
      for (const { asset_id } of data) ids.add(asset_id)
      url = links.next
    }
    expect(ids.size).toBe(64 * 25)
    expect(assetsRead).toEqual([25, 200, 200, 200, 200, 200, 200, 200, 200])
  })

  it.each([
    [1, 8],
    [25, 200],
    [125, 1000],
    [126, 882],
    [334, 668],
    [501, 501],
    [1000, 1000],
  ])(
    'the second page of %i assets is read with those after it, %i assets in all',
    async (size, read) => {
      await isolate.fetch(urlOf(1, size))
      await isolate.fetch(urlOf(2, size))
      expect(assetsRead).toEqual([size, read])
      for (let number = 3; number <= read / size + 1; number++)
        await isolate.fetch(urlOf(number, size))
      expect(assetsRead).toEqual([size, read])
    },
  )

  it('pages asked for at random are read alone', async () => {
    for (const number of [50, 2, 99, 41, 1, 43, 7]) await isolate.fetch(urlOf(number))
    expect(assetsRead).toEqual([25, 25, 25, 25, 25, 25, 25])
  })

  it.each([
    ['backwards', urlOf],
    ['of other sizes', (number: number) => urlOf(number, 25 + number)],
    [
      'of other filters',
      (number: number) => urlOf(number, 25, number % 2 ? 'status=pending&' : ''),
    ],
    ['of other hosts', (number: number) => `${newHost()}/assets?page[number]=${number}`],
  ])('pages %s are read alone', async (name, toUrl) => {
    const numbers = name === 'backwards' ? [9, 8, 7, 6] : [1, 2, 3, 4]
    for (const number of numbers) await isolate.fetch(toUrl(number))
    expect(assetsRead).toHaveLength(4)
    expect(Math.max(...assetsRead)).toBeLessThan(30)
  })

  it('pages asked for at once are read alone, except the one after an answered page', async () => {
    await isolate.fetch(urlOf(1))
    await Promise.all([2, 3, 4, 5, 6].map((number) => isolate.fetch(urlOf(number))))
    expect(assetsRead.toSorted((a, b) => a - b)).toEqual([25, 25, 25, 25, 25, 200])
  })

  it.each<[name: string, init: RequestInit]>([
    ['HEAD', { method: 'HEAD' }],
    ['If-None-Match', { headers: { 'If-None-Match': '*' } }],
  ])('requests with %s count as asked', async (_, init) => {
    for (let number = 1; number <= 10; number++) await isolate.fetch(urlOf(number), init)
    expect(assetsRead).toEqual([25, 200, 200])
  })

  it('stored pages count as asked', async () => {
    await isolate.fetch(urlOf(2))
    await isolate.fetch(urlOf(1))
    await isolate.fetch(urlOf(2))
    await isolate.fetch(urlOf(3))
    expect(assetsRead).toEqual([25, 25, 200])
  })

  it('crawls of the same listing at other places, in turn, are each read ahead', async () => {
    for (let step = 0; step < 9; step++) {
      for (const start of [1, 40, 80]) await isolate.fetch(urlOf(start + step))
    }
    expect(assetsRead).toEqual([25, 25, 25, 200, 200, 200])
  })

  it('two crawls at the same place share what is read', async () => {
    for (let number = 1; number <= 9; number++) {
      await isolate.fetch(urlOf(number))
      await isolate.fetch(urlOf(number))
    }
    expect(assetsRead).toEqual([25, 200])
  })

  it('a crawl ends at the last page', async () => {
    const size = 30
    for (const number of [80, 81, 82, 83, 84]) await isolate.fetch(urlOf(number, size))
    expect(assetsRead).toEqual([30, 100])
    const last = await (await isolate.fetch(urlOf(84, size))).json<Page>()
    expect(last.data).toHaveLength(10)
    expect((await isolate.fetch(urlOf(85, size))).status).toBe(422)
  })

  it('a page brought along is the page read alone, byte for byte', async () => {
    const alone = await startIsolate({ CODE_VERSION: 'another' })
    for (const filters of ['', 'dataset=umd_tree_cover_loss&version=v1&']) {
      for (const number of [12, 13]) await isolate.fetch(urlOf(number, 200, filters))
      const read = async (from: Isolate) => {
        const response = await from.fetch(urlOf(13, 200, filters))
        const { headers } = response
        return [headers.get('ETag'), headers.get('Link'), await response.text()]
      }
      expect(await read(isolate)).toEqual(await read(alone))
    }
  })

  it('a change in mid-crawl leaves each page one of its revision', async () => {
    const crawl = async (from: number, to: number) => {
      const pages: string[] = []
      for (let number = from; number <= to; number++) {
        const { data } = await (await isolate.fetch(urlOf(number))).json<Page>()
        pages.push(...data.map(({ asset_id }) => asset_id))
      }
      return pages
    }
    const ids = async () =>
      (await query('select asset_id from assets order by created_on, asset_id')).map(
        ({ asset_id }) => asset_id,
      )
    const before = await ids()
    expect(await crawl(1, 4)).toEqual(before.slice(0, 100))
    await query('delete from assets where asset_id = $1', [before[0] ?? null])
    passSeconds(61)
    const after = await ids()
    expect(await crawl(5, 12)).toEqual(after.slice(100, 300))
    expect(await crawl(1, 4)).toEqual(after.slice(0, 100))
    expect(assetsRead).toEqual([25, 200, 200, 25, 200])
  })
})

describe('in a catalog of large assets', () => {
  beforeEach(() => resetCatalog([]))

  it.each([
    ['up to 2 MiB of assets', 5, 100, 20],
    ['no more than fits into 2 MiB, though that ends in mid-page', 6, 100, 20],
    ['nothing along with a page over 2 MiB', 15, 150, 15],
  ])('reads %s', async (_, size, kib, read) => {
    await insert(50, tagOf(kib))
    const ids: string[] = []
    for (let number = 1; number <= Math.ceil(50 / size); number++) {
      const page = await (await isolate.fetch(urlOf(number, size))).json<Page>()
      ids.push(...page.data.map(({ asset_id }) => asset_id))
    }
    expect(assetsRead.slice(0, 2)).toEqual([size, read])
    const listed = await query('select asset_id from assets order by created_on, asset_id')
    expect(ids).toEqual(listed.map(({ asset_id }) => asset_id))
  })

  it('answers a page before those that are too large', async () => {
    await insert(50, tagOf('case when n > 20 then 1000 else 1 end'))
    const statuses: number[] = []
    for (const number of [1, 2, 3]) {
      statuses.push((await isolate.fetch(urlOf(number, 10))).status)
    }
    expect(statuses).toEqual([200, 200, 422])
  })
})
