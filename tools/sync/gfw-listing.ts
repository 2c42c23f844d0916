/**
 * Reads a filtered listing of a source that orders by `created_on` only: rows with equal times
 * (ties) are repeated on some pages and missing from others, differently for each page size.
 */

import { CommandError } from '../command-line.ts'
import { type Filters, type PageAnswer, SourceError } from './gfw-client.ts'

/** Reads page `number` (1-based) of the assets that match. */
export type ReadPage = (filters: Filters, size: number, number: number) => Promise<PageAnswer>

/** The state of a listing; page sizes and pages may be read in any order. */
export interface Listing {
  filters: Filters
  /** Reads page `number` (1-based) of this listing. */
  readPage: (size: number, number: number) => Promise<PageAnswer>
  /** The source's count, including malformed assets; undefined until the source has sent it. */
  total: number | undefined
  /** The source's first count. */
  firstTotal: number | undefined
  /** Distinct assets read so far. */
  found: Map<string, unknown>
  /** Rows by 1-based position, if they were read with page size 1. */
  alone: Map<number, unknown>
  /** `created_on` by position, which is the same for every order of ties. */
  times: Map<number, unknown>
  /** Positions that fail with page size 1. */
  unreadable: Set<number>
  /** The source's message for pages that it cannot serialize, if there were any. */
  failure: string | undefined
}

/** The source does not accept the page size or the filters. */
export class RefusedPageError extends CommandError {}

/** How much a listing may grow while it is read. */
const MAX_GROWTH = { assets: 1000, times: 2 }

/** A page number past the end of any catalog. */
const PAST_THE_END = 1_000_000

export function createListing(filters: Filters, readPage: ReadPage): Listing {
  return {
    filters,
    readPage: (size, number) => readPage(filters, size, number),
    total: undefined,
    firstTotal: undefined,
    found: new Map(),
    alone: new Map(),
    times: new Map(),
    unreadable: new Set(),
    failure: undefined,
  }
}

/** Number of assets that were not read, including malformed ones. */
export function countUnread({ total = 0, found }: Listing): number {
  return Math.max(total - found.size, 0)
}

/** Reads all pages of a size, and splits those that fail into smaller ones. */
export async function readListing(listing: Listing, size: number): Promise<void> {
  for (let number = 1; isWithin(listing, size, number); number++) {
    const before = listing.found.size
    const rows = await readPart(listing, size, number)
    if (rows === undefined) continue
    // The source ignores the page size and has sent everything.
    if (rows.length > size) listing.total = rows.length
    if (rows.length > size) return
    // The total is undefined only if the source sends no `meta`.
    if (listing.total !== undefined) continue
    if (rows.length < size) listing.total = (number - 1) * size + rows.length
    else if (listing.found.size === before) listing.total = before
  }
}

/** Like `readListing`; returns false if the source refuses the filters or the page size. */
export async function readListingIfAccepted(listing: Listing, size: number): Promise<boolean> {
  try {
    await readListing(listing, size)
    return true
  } catch (error) {
    if (error instanceof RefusedPageError) return false
    throw error
  }
}

async function readPart(
  listing: Listing,
  size: number,
  number: number,
): Promise<unknown[] | undefined> {
  const answer = await listing.readPage(size, number)
  switch (answer.kind) {
    case 'page':
      checkLength(answer, size, number)
      setTotal(listing, answer.total)
      for (const row of answer.rows) listing.found.set(identity(row), row)
      if (answer.rows.length <= size) keepPositions(listing, answer.rows, (number - 1) * size + 1)
      return answer.rows
    case 'past':
      // The listing has shrunk or is empty; some sources then have no first page.
      listing.total = Math.min(listing.total ?? Infinity, (number - 1) * size)
      return undefined
    case 'refused':
      throw new RefusedPageError(`the source refuses page[size]=${size}: ${answer.reason}`)
    case 'malformed':
      listing.failure = answer.reason
      if (listing.total === undefined) setTotal(listing, await countListing(listing))
      if (size === 1) listing.unreadable.add(number)
      else await readSmaller(listing, size, number)
      return undefined
    case 'too-large':
      if (size === 1)
        throw new CommandError(`the source fails for a single asset: ${answer.reason}`)
      await readSmaller(listing, size, number)
      return undefined
  }
}

/** Throws a SourceError if a page other than the last is not full. */
function checkLength(
  { rows, total }: { rows: unknown[]; total?: number },
  size: number,
  number: number,
): void {
  const isAll = number === 1 && rows.length >= (total ?? 0)
  const isFull = total === undefined || number * size >= total || rows.length === size
  if (isAll || (isFull && rows.length <= size)) return
  const page = `page[number]=${number} with page[size]=${size}`
  const assets = `${rows.length} of ${total ?? 'an unknown number of'} assets`
  throw new SourceError(`the source answers ${page} with ${assets}`)
}

function setTotal(listing: Listing, total: number | undefined): void {
  if (total === undefined) return
  const { firstTotal = total } = listing
  if (total > firstTotal * MAX_GROWTH.times + MAX_GROWTH.assets) {
    throw new SourceError(`the source first counted ${firstTotal} assets, then ${total}`)
  }
  Object.assign(listing, { total, firstTotal })
}

function keepPositions({ alone, times }: Listing, rows: unknown[], first: number): void {
  if (rows.length === 1) alone.set(first, rows[0])
  for (const [index, row] of rows.entries()) times.set(first + index, Object(row).created_on)
}

/** Reads the assets of a page in smaller pages: of half the size or, if it is odd, a third, etc. */
async function readSmaller(listing: Listing, size: number, number: number): Promise<void> {
  const parts = smallestFactor(size)
  const isAll = number === 1 && size / parts >= (listing.total ?? Infinity)
  // The first of the smaller pages would contain the same assets.
  if (isAll && size > parts) return readSmaller(listing, size / parts, 1)
  const first = (number - 1) * parts + 1
  for (let part = first; part < first + parts; part++) {
    if (!isWithin(listing, size / parts, part)) return
    await readPart(listing, size / parts, part)
  }
}

function isWithin({ total }: Listing, size: number, number: number): boolean {
  return total === undefined || (number - 1) * size < total
}

/** Counts a listing whose pages fail: the error past its end contains the number of pages. */
export async function countListing({ readPage }: Listing): Promise<number> {
  const answer = await readPage(1, PAST_THE_END)
  if (answer.kind === 'past' && answer.pages !== undefined) return answer.pages
  if (answer.kind === 'page' && answer.total !== undefined) return answer.total
  throw new CommandError('the source does not send the number of its assets')
}

function smallestFactor(size: number): number {
  for (let factor = 2; factor * factor <= size; factor++) if (size % factor === 0) return factor
  return size
}

/** An asset's id, or the JSON of a row without one. */
export function identity(row: unknown): string {
  const id = row instanceof Object && 'asset_id' in row ? row.asset_id : undefined
  return typeof id === 'string' ? id.toLowerCase() : JSON.stringify(row)
}
