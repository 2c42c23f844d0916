/** What a crawl could not read: assets that are malformed at the source, and those it never showed. */

import type { Filters } from './gfw-client.ts'
import { countUnread, identity, type Listing } from './gfw-listing.ts'

/** A listing, and narrower listings that it was split into. */
export interface Branch {
  listing: Listing
  parts: Branch[]
}

/** An asset that the source cannot serialise: alone in `filters`, or at `page_number` of them. */
export interface MalformedAsset {
  filters: Filters
  reason: string
  /** False where it may be another malformed asset once more, and a tied one is hidden by it. */
  is_certain: boolean
  page_size?: 1
  page_number?: number
  /** Ids of its neighbours in the order of `created_on`, where they were read alone. */
  after?: string
  before?: string
}

export function branchOf(listing: Listing): Branch {
  return { listing, parts: [] }
}

/** How malformed assets are counted: `countProven` or `countLikely`. */
export type CountMalformed = (listing: Listing) => number

/**
 * How many of the unread assets are malformed for certain. The last one unread is, if any page
 * failed; else those are different that failed alone with different times between them.
 */
export function countProven(listing: Listing): number {
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

/** All that failed alone, too, if as many are unread and no ties are seen around them. */
export function countLikely(listing: Listing): number {
  const unread = countUnread(listing)
  const isLikely = listing.failure !== undefined && listing.unreadable.size >= unread
  return isLikely && !isAmongTies(listing) ? unread : countProven(listing)
}

function hasTimesBetween({ times }: Listing, low: number, high: number): boolean {
  let first: unknown
  for (let position = low + 1; position < high; position++) {
    first ??= times.get(position)
    if (times.has(position) && times.get(position) !== first) return true
  }
  return false
}

function isAmongTies({ times, unreadable }: Listing): boolean {
  return [...unreadable].some((position) => {
    let [low, high] = [position - 1, position + 1]
    while (unreadable.has(low)) low--
    while (unreadable.has(high)) high++
    const [left, right] = [times.get(low), times.get(high)]
    if (left !== undefined && (left === right || left === times.get(low - 1))) return true
    return right !== undefined && right === times.get(high + 1)
  })
}

function sorted(positions: Iterable<number>): number[] {
  return [...positions].sort((a, b) => a - b)
}

/** As narrow as they are known: of the parts, unless these say less. */
export function malformedOf(
  { listing, parts }: Branch,
  countMalformed: CountMalformed = countLikely,
): MalformedAsset[] {
  const inner = parts.flatMap((part) => malformedOf(part, countMalformed))
  const count = countMalformed(listing)
  return inner.length >= count ? inner : describeMalformed(listing, count)
}

/** Counts by filters, as narrow as they are known; empty where nothing is missing. */
export function missingOf(
  branch: Branch,
  countMalformed: CountMalformed = countLikely,
): { filters: Filters; count: number }[] {
  const count = countUnread(branch.listing) - malformedOf(branch, countMalformed).length
  if (count <= 0) return []
  const inner = branch.parts.flatMap((part) => missingOf(part, countMalformed))
  const rest = count - inner.reduce((sum, part) => sum + part.count, 0)
  // The parts miss what was malformed for the whole.
  if (rest < 0) return [{ filters: branch.listing.filters, count }]
  return rest > 0 ? [...inner, { filters: branch.listing.filters, count: rest }] : inner
}

function describeMalformed(listing: Listing, count: number): MalformedAsset[] {
  const { filters, failure = '', alone, unreadable } = listing
  const positions = sorted(unreadable)
  const isCertain = count <= countProven(listing)
  return Array.from({ length: count }, (_, index) => {
    const position = positions[index]
    if (position === undefined) return { filters, reason: failure, is_certain: isCertain }
    const [after, before] = [alone.get(position - 1), alone.get(position + 1)]
    return {
      filters,
      reason: failure,
      is_certain: isCertain,
      page_size: 1,
      page_number: position,
      ...(after !== undefined && { after: identity(after) }),
      ...(before !== undefined && { before: identity(before) }),
    }
  })
}
