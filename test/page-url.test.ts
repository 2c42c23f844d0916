import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ASSET_STATUSES, ASSET_TYPES } from '../src/asset-types.ts'
import { linkHeader, pageLinks, pageUrl, totalPages } from '../src/page-url.ts'
import { assetQuerySchema, parseQuery } from '../src/params.ts'

const ENDPOINT = 'https://api.example/assets'

function canonical(search: string): string {
  return pageUrl(ENDPOINT, parseQuery(assetQuerySchema, new URLSearchParams(search)))
}

describe('pageUrl', () => {
  it('names filters in the order of the parameter table, then the page', () => {
    const search =
      'page[size]=5&page[number]=2&status=saved&is_default=n&is_latest=Y&asset_uri=s3://a/{z}%26b&asset_type=1x1 grid&version=1.8&dataset=abc'
    expect(canonical(search)).toBe(
      'https://api.example/assets?dataset=abc&version=v1.8&asset_type=1x1%20grid&asset_uri=s3%3A%2F%2Fa%2F%7Bz%7D%26b&is_latest=true&is_default=false&status=saved&page[number]=2&page[size]=5',
    )
  })

  it('is one for any permutation and spelling of a query', async () => {
    const parameter = fc.oneof(
      fc.constantFrom('abc', 'umd_tree_cover_loss').map((value) => [['dataset', value]]),
      fc.constantFrom('v1.8', 'latest').map((value) => [['version', value]]),
      fc.constantFrom(...ASSET_TYPES).map((value) => [['asset_type', value]]),
      fc.constantFrom(...ASSET_STATUSES).map((value) => [['status', value]]),
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => [['asset_uri', value]]),
      fc.boolean().map((value) => [['is_latest', `${value}`]]),
      fc.integer({ min: 1, max: 1000 }).map((value) => [['page[size]', `${value}`]]),
      fc.bigInt({ min: 1n }).map((value) => [['page[number]', `${value}`]]),
    )
    await fc.assert(
      fc.property(
        fc.uniqueArray(parameter, { selector: ([first]) => first?.[0] }),
        fc.infiniteStream(fc.nat()),
        (parameters, choices) => {
          const pairs = parameters.flat().filter(([, value]) => !value?.includes('\0'))
          const plain = new URLSearchParams(pairs as [string, string][])
          const respelled = pairs
            .map((pair) => ({ pair, rank: choices.next().value }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ pair: [name = '', value = ''] }) => respell(name, value, choices.next().value))
            .join('&')
          expect(canonical(respelled)).toBe(canonical(plain.toString()))
          const self = canonical(plain.toString())
          expect(canonical(new URL(self).search)).toBe(self)
        },
      ),
    )
  })
})

/** Another spelling of the same parameter: escapes, case, blanks, repeats, unknown neighbours. */
function respell(name: string, value: string, choice: number): string {
  const spelled =
    name.startsWith('page') && choice % 2
      ? `+00${value}%20`
      : name === 'is_latest'
        ? choice % 2
          ? value.toUpperCase()
          : value.slice(0, 1)
        : name === 'version' && choice % 2
          ? value.replace(/^v/, '')
          : encodeURIComponent(value)
  const escaped = choice % 3 ? encodeURIComponent(name) : name
  return `${choice % 5 ? '' : `${name}=x&`}utm=${choice}&${escaped}=${spelled}`
}

describe('totalPages', () => {
  it.each([
    [0, 25, 1],
    [1, 25, 1],
    [25, 25, 1],
    [26, 25, 2],
    [100, 1, 100],
  ])('%i items at %i a page are %i pages', (items, size, pages) => {
    expect(totalPages(items, size)).toBe(pages)
  })
})

describe('pageLinks', () => {
  const link = (number: number) => `https://api.example/assets?page[number]=${number}&page[size]=10`

  function links(number: number, pages: number) {
    const search = `page[number]=${number}&page[size]=10`
    return pageLinks(ENDPOINT, parseQuery(assetQuerySchema, new URLSearchParams(search)), pages)
  }

  it('has no prev on the first page and no next on the last', () => {
    expect(links(1, 1)).toEqual({
      self: link(1),
      first: link(1),
      last: link(1),
      prev: '',
      next: '',
    })
  })

  it('links the neighbours of a page between', () => {
    expect(links(2, 4)).toEqual({
      self: link(2),
      first: link(1),
      last: link(4),
      prev: link(1),
      next: link(3),
    })
  })
})

describe('linkHeader', () => {
  it('leaves out what is missing, and names the description of the API', () => {
    const links = [
      { rel: 'first', href: 'https://api.example/assets?page[number]=1' },
      { rel: 'prev', href: '' },
      { rel: 'tilejson', href: '/asset/1/tilejson.json' },
    ]
    expect(linkHeader(ENDPOINT, links)).toBe(
      '<https://api.example/assets?page[number]=1>; rel="first", ' +
        '</asset/1/tilejson.json>; rel="tilejson", ' +
        '<https://api.example/openapi.json>; rel="service-desc"',
    )
  })

  const pages = (length: number) =>
    ['first', 'prev', 'next', 'last'].map((rel) => ({
      rel,
      href: `https://api.example/assets?asset_uri=`.padEnd(length, 'x'),
    }))
  const tileJsons = Array.from({ length: 25 }, () => ({
    rel: 'tilejson',
    href: '/asset/00000000-0000-4000-8000-000000000000/tilejson.json',
  }))
  const relations = (header: string) => [...header.matchAll(/rel="([^"]*)"/g)].map(([, rel]) => rel)

  it('has all links of a page as long as its URLs are at most 900 characters', () => {
    const all = ['first', 'prev', 'next', 'last', 'service-desc']
    expect(relations(linkHeader(ENDPOINT, pages(900)))).toEqual(all)
    expect(relations(linkHeader(ENDPOINT, pages(901)))).toEqual(['service-desc'])
  })

  it.each([100, 400, 700, 900, 6000])(
    'is under 4 KiB with URLs of %i characters and 25 tile caches',
    (length) => {
      const longHost = `https://${'h'.repeat(63)}.${'h'.repeat(63)}.${'h'.repeat(63)}.example/assets`
      const header = linkHeader(longHost, [...pages(length), ...tileJsons])
      expect(`Link: ${header}\r\n`.length).toBeLessThan(4096)
      expect(relations(header).at(-1)).toBe('service-desc')
    },
  )

  it('has the TileJSON of 25 tile caches beside usual links', () => {
    const header = linkHeader(ENDPOINT, [...pages(200), ...tileJsons])
    expect(relations(header).filter((rel) => rel === 'tilejson').length).toBe(25)
  })
})
