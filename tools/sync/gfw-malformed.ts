/** Assets that the source cannot serialize: every page that contains one fails. */

import { countUnread, identity, type Listing } from './gfw-listing.ts'

/** `page_number` is its position among the assets of its version, if it failed with page size 1. */
export interface MalformedAsset {
  dataset: string
  version: string
  asset_type?: string
  reason: string
  /** False if the same malformed asset may have been counted twice, which would hide a tied one. */
  is_certain: boolean
  page_size?: 1
  page_number?: number
  /** Ids of its neighbors by `created_on`, if they were read with page size 1. */
  after?: string
  before?: string
}

/**
 * Counts the unread assets that are certainly malformed. If a page failed and one asset is unread,
 * that asset is. Of several, positions that failed are distinct assets if assets with different
 * times lie between them.
 */
export function countCertain(listing: Listing): number {
  const unread = countUnread(listing)
  if (listing.failure === undefined || unread <= 1) return listing.failure ? unread : 0
  let count = 0
  let last: number | undefined
  for (const position of sorted(listing.unreadable)) {
    if (last !== undefined && !hasTimesBetween(listing, last, position)) continue
    count += 1
    last = position
  }
  return Math.min(count, unread)
}

/** The malformed assets of a listing of a dataset version, or of one type of it. */
export function malformedOf(listing: Listing): MalformedAsset[] {
  const { dataset = '', version = '', asset_type } = listing.filters
  const { failure = '', alone, unreadable } = listing
  const certain = countCertain(listing)
  const count = Math.max(certain, Math.min(countUnread(listing), unreadable.size))
  const positions = sorted(unreadable)
  return Array.from({ length: count }, (_, index) => {
    const position = positions[index]
    const [after, before] = [alone.get(Number(position) - 1), alone.get(Number(position) + 1)]
    return {
      dataset,
      version,
      ...(asset_type !== undefined && { asset_type }),
      reason: failure,
      is_certain: count <= certain,
      ...(position !== undefined && { page_size: 1 as const, page_number: position }),
      ...(after !== undefined && { after: identity(after) }),
      ...(before !== undefined && { before: identity(before) }),
    }
  })
}

function hasTimesBetween({ times }: Listing, low: number, high: number): boolean {
  let first: unknown
  for (let position = low + 1; position < high; position++) {
    first ??= times.get(position)
    if (times.has(position) && times.get(position) !== first) return true
  }
  return false
}

function sorted(positions: Iterable<number>): number[] {
  return [...positions].sort((a, b) => a - b)
}
