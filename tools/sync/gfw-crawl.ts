/**
 * Reads a whole catalog page by page, once for each combination of `is_latest` and `is_default`,
 * which can be filtered by but are not in the response. Assets hidden by ties or malformed assets
 * are then read by dataset version.
 */

import { ASSET_TYPES } from '../../src/api/asset-types.ts'
import { addRow, type CrawledAsset, createFoundAssets, type FoundAssets } from './crawled-assets.ts'
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
  /** Assets that could not be read and are not malformed; empty if the crawl is complete. */
  missing: Missing[]
  totalItems: number
}

const FLAG_FILTERS: readonly Filters[] = ['true', 'false'].flatMap((is_latest) =>
  ['true', 'false'].map((is_default) => ({ is_latest, is_default })),
)

/** A page that contains a whole listing loses no ties; 1000 is this API's maximum. */
const COVERING_SIZES = [200, 500, 1000]

/** Limit of requests, most of which are for malformed and tied assets. */
const MAX_REQUESTS = { plus: 1000, perAsset: 20 }

export interface CrawlOptions {
  pageSize: number
  /** Limit of assets, since they are kept in memory and written in one transaction. */
  maxAssets?: number | undefined
  onFound?: (found: number, totalItems: number) => void
}

export async function crawlCatalog(
  readList: ReadList,
  { pageSize, maxAssets = 1_000_000, onFound }: CrawlOptions,
): Promise<Crawl> {
  const found = createFoundAssets()
  const readBounded = boundRequests(readList, found, maxAssets)
  const readPage: ReadPage = async (filters, size, number) => {
    const page = { 'page[number]': String(number), 'page[size]': String(size) }
    return readBounded('/assets', { ...filters, ...page })
  }
  const totalItems = await readTotal(readPage, 1)
  const readKept: ReadPage = async (filters, size, number) => {
    const answer = await readPage(filters, size, number)
    if (answer.kind !== 'page') return answer
    for (const row of answer.rows) addRow(found, row, filters)
    onFound?.(found.all.size, totalItems ?? found.all.size)
    return answer
  }

  let parts: Listing[] = []
  for (const filters of FLAG_FILTERS) parts.push(await readPart(filters, readKept, pageSize))
  const sum = sumOfTotals(parts)
  const later = sum === totalItems ? totalItems : await readTotal(readPage, 2)
  // Unless the catalog changed during the crawl, assets are in none or several of the parts: the
  // source does not support these filters.
  if (totalItems !== undefined && later !== undefined && !isBetween(sum, totalItems, later)) {
    parts = [await readPart({}, readKept, pageSize)]
  }
  const isShort = parts.some((part) => countUnread(part) > 0)
  const versions = isShort ? await readVersions(readBounded, found) : []
  const unread = await readUnread(parts, versions, { found, readPage: readKept, pageSize })
  return { assets: [...found.all.values()], ...unread, totalItems: sumOfTotals(parts) }
}

/** Throws a SourceError if a catalog of `maxAssets` cannot have so many assets or need so many requests. */
function boundRequests(readList: ReadList, { all }: FoundAssets, maxAssets: number): ReadList {
  let count = 0
  return async (path, query) => {
    if (all.size > maxAssets) {
      throw new SourceError(`the source sends more than ${maxAssets} assets`)
    }
    if (count >= all.size * MAX_REQUESTS.perAsset + MAX_REQUESTS.plus) {
      throw new SourceError(
        `the source sends only ${all.size} distinct assets in ${count} requests`,
      )
    }
    count += 1
    const answer = await readList(path, query)
    const total = (answer.kind === 'page' ? answer.total : undefined) ?? 0
    if (total > maxAssets) {
      throw new SourceError(`the source counts ${total} assets, more than ${maxAssets}`)
    }
    return answer
  }
}

/** The source's count of its assets; undefined if it sends none. */
async function readTotal(readPage: ReadPage, size: number): Promise<number | undefined> {
  const answer = await readPage({}, size, 1)
  if (answer.kind === 'refused') throw new RefusedPageError(`the source refuses: ${answer.reason}`)
  if (answer.kind === 'malformed') return countListing(createListing({}, readPage))
  return answer.kind === 'page' ? answer.total : undefined
}

function sumOfTotals(parts: readonly Listing[]): number {
  return parts.reduce((sum, { total = 0 }) => sum + total, 0)
}

function isBetween(count: number, one: number, other: number): boolean {
  return count >= Math.min(one, other) && count <= Math.max(one, other)
}

/** Reads a listing; if ties hide assets, reads them in one page or by type. */
async function readPart(filters: Filters, readPage: ReadPage, pageSize: number): Promise<Listing> {
  const listing = createListing(filters, readPage)
  await readListing(listing, pageSize)
  if (!isShortByTies(listing)) return listing
  await readListingIfAccepted(listing, coveringSize(listing))
  for (const asset_type of ASSET_TYPES) {
    if (!isShortByTies(listing)) break
    const part = createListing({ ...filters, asset_type }, readPage)
    await readListingIfAccepted(part, coveringSize(listing))
    for (const [id, row] of part.found) listing.found.set(id, row)
  }
  return listing
}

/** If a page failed, the missing assets are read by version instead. */
function isShortByTies(listing: Listing): boolean {
  return countUnread(listing) > 0 && listing.failure === undefined
}

function coveringSize({ total = 0 }: Listing): number {
  return COVERING_SIZES.find((size) => size >= total) ?? Math.max(...COVERING_SIZES)
}
