/** Assets that a source has, but cannot serialize: it fails for every page that holds one. */

import { countUnread, identity, type Listing } from './gfw-listing.ts'

/** At `page_number` of the assets of its version, if it failed alone there. */
export interface MalformedAsset {
  dataset: string
  version: string
  asset_type?: string
  reason: string
  /** False if it may be another malformed asset once more, and a tied one is hidden by it. */
  is_certain: boolean
  page_size?: 1
  page_number?: number
  /** Ids of its neighbors in the order of `created_on`, if they were read alone. */
  after?: string
  before?: string
}

/**
 * How many of the unread assets are malformed for certain. The last one unread is, if any page
 * failed; otherwise those are different that failed alone with different times between them.
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

/** The unread assets of a dataset version, or of one type of it, that failed alone. */
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
