/**
 * One filtered listing of a source that orders by `created_on` alone: rows with equal times are
 * repeated on some pages and missing from others, differently at every page size.
 */

import { CommandError } from './command-line.ts'
import type { Filters, ReadPage } from './gfw-client.ts'

/** What has been read of a listing so far; sizes and pages may be read in any order. */
export interface Listing {
  filters: Filters
  /** As the source counts, malformed assets included; undefined until it has said so. */
  total: number | undefined
  /** Distinct assets that were read. */
  found: Map<string, unknown>
  /** Rows by position (from 1), where they were read alone. */
  alone: Map<number, unknown>
  /** `created_on` by position, which ties don't change. */
  times: Map<number, unknown>
  /** Positions whose asset cannot be read alone. */
  unreadable: Set<number>
  /** What the source says of pages that it cannot serialise; undefined if there was none. */
  failure: string | undefined
}

/** The source takes no pages of this size, or none of these filters. */
export class RefusedPageError extends CommandError {}

/** A page number that no catalogue reaches. */
const BEYOND = 1_000_000

export function createListing(filters: Filters): Listing {
  return {
    filters,
    total: undefined,
    found: new Map(),
    alone: new Map(),
    times: new Map(),
    unreadable: new Set(),
    failure: undefined,
  }
}

/** Assets that were not read, malformed ones included. */
export function countUnread({ total = 0, found }: Listing): number {
  return Math.max(total - found.size, 0)
}

/** Reads all pages of one size; `narrow` reads the pages that fail by smaller and smaller ones. */
export async function readListing(
  listing: Listing,
  readPage: ReadPage,
  size: number,
  narrow: boolean,
): Promise<void> {
  for (let number = 1; isWithin(listing, size, number); number++) {
    const before = listing.found.size
    const rows = await readPart(listing, readPage, size, number, narrow)
    // Only a source without meta has not said by now how many there are.
    if (listing.total !== undefined || rows === undefined) continue
    const isWhole = number === 1 && rows.length > size
    if (isWhole || rows.length < size) listing.total = (number - 1) * size + rows.length
    else if (listing.found.size === before) listing.total = before
  }
}

async function readPart(
  listing: Listing,
  readPage: ReadPage,
  size: number,
  number: number,
  narrow: boolean,
): Promise<unknown[] | undefined> {
  const answer = await readPage(listing.filters, size, number)
  switch (answer.kind) {
    case 'page':
      listing.total = answer.total ?? listing.total
      for (const row of answer.rows) listing.found.set(identity(row), row)
      if (answer.rows.length <= size) keepPositions(listing, answer.rows, (number - 1) * size + 1)
      return answer.rows
    case 'past':
      // An empty listing has no first page at some sources.
      listing.total ??= (number - 1) * size
      return undefined
    case 'refused':
      throw new RefusedPageError(`the source refuses page[size]=${size}: ${answer.reason}`)
    case 'malformed':
      listing.failure = answer.reason
      listing.total ??= await countListing(listing.filters, readPage)
      if (narrow && size === 1) listing.unreadable.add(number)
      if (narrow && size > 1) await readNarrower(listing, readPage, size, number, narrow)
      return undefined
    case 'slow':
      if (size === 1) throw new CommandError('the source takes too long for a single asset')
      await readNarrower(listing, readPage, size, number, narrow)
      return undefined
  }
}

function keepPositions({ alone, times }: Listing, rows: unknown[], first: number): void {
  if (rows.length === 1) alone.set(first, rows[0])
  for (const [index, row] of rows.entries()) times.set(first + index, Object(row).created_on)
}

/** The same assets in pages of half the size, a third where that is no whole number, and so on. */
async function readNarrower(
  listing: Listing,
  readPage: ReadPage,
  size: number,
  number: number,
  narrow: boolean,
): Promise<void> {
  const parts = smallestFactor(size)
  const first = (number - 1) * parts + 1
  for (let part = first; part < first + parts; part++) {
    if (!isWithin(listing, size / parts, part)) return
    await readPart(listing, readPage, size / parts, part, narrow)
  }
}

function isWithin({ total }: Listing, size: number, number: number): boolean {
  return total === undefined || (number - 1) * size < total
}

/** The count where no page can be read: the answer past the end names the last page. */
export async function countListing(filters: Filters, readPage: ReadPage): Promise<number> {
  const answer = await readPage(filters, 1, BEYOND)
  if (answer.kind === 'past' && answer.pages !== undefined) return answer.pages
  if (answer.kind === 'page' && answer.total !== undefined) return answer.total
  throw new CommandError('the source does not say how many assets there are')
}

function smallestFactor(size: number): number {
  for (let factor = 2; factor * factor <= size; factor++) if (size % factor === 0) return factor
  return size
}

/** An asset's id; rows without one are told apart by what they hold. */
export function identity(row: unknown): string {
  const id = row instanceof Object && 'asset_id' in row ? row.asset_id : undefined
  return typeof id === 'string' ? id.toLowerCase() : JSON.stringify(row)
}
