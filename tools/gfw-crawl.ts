/**
 * Reads a whole catalogue page by page. It is split by `is_latest` and `is_default`, which are
 * not in the answer but are filters; a part that stays short, because of ties or of malformed
 * assets, is split on by asset type, read in other page sizes, and split by dataset and version.
 */

import { ASSET_TYPES } from '../src/asset-types.ts'
import { addFound, type CrawledAsset, keepRow, knownVersions } from './crawled-assets.ts'
import type { Filters, ReadPage } from './gfw-client.ts'
import {
  countListing,
  createListing,
  type Listing,
  RefusedPageError,
  readListing,
} from './gfw-listing.ts'
import {
  type Branch,
  branchOf,
  countLikely,
  countProven,
  type MalformedAsset,
  malformedOf,
  missingOf,
} from './gfw-unread.ts'

export interface Crawl {
  assets: CrawledAsset[]
  malformed: MalformedAsset[]
  /** What could not be read, and is not known to be malformed; empty if the read is complete. */
  missing: { filters: Filters; count: number }[]
  totalItems: number
}

const FLAG_FILTERS: readonly Filters[] = ['true', 'false'].flatMap((is_latest) =>
  ['true', 'false'].map((is_default) => ({ is_latest, is_default })),
)

/** Pages that hold a whole listing have no ties to lose; 1000 is the most this API takes. */
const COVERING_SIZES = [200, 500, 1000]

/** They move the ties apart, and have small factors, by which failing pages are narrowed. */
const OTHER_SIZES = [1000, 720, 360, 144, 96, 54, 36, 16, 9, 6, 4]

/** Reading a listing once more may cost that many pages. */
const PAGES_OF_A_REREAD = 25

/** Proving that no tied asset hides behind malformed ones takes many pages. */
const MOST_FOR_PROOF = 64

/** `readPage` may answer from pages that were read before; `onFound` gets the number of assets. */
export async function crawlCatalog(
  readPage: ReadPage,
  pageSize: number,
  onFound: (found: number, totalItems: number) => void = () => {},
): Promise<Crawl> {
  const totalItems = await readTotal(readPage, 1)
  const found = new Map<string, CrawledAsset>()
  const readKept: ReadPage = async (filters, size, number) => {
    const answer = await readPage(filters, size, number)
    if (answer.kind !== 'page') return answer
    for (const row of answer.rows) keepRow(found, row, filters)
    onFound(found.size, totalItems ?? found.size)
    return answer
  }

  let branches: Branch[] = []
  for (const filters of FLAG_FILTERS) branches.push(await crawlByType(filters, readKept, pageSize))
  const sum = sumOfTotals(branches)
  const later = sum === totalItems ? totalItems : await readTotal(readPage, 2)
  // Unless the catalogue has grown or shrunk meanwhile, assets are in none of the parts, or in
  // several: the source doesn't know these filters.
  if (totalItems !== undefined && later !== undefined && !isBetween(sum, totalItems, later)) {
    branches = [await crawlByType({}, readKept, pageSize)]
  }
  // Only now that all parts are read, most versions are known.
  for (const branch of branches) await crawlByVersion(branch, readKept, pageSize, found)
  return {
    assets: [...found.values()],
    malformed: branches.flatMap((branch) => malformedOf(branch)),
    missing: branches.flatMap((branch) => missingOf(branch)),
    totalItems: sumOfTotals(branches),
  }
}

/** How many assets the source says it has; undefined if it says nothing. */
async function readTotal(readPage: ReadPage, size: number): Promise<number | undefined> {
  const answer = await readPage({}, size, 1)
  if (answer.kind === 'refused') throw new RefusedPageError(`the source refuses: ${answer.reason}`)
  if (answer.kind === 'malformed') return countListing({}, readPage)
  return answer.kind === 'page' ? answer.total : undefined
}

function sumOfTotals(branches: readonly Branch[]): number {
  return branches.reduce((sum, { listing }) => sum + (listing.total ?? 0), 0)
}

function isBetween(count: number, one: number, other: number): boolean {
  return count >= Math.min(one, other) && count <= Math.max(one, other)
}

async function crawlByType(filters: Filters, readPage: ReadPage, size: number): Promise<Branch> {
  const branch = branchOf(createListing(filters))
  const { listing } = branch
  await readListing(listing, readPage, size, false)
  if (missingOf(branch).length === 0 && listing.failure === undefined) return branch
  if (listing.failure === undefined) await readAgain(branch, readPage, size, COVERING_SIZES)
  if (missingOf(branch).length === 0 && listing.failure === undefined) return branch
  for (const asset_type of ASSET_TYPES) {
    const part = branchOf(createListing({ ...filters, asset_type }))
    await readListing(part.listing, readPage, size, true)
    await readAgain(part, readPage, size, [...COVERING_SIZES, ...OTHER_SIZES])
    addPart(branch, part)
  }
  // Malformed assets of types that this API doesn't know.
  if (missingOf(branch).length > 0) await readListing(listing, readPage, size, true)
  return branch
}

async function crawlByVersion(
  branch: Branch,
  readPage: ReadPage,
  size: number,
  found: ReadonlyMap<string, CrawledAsset>,
): Promise<void> {
  for (const part of branch.parts) {
    addFound(part.listing, found)
    for (const version of knownVersions(found, part.listing)) {
      if (missingOf(part, countProven).length === 0) break
      const leaf = branchOf(createListing({ ...part.listing.filters, ...version }))
      await readListing(leaf.listing, readPage, size, true)
      await readAgain(leaf, readPage, size, [...COVERING_SIZES, ...OTHER_SIZES])
      addPart(part, leaf)
    }
  }
  addFoundToAll(branch, found)
}

function addFoundToAll(branch: Branch, found: ReadonlyMap<string, CrawledAsset>): void {
  addFound(branch.listing, found)
  for (const part of branch.parts) addFoundToAll(part, found)
}

/** Reads what is short in other sizes, until nothing is missing. */
async function readAgain(
  branch: Branch,
  readPage: ReadPage,
  pageSize: number,
  sizes: readonly number[],
): Promise<void> {
  const { listing } = branch
  const count = (listing.total ?? 0) <= MOST_FOR_PROOF ? countProven : countLikely
  for (const size of sizes) {
    if (missingOf(branch, count).length === 0) return
    if (size === pageSize || !isWorthwhile(listing, pageSize, size)) continue
    await readListing(listing, readPage, size, true).catch((error) => {
      // A source may take smaller pages only.
      if (!(error instanceof RefusedPageError)) throw error
    })
  }
}

function isWorthwhile({ total = 0 }: Listing, pageSize: number, size: number): boolean {
  if (size >= total) return total > pageSize && COVERING_SIZES.find((s) => s >= total) === size
  return size * PAGES_OF_A_REREAD >= total
}

function addPart(branch: Branch, part: Branch): void {
  branch.parts.push(part)
  for (const [id, row] of part.listing.found) branch.listing.found.set(id, row)
}
