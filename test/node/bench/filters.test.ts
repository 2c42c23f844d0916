/** The listings that the benchmark measures. */

import { expect, it } from 'vitest'
import { listings } from '../../../bench/figures/filters.ts'
import { assetQuerySchema } from '../../../src/api/query.ts'

const filters = Object.keys(assetQuerySchema.shape).filter((name) => !name.startsWith('page['))

it('has every filter of the query alone, and every pair', () => {
  const pairs = filters.flatMap((one, index) =>
    filters.slice(index + 1).map((other) => `${one}+${other}`),
  )
  expect(listings('1m').map((listing) => listing.filters)).toEqual(['none', ...filters, ...pairs])
})

it('combines the values of both filters of a pair', () => {
  const pairs = listings('1m').filter((listing) => listing.filters === 'dataset+is_latest')
  expect(pairs.flatMap(({ queries }) => queries)).toEqual([
    'dataset=large_dataset&is_latest=true',
    'dataset=large_dataset&is_latest=false',
    'dataset=dataset_100&is_latest=true',
    'dataset=dataset_100&is_latest=false',
  ])
})

it('has valid queries only', () => {
  const queries = listings('10k').flatMap((listing) => listing.queries)
  const faults = queries.flatMap(
    (query) =>
      assetQuerySchema.safeParse(Object.fromEntries(new URLSearchParams(query))).error?.issues ??
      [],
  )
  expect(faults).toEqual([])
})
