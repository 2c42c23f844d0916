/**
 * Reads the assets of single dataset versions. A version has few assets, so that its listing
 * contains assets hidden by ties elsewhere and shows which version has malformed ones.
 */

import { ASSET_TYPES } from '../../src/api/asset-types.ts'
import { type DatasetVersion, type FoundAssets, versionKey, versionOf } from './crawled-assets.ts'
import { type ReadList, SourceError } from './gfw-client.ts'
import {
  countUnread,
  createListing,
  type Listing,
  type ReadPage,
  readListingIfAccepted,
} from './gfw-listing.ts'
import { countCertain, type MalformedAsset, malformedOf } from './gfw-malformed.ts'

export type VersionAnswer =
  /** `missing` counts the assets that were not read, without malformed ones. */
  | { kind: 'read'; malformed: MalformedAsset[]; missing: number }
  | { kind: 'refused' }
  /** The source also sends assets of other versions. */
  | { kind: 'unfiltered' }

/** Pages of this size and all smaller ones are read to separate ties. */
const MAX_TIE_PAGE_SIZE = 12

export interface CrawlContext {
  found: FoundAssets
  /** Adds the assets that it reads to `found`. */
  readPage: ReadPage
  pageSize: number
}

/** Limit of versions, with and without assets. */
const MAX_VERSIONS = { plus: 1000, perAsset: 10 }

/** Versions of `GET /datasets`, if the source has it, and of the assets found so far. */
export async function readVersions(
  readList: ReadList,
  { all, byVersion }: FoundAssets,
): Promise<DatasetVersion[]> {
  const versions = new Map<string, DatasetVersion>(byVersion)
  const max = all.size * MAX_VERSIONS.perAsset + MAX_VERSIONS.plus
  for (const version of (await readDatasets(readList)).flatMap(versionsOf)) {
    const key = versionKey(version)
    if (!versions.has(key)) versions.set(key, version)
    if (versions.size <= max) continue
    throw new SourceError(`the source lists more than ${max} versions, but only ${all.size} assets`)
  }
  // Missing assets are most likely in versions that seem to have none.
  const count = (version: DatasetVersion) => byVersion.get(versionKey(version))?.assets.size ?? 0
  return [...versions.values()]
    .sort((a, b) => count(a) - count(b))
    .map(({ dataset, version }) => ({ dataset, version }))
}

/** First without paging, since GFW's pages of datasets have no order; then the remaining pages. */
async function readDatasets(readList: ReadList): Promise<unknown[]> {
  const first = await readList('/datasets', {})
  if (first.kind !== 'page') return []
  const datasets = new Map(first.rows.map((row) => [JSON.stringify(row), row]))
  for (let number = 2; datasets.size < (first.total ?? 0); number++) {
    const before = datasets.size
    const query = { 'page[number]': String(number), 'page[size]': String(first.rows.length) }
    const page = await readList('/datasets', query)
    if (page.kind === 'page') for (const row of page.rows) datasets.set(JSON.stringify(row), row)
    if (datasets.size === before) break
  }
  return [...datasets.values()]
}

function versionsOf(row: unknown): DatasetVersion[] {
  const { dataset, versions } = { dataset: undefined, versions: undefined, ...Object(row) }
  if (!Array.isArray(versions)) return []
  return versions.flatMap((version) => versionOf({ dataset, version }) ?? [])
}

/** Reads a version by page, then by smaller pages, then by type, until nothing is missing. */
export async function readVersion(
  version: DatasetVersion,
  { found, readPage, pageSize }: CrawlContext,
): Promise<VersionAnswer> {
  const listing = createListing(version, readPage)
  if (!(await readListingIfAccepted(listing, pageSize))) return { kind: 'refused' }
  if (!hasOnlyItsVersion(listing)) return { kind: 'unfiltered' }
  await readTies(listing, found)
  const types: Listing[] = []
  if (isUncertain(listing)) {
    for (const asset_type of ASSET_TYPES) {
      const part = createListing({ ...version, asset_type }, readPage)
      if (!(await readListingIfAccepted(part, pageSize))) continue
      await readTies(part, found)
      types.push(part)
    }
    addFound(listing, found)
  }
  const [whole, parts] = [malformedOf(listing), types.flatMap(malformedOf)]
  const malformed = parts.length >= whole.length ? parts : whole
  return { kind: 'read', malformed, missing: Math.max(countUnread(listing) - malformed.length, 0) }
}

/** Reads missing assets in smaller and smaller pages. */
async function readTies(listing: Listing, found: FoundAssets): Promise<void> {
  addFound(listing, found)
  const maxSize = Math.min(listing.total ?? 0, MAX_TIE_PAGE_SIZE)
  for (let size = maxSize; size > 1 && isUncertain(listing); size--) {
    await readListingIfAccepted(listing, size)
  }
}

function hasOnlyItsVersion({ filters: { dataset, version }, found }: Listing): boolean {
  return [...found.values()].every(
    (row) => Object(row).dataset === dataset && Object(row).version === version,
  )
}

function isUncertain(listing: Listing): boolean {
  return countUnread(listing) > countCertain(listing)
}

function addFound(listing: Listing, { byVersion }: FoundAssets): void {
  const { dataset = '', version = '', asset_type } = listing.filters
  for (const [id, { row }] of byVersion.get(versionKey({ dataset, version }))?.assets ?? []) {
    if (asset_type === undefined || Object(row).asset_type === asset_type) {
      listing.found.set(id, row)
    }
  }
}
