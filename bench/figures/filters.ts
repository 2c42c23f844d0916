/** The listings that are measured: every filter alone, and every pair of filters. */

import type { AssetQuery, PageQuery } from '../../src/api/query.ts'
import { assetUri, LARGE_DATASET, RARE_TYPE, RARE_VERSION, SIZES, type Size } from '../catalog.ts'

type Filter = Exclude<keyof AssetQuery, keyof PageQuery>

/** Common and rare values of each filter. */
const VALUES: Record<Filter, (size: Size) => readonly string[]> = {
  dataset: () => [LARGE_DATASET, 'dataset_100'],
  version: () => ['v1.3', RARE_VERSION, 'latest'],
  asset_type: () => ['Geo database table', RARE_TYPE],
  asset_uri: (size) => [assetUri(SIZES[size] / 2)],
  is_latest: () => ['true', 'false'],
  is_default: () => ['true', 'false'],
  status: () => ['saved', 'pending', 'failed'],
}

export type Listing = {
  /** The names of its filters, such as `asset_type+status`, or `none`. */
  filters: string
  /** The queries that combine their values. */
  queries: string[]
}

/** The unfiltered listing, those of every filter alone, and those of every pair. */
export function listings(size: Size): Listing[] {
  // Boundary: the record has no other keys than those of its type.
  const filters = Object.keys(VALUES) as Filter[]
  const pairs = filters.flatMap((one, index) =>
    filters.slice(index + 1).map((other) => [one, other]),
  )
  return [[], ...filters.map((filter) => [filter]), ...pairs].map((names) => ({
    filters: names.join('+') || 'none',
    queries: combinations(names, size).map((entries) => `${new URLSearchParams(entries)}`),
  }))
}

function combinations(names: Filter[], size: Size): [Filter, string][][] {
  const [name, ...others] = names
  if (name === undefined) return [[]]
  return VALUES[name](size).flatMap((value) =>
    combinations(others, size).map((rest): [Filter, string][] => [[name, value], ...rest]),
  )
}
