/** Reads the assets that are missing from a crawl's listings by dataset version. */

import {
  addRow,
  type CrawledAsset,
  type DatasetVersion,
  FLAGS,
  type FoundAssets,
  versionKey,
} from './crawled-assets.ts'
import type { Filters } from './gfw-client.ts'
import { countUnread, identity, type Listing, type ReadPage } from './gfw-listing.ts'
import type { MalformedAsset } from './gfw-malformed.ts'
import { type CrawlContext, readVersion } from './gfw-versions.ts'

/** The number of assets that the source counts but never sent. */
export interface Missing {
  filters: Filters
  count: number
}

export interface Unread {
  malformed: MalformedAsset[]
  missing: Missing[]
}

/** Reads versions until all assets missing from `parts` are found or known to be malformed. */
export async function readUnread(
  parts: readonly Listing[],
  versions: readonly DatasetVersion[],
  context: CrawlContext,
): Promise<Unread> {
  const { found, readPage } = context
  const malformed: MalformedAsset[] = []
  const missing: Missing[] = []
  const unread = () => parts.reduce((sum, part) => sum + countUnread(part), 0)
  let inNoPart = 0
  for (const version of versions) {
    if (unread() - inNoPart - malformed.length <= 0) break
    const before = new Set(assetsOf(found, version).keys())
    const answer = await readVersion(version, context)
    for (const [id, asset] of assetsOf(found, version)) {
      if (before.has(id)) continue
      if (parts.length > 1) await readFlags(asset, found, readPage)
      const part = parts.find((part) => matchesFlags(part, asset))
      if (part) part.found.set(id, asset.row)
      else inNoPart += 1
    }
    // `latest` may be an alias at the source.
    if (answer.kind === 'unfiltered' && version.version !== 'latest') break
    if (answer.kind !== 'read') continue
    malformed.push(...answer.malformed)
    if (answer.missing > 0) missing.push({ filters: version, count: answer.missing })
  }
  const rest = unread() - inNoPart - malformed.length
  return { malformed, missing: rest > 0 ? missingOf(parts, missing, rest) : [] }
}

/** Groups missing assets by version if known, the rest by flags; malformed assets have no known flags. */
function missingOf(parts: readonly Listing[], missing: Missing[], count: number): Missing[] {
  const rest = count - missing.reduce((sum, version) => sum + version.count, 0)
  if (rest <= 0) return missing
  const short = parts.filter((part) => countUnread(part) > 0)
  const sum = short.reduce((total, part) => total + countUnread(part), 0)
  if (sum > rest) return [...missing, { filters: {}, count: rest }]
  return short.map((part) => ({ filters: part.filters, count: countUnread(part) }))
}

function assetsOf({ byVersion }: FoundAssets, version: DatasetVersion): Map<string, CrawledAsset> {
  return byVersion.get(versionKey(version))?.assets ?? new Map()
}

/** Queries the flags of an asset by its URI. */
async function readFlags(
  { row }: CrawledAsset,
  found: FoundAssets,
  readPage: ReadPage,
): Promise<void> {
  const { asset_uri } = Object(row)
  if (typeof asset_uri !== 'string') return
  for (const flag of FLAGS) {
    const answer = await readPage({ asset_uri, [flag]: 'true' }, 1, 1)
    const rows = answer.kind === 'page' ? answer.rows : []
    const isTrue = rows.some((other) => identity(other) === identity(row))
    const isFalse = answer.kind === 'past' || (answer.kind === 'page' && !isTrue)
    if (isFalse) addRow(found, row, { [flag]: 'false' })
  }
}

function matchesFlags({ filters }: Listing, asset: CrawledAsset): boolean {
  return FLAGS.every((flag) => filters[flag] === undefined || filters[flag] === `${asset[flag]}`)
}
