/**
 * Reads a whole catalog page by page. It is split by `is_latest` and `is_default`, which are not
 * in the answer but are filters. What ties or malformed assets keep from it is then asked for
 * by dataset version.
 */

import { ASSET_TYPES } from '../../src/api/asset-types.ts'
import {
  type CrawledAsset,
  createFoundAssets,
  type FoundAssets,
  keepRow,
} from './crawled-assets.ts'
import { type Filters, type ReadList, SourceError } from './gfw-client.ts'
import {
  countListing,
  countUnread,
  createListing,
  type Listing,
  type ReadPage,
  RefusedPageError,
  readListing,
  readListingIfAccepted,
} from './gfw-listing.ts'
import type { MalformedAsset } from './gfw-malformed.ts'
import { type Missing, readUnread } from './gfw-unread.ts'
import { readVersions } from './gfw-versions.ts'

export interface Crawl {
  assets: CrawledAsset[]
  malformed: MalformedAsset[]
  /** What could not be read, and is not known to be malformed; empty if the read is complete. */
  missing: Missing[]
  totalItems: number
}

const FLAG_FILTERS: readonly Filters[] = ['true', 'false'].flatMap((is_latest) =>
  ['true', 'false'].map((is_default) => ({ is_latest, is_default })),
)

/** A page that holds a whole listing has no ties to lose; 1000 is the most this API takes. */
const COVERING_SIZES = [200, 500, 1000]

/** Requests that a catalog may take, most of them for assets that are malformed or among ties. */
const MOST_REQUESTS = { plus: 1000, perAsset: 20 }

export interface CrawlOptions {
  pageSize: number
  /** A larger source is refused: its assets are kept in memory, and written in one transaction. */
  mostAssets?: number | undefined
  onFound?: (found: number, totalItems: number) => void
}

/** `readList` may answer from pages that were read before. */
export async function crawlCatalog(
  readList: ReadList,
  { pageSize, mostAssets = 1_000_000, onFound }: CrawlOptions,
): Promise<Crawl> {
  const found = createFoundAssets()
  const readBounded = boundRequests(readList, found, mostAssets)
  const readPage: ReadPage = async (filters, size, number) => {
    const page = { 'page[number]': String(number), 'page[size]': String(size) }
    return readBounded('/assets', { ...filters, ...page })
  }
  const totalItems = await readTotal(readPage, 1)
  const readKept: ReadPage = async (filters, size, number) => {
    const answer = await readPage(filters, size, number)
    if (answer.kind !== 'page') return answer
    for (const row of answer.rows) keepRow(found, row, filters)
    onFound?.(found.all.size, totalItems ?? found.all.size)
    return answer
  }

  let parts: Listing[] = []
  for (const filters of FLAG_FILTERS) parts.push(await readPart(filters, readKept, pageSize))
  const sum = sumOfTotals(parts)
  const later = sum === totalItems ? totalItems : await readTotal(readPage, 2)
  // Unless the catalog has grown or shrunk meanwhile, assets are in none of the parts, or in
  // several: the source doesn't know these filters.
  if (totalItems !== undefined && later !== undefined && !isBetween(sum, totalItems, later)) {
    parts = [await readPart({}, readKept, pageSize)]
  }
  const isShort = parts.some((part) => countUnread(part) > 0)
  const versions = isShort ? await readVersions(readBounded, found) : []
  const unread = await readUnread(parts, versions, { found, readPage: readKept, pageSize })
  return { assets: [...found.all.values()], ...unread, totalItems: sumOfTotals(parts) }
}

/** Throws a SourceError for what no catalog of `mostAssets` needs or has. */
function boundRequests(readList: ReadList, { all }: FoundAssets, mostAssets: number): ReadList {
  let count = 0
  return async (path, query) => {
    if (all.size > mostAssets) {
      throw new SourceError(`the source shows more than ${mostAssets} assets`)
    }
    if (count >= all.size * MOST_REQUESTS.perAsset + MOST_REQUESTS.plus) {
      throw new SourceError(`the source shows ${all.size} different assets on ${count} pages`)
    }
    count += 1
    const answer = await readList(path, query)
    const total = (answer.kind === 'page' ? answer.total : undefined) ?? 0
    if (total > mostAssets) {
      throw new SourceError(`the source says that it has ${total} assets, more than ${mostAssets}`)
    }
    return answer
  }
}

/** How many assets the source says it has; undefined if it says nothing. */
async function readTotal(readPage: ReadPage, size: number): Promise<number | undefined> {
  const answer = await readPage({}, size, 1)
  if (answer.kind === 'refused') throw new RefusedPageError(`the source refuses: ${answer.reason}`)
  if (answer.kind === 'malformed') return countListing(createListing({}), readPage)
  return answer.kind === 'page' ? answer.total : undefined
}

function sumOfTotals(parts: readonly Listing[]): number {
  return parts.reduce((sum, { total = 0 }) => sum + total, 0)
}

function isBetween(count: number, one: number, other: number): boolean {
  return count >= Math.min(one, other) && count <= Math.max(one, other)
}

/** If ties hide assets, reads them in one page if possible, otherwise by type. */
async function readPart(filters: Filters, readPage: ReadPage, pageSize: number): Promise<Listing> {
  const listing = createListing(filters)
  await readListing(listing, readPage, pageSize)
  if (!isShortByTies(listing)) return listing
  await readListingIfAccepted(listing, readPage, coveringSize(listing))
  for (const asset_type of ASSET_TYPES) {
    if (!isShortByTies(listing)) break
    const part = createListing({ ...filters, asset_type })
    await readListingIfAccepted(part, readPage, coveringSize(listing))
    for (const [id, row] of part.found) listing.found.set(id, row)
  }
  return listing
}

/** Pages that fail are not read again: their assets are looked for by version. */
function isShortByTies(listing: Listing): boolean {
  return countUnread(listing) > 0 && listing.failure === undefined
}

function coveringSize({ total = 0 }: Listing): number {
  return COVERING_SIZES.find((size) => size >= total) ?? Math.max(...COVERING_SIZES)
}
