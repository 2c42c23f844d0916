/**
 * One filtered listing of a source that orders by `created_on` alone: rows with equal times are
 * repeated on some pages and missing from others, differently at every page size.
 */

import { CommandError } from '../command-line.ts'
import { type Filters, type PageAnswer, SourceError } from './gfw-client.ts'

/** Reads page `number` (from 1) of the assets that match. */
export type ReadPage = (filters: Filters, size: number, number: number) => Promise<PageAnswer>

/** What has been read of a listing so far; sizes and pages may be read in any order. */
export interface Listing {
  filters: Filters
  /** As the source counts, malformed assets included; undefined until it has said so. */
  total: number | undefined
  /** What the source said at first. */
  firstTotal: number | undefined
  /** Distinct assets that were read. */
  found: Map<string, unknown>
  /** Rows by position (from 1), if they were read alone. */
  alone: Map<number, unknown>
  /** `created_on` by position, which ties don't change. */
  times: Map<number, unknown>
  /** Positions whose asset cannot be read alone. */
  unreadable: Set<number>
  /** What the source says of pages that it cannot serialize; undefined if there was none. */
  failure: string | undefined
}

/** The source takes no pages of this size, or none of these filters. */
export class RefusedPageError extends CommandError {}

/** By how many assets, and how many times over, a listing may grow while it is read. */
const MOST_GROWTH = { assets: 1000, times: 2 }

/** A page number that no catalog reaches. */
const BEYOND = 1_000_000

export function createListing(filters: Filters): Listing {
  return {
    filters,
    total: undefined,
    firstTotal: undefined,
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

/** Reads all pages of one size, and those that fail by smaller and smaller ones. */
export async function readListing(
  listing: Listing,
  readPage: ReadPage,
  size: number,
): Promise<void> {
  for (let number = 1; isWithin(listing, size, number); number++) {
    const before = listing.found.size
    const rows = await readPart(listing, readPage, size, number)
    if (rows === undefined) continue
    // The source ignores the page size: this is all there is.
    if (rows.length > size) listing.total = rows.length
    if (rows.length > size) return
    // Only a source without meta has not said by now how many there are.
    if (listing.total !== undefined) continue
    if (rows.length < size) listing.total = (number - 1) * size + rows.length
    else if (listing.found.size === before) listing.total = before
  }
}

/** The same; false if the source refuses, such as pages of this size. */
export async function readListingIfAccepted(
  listing: Listing,
  readPage: ReadPage,
  size: number,
): Promise<boolean> {
  try {
    await readListing(listing, readPage, size)
    return true
  } catch (error) {
    if (error instanceof RefusedPageError) return false
    throw error
  }
}

async function readPart(
  listing: Listing,
  readPage: ReadPage,
  size: number,
  number: number,
): Promise<unknown[] | undefined> {
  const answer = await readPage(listing.filters, size, number)
  switch (answer.kind) {
    case 'page':
      checkLength(answer, size, number)
      setTotal(listing, answer.total)
      for (const row of answer.rows) listing.found.set(identity(row), row)
      if (answer.rows.length <= size) keepPositions(listing, answer.rows, (number - 1) * size + 1)
      return answer.rows
    case 'past':
      // It has shrunk, or is empty: then it has no first page at some sources.
      listing.total = Math.min(listing.total ?? Infinity, (number - 1) * size)
      return undefined
    case 'refused':
      throw new RefusedPageError(`the source refuses page[size]=${size}: ${answer.reason}`)
    case 'malformed':
      listing.failure = answer.reason
      if (listing.total === undefined) setTotal(listing, await countListing(listing, readPage))
      if (size === 1) listing.unreadable.add(number)
      else await readNarrower(listing, readPage, size, number)
      return undefined
    case 'too-large':
      if (size === 1) throw new CommandError(`the source fails for one asset: ${answer.reason}`)
      await readNarrower(listing, readPage, size, number)
      return undefined
  }
}

/** Every page but the last one is full. */
function checkLength(
  { rows, total }: { rows: unknown[]; total?: number },
  size: number,
  number: number,
): void {
  const isAll = number === 1 && rows.length >= (total ?? 0)
  const isFull = total === undefined || number * size >= total || rows.length === size
  if (isAll || (isFull && rows.length <= size)) return
  const answered = `the source answers ${rows.length} assets to page ${number} of page[size]=${size}`
  throw new SourceError(`${answered}, of ${total ?? 'an unknown number'}`)
}

function setTotal(listing: Listing, total: number | undefined): void {
  if (total === undefined) return
  const { firstTotal = total } = listing
  if (total > firstTotal * MOST_GROWTH.times + MOST_GROWTH.assets) {
    throw new SourceError(`the source said that it has ${firstTotal} assets, and then ${total}`)
  }
  Object.assign(listing, { total, firstTotal })
}

function keepPositions({ alone, times }: Listing, rows: unknown[], first: number): void {
  if (rows.length === 1) alone.set(first, rows[0])
  for (const [index, row] of rows.entries()) times.set(first + index, Object(row).created_on)
}

/** The same assets in pages of half the size, a third if that is no whole number, and so on. */
async function readNarrower(
  listing: Listing,
  readPage: ReadPage,
  size: number,
  number: number,
): Promise<void> {
  const parts = smallestFactor(size)
  const isAll = number === 1 && size / parts >= (listing.total ?? Infinity)
  // The first of the smaller pages would hold all that this one holds.
  if (isAll && size > parts) return readNarrower(listing, readPage, size / parts, 1)
  const first = (number - 1) * parts + 1
  for (let part = first; part < first + parts; part++) {
    if (!isWithin(listing, size / parts, part)) return
    await readPart(listing, readPage, size / parts, part)
  }
}

function isWithin({ total }: Listing, size: number, number: number): boolean {
  return total === undefined || (number - 1) * size < total
}

/** The count if no page can be read: the answer past the end names the last page. */
export async function countListing({ filters }: Listing, readPage: ReadPage): Promise<number> {
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
