import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AssetFilters } from '../../../packages/client/src/client.ts'
import { parseView, toPage, viewUrl } from '../../../site/view.ts'

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
  it('accepts every parameter of the API, and puts them in its order', () => {
    const reversed = Object.fromEntries(Object.entries(ALL_PARAMETERS).toReversed())
    expect(parseView(`?${new URLSearchParams(reversed)}`)).toEqual({
      query: ALL_PARAMETERS,
      assetId: undefined,
    })
    expect(viewUrl({ query: reversed, assetId: undefined })).toBe(
      '/?dataset=gfw_oil_palm&version=v2025&asset_type=csv&asset_uri=s3%3A%2F%2Fb%2F1.csv&is_latest=true&is_default=false&status=saved&page[number]=2&page[size]=10',
    )
  })

  it('is / if no filter is set', () => {
    expect(viewUrl({ query: {}, assetId: undefined })).toBe('/')
    expect(parseView('')).toEqual({ query: {}, assetId: undefined })
  })

  it('includes the open asset after the query parameters', () => {
    const query = { 'page[size]': '10', asset_type: 'Raster tile cache', dataset: 'gfw_oil_palm' }
    expect(viewUrl({ query, assetId: 'a7b766ef-0594-5826-a9a3-e72bd9d491d2' })).toBe(
      '/?dataset=gfw_oil_palm&asset_type=Raster+tile+cache&page[size]=10&asset=a7b766ef-0594-5826-a9a3-e72bd9d491d2',
    )
  })

  it('omits blank and unknown parameters, and trims values', () => {
    expect(parseView('?dataset=&version=%20&x=1&is_latest=%20true%20')).toEqual({
      query: { is_latest: 'true' },
      assetId: undefined,
    })
  })

  it('takes the last value of a repeated parameter, as the API does', () => {
    expect(parseView('?dataset=aaa&dataset=bbb&asset=1&asset=2')).toEqual({
      query: { dataset: 'bbb' },
      assetId: '2',
    })
  })

  it('parses to the same view', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text.trim() === text)
    const query = fc.record(
      Object.fromEntries(Object.keys(ALL_PARAMETERS).map((name) => [name, value])),
      {
        requiredKeys: [],
      },
    )
    const view = fc.record({ query, assetId: fc.option(value, { nil: undefined }) })
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
    query: { dataset: 'gfw_oil_palm', 'page[number]': '4' },
    assetId: undefined,
  })
  expect(toPage(query, 1)).toEqual({ query: { dataset: 'gfw_oil_palm' }, assetId: undefined })
})
