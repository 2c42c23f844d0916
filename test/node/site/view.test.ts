import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AssetFilters } from '../../../packages/client/src/client.ts'
import { parseView, toPage, type View, viewUrl } from '../../../site/view.ts'

/** In the order of the API's own links. */
const ALL_PARAMETERS = {
  dataset: 'gfw_oil_palm',
  version: 'v2025',
  asset_type: 'csv',
  asset_uri: 's3://b/1.csv',
  is_latest: 'true',
  is_default: 'false',
  status: 'saved',
  'page[number]': '2',
  'page[size]': '10',
} satisfies Record<keyof AssetFilters, string>

describe('the URL of a view', () => {
  it('accepts every parameter of the listing, and puts them in the order of the API', () => {
    const reversed = Object.fromEntries(Object.entries(ALL_PARAMETERS).toReversed())
    expect(parseView(`?${new URLSearchParams(reversed)}`)).toEqual({
      page: 'assets',
      query: ALL_PARAMETERS,
    })
    expect(viewUrl({ page: 'assets', query: reversed })).toBe(
      '/?view=assets&dataset=gfw_oil_palm&version=v2025&asset_type=csv&asset_uri=s3%3A%2F%2Fb%2F1.csv&is_latest=true&is_default=false&status=saved&page[number]=2&page[size]=10',
    )
  })

  it.each<[name: string, url: string, view: View]>([
    ['all datasets', '/', { page: 'home', hasMap: false }],
    [
      'a search for datasets',
      '/?search=tree+cover&type=COG&has_map=true',
      { page: 'home', search: 'tree cover', type: 'COG', hasMap: true },
    ],
    ['a dataset', '/?dataset=gfw_oil_palm', { page: 'dataset', dataset: 'gfw_oil_palm' }],
    [
      'an asset beside a comparison',
      '/?dataset=gfw_oil_palm&version=v2025&compare=v2024&only_differences=true&asset=1',
      {
        page: 'dataset',
        dataset: 'gfw_oil_palm',
        version: 'v2025',
        compare: 'v2024',
        onlyDifferences: true,
        assetId: '1',
      },
    ],
    ['all assets', '/?view=assets', { page: 'assets', query: {} }],
    [
      'an asset in a listing',
      '/?view=assets&dataset=gfw_oil_palm&asset=1',
      { page: 'assets', query: { dataset: 'gfw_oil_palm' }, assetId: '1' },
    ],
    ['an asset alone', '/?asset=1', { page: 'asset', assetId: '1' }],
  ])('names %s', (_, url, view) => {
    expect(viewUrl(view)).toBe(url)
    expect(parseView(url.slice(1))).toEqual(view)
  })

  it('omits blank and unknown parameters, and trims values', () => {
    expect(parseView('?dataset=&version=%20&x=1&is_latest=%20true%20&asset=%20')).toEqual({
      page: 'assets',
      query: { is_latest: 'true' },
    })
    expect(parseView('?dataset=%20&search=%20&type=')).toEqual({ page: 'home', hasMap: false })
  })

  it('takes the last value of a repeated parameter, as the API does', () => {
    expect(parseView('?dataset=aaa&dataset=bbb&asset=1&asset=2')).toEqual({
      page: 'dataset',
      dataset: 'bbb',
      assetId: '2',
    })
  })

  it('parses to the same view', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text.trim() === text)
    const optional = fc.option(value, { nil: undefined })
    const query = fc.record(
      Object.fromEntries(Object.keys(ALL_PARAMETERS).map((name) => [name, value])),
      { requiredKeys: [] },
    )
    const view = fc.oneof(
      fc.record({
        page: fc.constant('home' as const),
        search: optional,
        type: optional,
        hasMap: fc.boolean(),
      }),
      fc.record({
        page: fc.constant('dataset' as const),
        dataset: value,
        version: optional,
        compare: value,
        onlyDifferences: fc.constantFrom(true, undefined),
        assetId: optional,
      }),
      fc.record({ page: fc.constant('assets' as const), query, assetId: optional }),
      fc.record({ page: fc.constant('asset' as const), assetId: value }),
    )
    fc.assert(
      fc.property(view, (view) => {
        const { search } = new URL(viewUrl(view), 'https://api.example')
        expect(parseView(search)).toEqual(view)
      }),
    )
  })
})

it('toPage keeps the filters and closes the asset', () => {
  const query = { dataset: 'gfw_oil_palm', 'page[number]': '3' }
  expect(toPage(query, 4)).toEqual({
    page: 'assets',
    query: { dataset: 'gfw_oil_palm', 'page[number]': '4' },
  })
  expect(toPage(query, 1)).toEqual({ page: 'assets', query: { dataset: 'gfw_oil_palm' } })
})
