/**
 * Dataset versions of a source. A version holds a handful of assets, so reading one finds what
 * the ties of a longer listing hide, and names whose assets cannot be serialized.
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
  /** What could not be read: `missing` counts assets that never appeared, malformed ones aside. */
  | { kind: 'read'; malformed: MalformedAsset[]; missing: number }
  | { kind: 'refused' }
  /** The source answers assets of other versions, too. */
  | { kind: 'unfiltered' }

/** Page sizes from this one down move the ties of a version apart. */
const LARGEST_SMALL_PAGE = 12

/** Versions that a source may name, with and without assets. */
const MOST_VERSIONS = { plus: 1000, perAsset: 10 }

/** All that `GET /datasets` names, and those of found assets; of some sources only the latter. */
export async function readVersions(
  readList: ReadList,
  { all, byVersion }: FoundAssets,
): Promise<DatasetVersion[]> {
  const versions = new Map<string, DatasetVersion>(byVersion)
  const most = all.size * MOST_VERSIONS.perAsset + MOST_VERSIONS.plus
  for (const version of (await readDatasets(readList)).flatMap(versionsOf)) {
    const key = versionKey(version)
    if (!versions.has(key)) versions.set(key, version)
    if (versions.size <= most) continue
    throw new SourceError(
      `the source names more than ${most} versions, but shows ${all.size} assets`,
    )
  }
  // Most versions have few assets: what is missing is rather in those that seem to have none.
  const count = (version: DatasetVersion) => byVersion.get(versionKey(version))?.assets.size ?? 0
  return [...versions.values()]
    .sort((a, b) => count(a) - count(b))
    .map(({ dataset, version }) => ({ dataset, version }))
}

/** Once without paging, since GFW's pages of them are in no order; by pages if that is not all. */
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

/** Reads a version until nothing of it is missing, or nothing helps. */
export async function readVersion(
  version: DatasetVersion,
  found: FoundAssets,
  readPage: ReadPage,
  pageSize: number,
): Promise<VersionAnswer> {
  const listing = createListing(version)
  if (!(await readListingIfAccepted(listing, readPage, pageSize))) return { kind: 'refused' }
  if (!isOfVersion(listing)) return { kind: 'unfiltered' }
  await readTies(listing, found, readPage)
  const types: Listing[] = []
  if (isUncertain(listing)) {
    for (const asset_type of ASSET_TYPES) {
      const part = createListing({ ...version, asset_type })
      if (!(await readListingIfAccepted(part, readPage, pageSize))) continue
      await readTies(part, found, readPage)
      types.push(part)
    }
    addFound(listing, found)
  }
  const [whole, parts] = [malformedOf(listing), types.flatMap(malformedOf)]
  const malformed = parts.length >= whole.length ? parts : whole
  return { kind: 'read', malformed, missing: Math.max(countUnread(listing) - malformed.length, 0) }
}

/** Reads what is still missing in smaller and smaller pages. */
async function readTies(listing: Listing, found: FoundAssets, readPage: ReadPage): Promise<void> {
  addFound(listing, found)
  const largest = Math.min(listing.total ?? 0, LARGEST_SMALL_PAGE)
  for (let size = largest; size > 1 && isUncertain(listing); size--) {
    await readListingIfAccepted(listing, readPage, size)
  }
}

function isOfVersion({ filters: { dataset, version }, found }: Listing): boolean {
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
