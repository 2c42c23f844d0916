/** Random requests of the soak test's clients. */

import { ASSET_TYPES } from '../../src/api/asset-types.ts'

/** Percentages of the kinds of requests. */
const SHARES = {
  page: 75,
  conditional: 10,
  'no token': 5,
  'expired token': 5,
  'bad query': 5,
} as const
export type RequestKind = keyof typeof SHARES

export type SoakRequest = { kind: RequestKind; path: string; isUnfiltered: boolean }

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
  ...numbers(51).map((n) => `page[size]=10&page[number]=${n + 1}`),
  'page[size]=100&page[number]=3',
]
const FILTERED = [
  ...numbers(16).map((n) => `dataset=dataset_${n}`),
  ...ASSET_TYPES.map((type) => `asset_type=${encodeURIComponent(type)}&page[size]=5`),
  'version=latest',
  'is_default=yes&page[size]=7&page[number]=2',
  'status=failed',
  'asset_uri=https://example.org/assets/100',
]

export function nextRequest(): SoakRequest {
  const kind = pick(KINDS)
  if (kind === 'bad query')
    return { kind, path: `/assets?${pick(BAD_QUERIES)}`, isUnfiltered: false }
  const isUnfiltered = Math.random() < 0.5
  return { kind, path: `/assets?${pick(isUnfiltered ? UNFILTERED : FILTERED)}`, isUnfiltered }
}

function pick<T>(values: readonly T[]): T {
  // Boundary: the index is within the list, which is not empty.
  return values[Math.floor(Math.random() * values.length)] as T
}
