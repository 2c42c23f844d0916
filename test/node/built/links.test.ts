/** Links of pages and assets, in bodies and headers, from the Worker as deployed. */

import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StoredAsset, startBuiltDatabase } from '../../harness/built-database.ts'
import { type BuiltWorker, startBuiltWorker } from '../../harness/built-worker.ts'

const TILE_CACHE = '0b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c'
const LONG_DATASET = 'd'.repeat(255)

/** Requested origins, and the origins of the links. */
const ORIGINS = [
  ['https://catalog.example', 'https://catalog.example'],
  ['https://catalog.example:8443', 'https://catalog.example:8443'],
  ['https://catalog.example:443', 'https://catalog.example'],
  ['https://Catalog.EXAMPLE', 'https://catalog.example'],
  ['https://[2001:db8::1]:444', 'https://[2001:db8::1]:444'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['http://localhost:443', 'http://localhost:443'],
] as const

const running = new AsyncDisposableStack()
let worker: BuiltWorker

const asset: StoredAsset = {
  asset_id: TILE_CACHE,
  dataset: 'umd_tree_cover_loss',
  version: 'v1.8',
  asset_type: 'Static vector tile cache',
  asset_uri: 'https://tiles.example/loss/{z}/{x}/{y}.pbf',
  status: 'saved',
  is_managed: true,
  is_default: false,
  is_downloadable: false,
  metadata: {},
  created_on: '2019-08-24T14:15:22Z',
  updated_on: '2020-01-02T03:04:05Z',
}

beforeAll(async () => {
  const database = await startBuiltDatabase()
  running.defer(() => database.close())
  const csv = (n: number) => ({
    ...asset,
    asset_id: crypto.randomUUID(),
    dataset: `links_${n}`,
    asset_type: 'csv',
    asset_uri: `s3://bucket/${n}.csv`,
    is_default: true,
  })
  const tileCache = (n: number) => ({
    ...asset,
    asset_id: crypto.randomUUID(),
    dataset: LONG_DATASET,
    asset_uri: `https://tiles.example/${n}/{z}/{x}/{y}.pbf`,
  })
  await database.insertAssets([
    asset,
    ...Array.from({ length: 7 }, (_, n) => csv(n)),
    ...Array.from({ length: 75 }, (_, n) => tileCache(n)),
  ])
  worker = await startBuiltWorker({ vars: { DATABASE_URL: database.connectionString } })
  running.defer(() => worker.close())
})

afterAll(() => running.disposeAsync())

async function get(url: string, headers: Record<string, string> = {}) {
  const answer = await worker.fetch(url, { headers })
  const { links, meta } = JSON.parse(answer.body)
  return { status: answer.status, link: answer.headers.link ?? '', links, meta }
}

function relations(link: string): string[] {
  return [...link.matchAll(/rel="([^"]*)"/g)].map(([, rel]) => rel ?? '')
}

describe.each(ORIGINS)('links of a request to %s', (asked, origin) => {
  type Page = {
    size: number
    number: number
    prev: number | undefined
    next: number | undefined
    last: number
    total: string
  }
  const LISTINGS = {
    '/assets?is_default=Y&asset_type=csv&': '/assets?asset_type=csv&is_default=true&',
    '/datasets?': '/datasets?',
  }
  const PAGES: Record<keyof typeof LISTINGS, Page[]> = {
    '/assets?is_default=Y&asset_type=csv&': [
      { size: 3, number: 1, prev: undefined, next: 2, last: 3, total: '7' },
      { size: 3, number: 2, prev: 1, next: 3, last: 3, total: '7' },
      { size: 3, number: 3, prev: 2, next: undefined, last: 3, total: '7' },
      { size: 7, number: 1, prev: undefined, next: undefined, last: 1, total: '7' },
      { size: 6, number: 2, prev: 1, next: undefined, last: 2, total: '7' },
      { size: 1, number: 6, prev: 5, next: 7, last: 7, total: '7' },
      { size: 1000, number: 1, prev: undefined, next: undefined, last: 1, total: '7' },
    ],
    '/datasets?': [
      { size: 4, number: 1, prev: undefined, next: 2, last: 3, total: '9' },
      { size: 4, number: 2, prev: 1, next: 3, last: 3, total: '9' },
      { size: 4, number: 3, prev: 2, next: undefined, last: 3, total: '9' },
      { size: 9, number: 1, prev: undefined, next: undefined, last: 1, total: '9' },
      { size: 8, number: 2, prev: 1, next: undefined, last: 2, total: '9' },
    ],
  }
  // All pages at one origin; at the others, the page of each listing that has every link.
  const hasAllPages = asked === 'https://catalog.example:8443'
  const cells = Object.entries(PAGES).flatMap(([listing, pages]) =>
    pages
      .filter(({ number, last }) => hasAllPages || (number === 2 && last === 3))
      .map((page) => ({ ...page, listing, canonical: LISTINGS[listing as '/datasets?'] })),
  )

  it.each(cells)('$listing, page $number of $last, $size a page', async (page) => {
    const { listing, canonical, size, number, prev, next, last, total } = page
    const href = (of: number | undefined) =>
      of ? `${origin}${canonical}page[number]=${of}&page[size]=${size}` : ''
    const answer = await get(`${asked}${listing}page[size]=${size}&page[number]=${number}`)
    const header = [
      `<${href(1)}>; rel="first"`,
      ...(prev ? [`<${href(prev)}>; rel="prev"`] : []),
      ...(next ? [`<${href(next)}>; rel="next"`] : []),
      `<${href(last)}>; rel="last"`,
      `<${origin}/openapi.json>; rel="service-desc"`,
    ]
    expect(answer).toEqual({
      status: 200,
      link: header.join(', '),
      links: {
        self: href(number),
        first: href(1),
        last: href(last),
        prev: href(prev),
        next: href(next),
      },
      meta: { size: `${size}`, total_items: total, total_pages: `${last}` },
    })
    // The link leads to the page.
    const followed = await get(next ? answer.links.next : answer.links.last)
    expect(followed.links.self).toBe(href(next ?? last))
  })

  it('an asset links its TileJSON and its version, and TileJSON links the API', async () => {
    const service = `<${origin}/openapi.json>; rel="service-desc"`
    const version = `${origin}/assets?dataset=umd_tree_cover_loss&version=v1.8&page[number]=1&page[size]=25`
    expect((await get(`${asked}/asset/${TILE_CACHE.toUpperCase()}`)).link).toBe(
      `</asset/${TILE_CACHE}/tilejson.json>; rel="tilejson", <${version}>; rel="collection", ${service}`,
    )
    expect((await get(version)).meta.total_items).toBe('1')
    expect((await get(`${asked}/asset/${TILE_CACHE}/tilejson.json`)).link).toBe(service)
  })
})

describe('links', () => {
  const ORIGIN = 'https://catalog.example:8443'

  it('of an empty listing lead to its only page', async () => {
    const href = `${ORIGIN}/assets?status=failed&page[number]=1&page[size]=25`
    expect(await get(`${ORIGIN}/assets?status=failed`)).toEqual({
      status: 200,
      link: `<${href}>; rel="first", <${href}>; rel="last", <${ORIGIN}/openapi.json>; rel="service-desc"`,
      links: { self: href, first: href, last: href, prev: '', next: '' },
      meta: { size: '25', total_items: '0', total_pages: '1' },
    })
  })

  it('contain the filters in the order of the parameter table, then the page, encoded', async () => {
    const { links } = await get(
      `${ORIGIN}/assets?page[size]=5&status=saved&is_default=n&is_latest=Y&asset_uri=s3://a/{z}%26b c%2B&asset_type=1x1+grid&version=1.8&dataset=abc&utm=x`.replaceAll(
        ' ',
        '%20',
      ),
    )
    expect(links.self).toBe(
      `${ORIGIN}/assets?dataset=abc&version=v1.8&asset_type=1x1%20grid&asset_uri=s3%3A%2F%2Fa%2F%7Bz%7D%26b%20c%2B&is_latest=true&is_default=false&status=saved&page[number]=1&page[size]=5`,
    )
  })

  it('have the host of the URL, despite proxy headers and escaped paths', async () => {
    const headers = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' }
    const { links, link } = await get(`${ORIGIN}/%61ssets?dataset=abc`, headers)
    const href = `${ORIGIN}/assets?dataset=abc&page[number]=1&page[size]=25`
    expect(links).toEqual({ self: href, first: href, last: href, prev: '', next: '' })
    expect(link).toBe(
      `<${href}>; rel="first", <${href}>; rel="last", <${ORIGIN}/openapi.json>; rel="service-desc"`,
    )
  })

  it.each([
    [900, ['first', 'last', 'service-desc']],
    [901, ['service-desc']],
    [6000, ['service-desc']],
  ])('of %i characters appear in the header: %j', async (length, expected) => {
    const path = (uri: string) => `/assets?asset_uri=${uri}&page[number]=1&page[size]=25`
    // Each escape has three characters.
    const unit = length > 2048 ? '%2F' : 'x'
    const href = ORIGIN + path(unit.repeat((length - (ORIGIN + path('')).length) / unit.length))
    expect(href.length).toBe(length)
    const { links, link } = await get(href)
    expect(links).toEqual({ self: href, first: href, last: href, prev: '', next: '' })
    expect(relations(link)).toEqual(expected)
  })

  it('fill a header of at most 4 KiB, page links first', async () => {
    const label = 'h'.repeat(59)
    const origin = `https://${label}.${label}.${label}.${label}.example`
    const url = `${origin}/assets?dataset=${LONG_DATASET}&page[number]=2&page[size]=25`
    const { link } = await get(url)
    expect(`Link: ${link}\r\n`.length).toBeLessThan(4096)
    const tileJson = ', </asset/00000000-0000-4000-8000-000000000000/tilejson.json>; rel="tilejson"'
    expect(`Link: ${link}${tileJson}\r\n`.length).toBeGreaterThan(4096 - 16)
    const rels = relations(link)
    expect([...new Set(rels)]).toEqual([
      'first',
      'prev',
      'next',
      'last',
      'tilejson',
      'service-desc',
    ])
    expect(rels.filter((rel) => rel === 'tilejson').length).toBeLessThan(25)
  })

  it('are the same for any order and spelling of a query', async () => {
    const parameter = fc.oneof(
      fc.constantFrom('abc', 'umd_tree_cover_loss').map((value) => ['dataset', value] as const),
      fc.constantFrom('v1.8', 'latest').map((value) => ['version', value] as const),
      fc.constantFrom('csv', '1x1 grid', 'COG').map((value) => ['asset_type', value] as const),
      fc.constantFrom('saved', 'failed').map((value) => ['status', value] as const),
      fc
        .string({ unit: 'grapheme', maxLength: 20 })
        .filter((value) => !value.includes('\0'))
        .map((value) => ['asset_uri', value] as const),
      fc.boolean().map((value) => ['is_latest', `${value}`] as const),
      fc.integer({ min: 100, max: 1000 }).map((value) => ['page[size]', `${value}`] as const),
      fc.constant(['page[number]', '1'] as const),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(parameter, { selector: ([name]) => name }),
        fc.infiniteStream(fc.nat()),
        async (pairs, choices) => {
          const plain = new URLSearchParams(
            pairs.map(([name, value]): [string, string] => [name, value]),
          )
          const respelled = pairs
            .map((pair) => ({ pair, rank: choices.next().value }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ pair: [name, value] }) => respell(name, value, choices.next().value))
            .join('&')
          const { links } = await get(`${ORIGIN}/assets?${plain}`)
          expect((await get(`${ORIGIN}/assets?${respelled}`)).links).toEqual(links)
          expect((await get(links.self)).links).toEqual(links)
        },
      ),
      { numRuns: 25 },
    )
  })
})

/** Another spelling of the same parameter: escapes, case, blanks, repeats, unknown neighbors. */
function respell(name: string, value: string, choice: number): string {
  const spellings: Record<string, string> = {
    'page[size]': `+00${value}%20`,
    'page[number]': `+00${value}%20`,
    is_latest: choice % 4 ? value.toUpperCase() : value.slice(0, 1),
    version: value.replace(/^v/, ''),
  }
  const spelled = (choice % 2 ? spellings[name] : undefined) ?? encodeURIComponent(value)
  const escaped = choice % 3 ? encodeURIComponent(name) : name
  return `${choice % 5 ? '' : `${name}=x&`}utm=${choice}&${escaped}=${spelled}`
}
