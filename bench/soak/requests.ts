/** Random requests of the soak test's clients. */

import { ASSET_TYPES } from '../../src/api/asset-types.ts'
import { LARGE_DATASET } from '../catalog.ts'

/** Percentages of the kinds of requests. A crawl counts once, whatever its length. */
const SHARES = {
  page: 73,
  crawl: 2,
  conditional: 10,
  'no token': 5,
  'expired token': 5,
  'bad query': 5,
} as const
export type RequestKind = keyof typeof SHARES

export type SoakRequest = { kind: RequestKind; path: string }

const KINDS = Object.entries(SHARES).flatMap(([kind, share]) =>
  Array.from({ length: share }, () => kind as RequestKind),
)
const BAD_QUERIES = [
  'page[size]=0',
  'page[number]=x',
  'is_latest=perhaps',
  'version=1e1',
  'status=',
]

const numbers = (length: number) => Array.from({ length }, (_, n) => n)
const UNFILTERED = [
  '',
  ...numbers(48).map((n) => `page[size]=10&page[number]=${n + 1}`),
  'page[size]=100&page[number]=3',
]
const FILTERED = [
  ...numbers(16).map((n) => `dataset=dataset_${n}`),
  `dataset=${LARGE_DATASET}&page[size]=20`,
  ...numbers(4).map((n) => `dataset=dataset_${n}&version=latest`),
  ...ASSET_TYPES.map((type) => `asset_type=${encodeURIComponent(type)}&page[size]=5`),
  'version=latest',
  'is_default=yes&page[size]=7&page[number]=2',
  'status=failed',
  'asset_uri=https://example.org/assets/100',
]
/** Listings with more pages than a crawl reads from its start, even when assets were deleted. */
const CRAWLED = ['page[size]=4', 'page[size]=5', 'is_default=no&page[size]=3']
const CRAWL_STARTS = 60
const CRAWL_PAGES = 12

/** The endless requests of one client. */
export function* randomRequests(): Generator<SoakRequest, never> {
  for (;;) {
    const kind = pick(KINDS)
    if (kind === 'crawl') yield* crawl()
    else if (kind === 'bad query') yield { kind, path: `/assets?${pick(BAD_QUERIES)}` }
    else yield { kind, path: `/assets?${pick(Math.random() < 0.5 ? UNFILTERED : FILTERED)}` }
  }
}

/** Pages one after another, which the Worker reads ahead. */
function* crawl(): Generator<SoakRequest, void> {
  const listing = pick(CRAWLED)
  const start = 1 + Math.floor(Math.random() * CRAWL_STARTS)
  for (let number = start; number < start + CRAWL_PAGES; number++) {
    yield { kind: 'crawl', path: `/assets?${listing}&page[number]=${number}` }
  }
}

function pick<T>(values: readonly T[]): T {
  // Boundary: the index is within the list, which is not empty.
  return values[Math.floor(Math.random() * values.length)] as T
}
