/** Reads of a version. Each is one statement, and so one snapshot and one round trip. */

import { and, eq, inArray, sql } from 'drizzle-orm'
import { TILE_CACHE_TYPES } from '../api/asset-types.ts'
import type { Metadata } from '../api/metadata.ts'
import type { VersionPath } from '../api/path.ts'
import type { TileCacheQuery } from '../api/query.ts'
import type { Asset, Version } from '../api/resource.ts'
import { type MissingPart, matchesAsset, matchesVersion, missingPart } from './filters.ts'
import { callDatabase, type DatabaseCall, type DatabaseSettings } from './neon-call.ts'
import { assetColumns, currentRevision } from './page-statement.ts'
import { toAsset, validRevision } from './row-values.ts'
import { assets, catalogRevision, datasets, versions } from './schema.ts'

/** The most assets of a version that one answer lists. */
export const MAX_VERSION_ASSETS = 10_000
/** The most tile caches that a request for one of them is told. */
export const MAX_CANDIDATES = 25

/** A read of a version. `missing` is what does not exist: the dataset, or only its version. */
export type VersionRead = { revision: string; missing: MissingPart | null; call: DatabaseCall }

/**
 * A version with the types and URIs of its assets, in the order of listings: one more than
 * MAX_VERSION_ASSETS if it has more.
 *
 * @throws {ApiError} as `callDatabase`
 */
export function readVersion(
  settings: DatabaseSettings,
  path: VersionPath,
): Promise<VersionRead & { version: Version }> {
  const { assetType, assetUri, createdOn, assetId } = assets
  return callDatabase(settings, async (db) => {
    const first = db
      .select({ assetType, assetUri, createdOn, assetId })
      .from(assets)
      .where(matchesAsset(path))
      .orderBy(createdOn, assetId)
      .limit(MAX_VERSION_ASSETS + 1)
      .as('first')
    const pair = sql`json_build_array(${first.assetType}, ${first.assetUri})`
    const listed = db
      .select({
        pairs: sql<
          Version['assets'] | null
        >`json_agg(${pair} order by ${first.createdOn}, ${first.assetId})`.as('pairs'),
      })
      .from(first)
      .as('listed')
    const [row] = await db
      .select({
        revision: currentRevision,
        missing: missingPart(path),
        version: versions.version,
        isLatest: versions.isLatest,
        pairs: listed.pairs,
      })
      .from(catalogRevision)
      .leftJoin(datasets, eq(datasets.dataset, path.dataset))
      .leftJoin(versions, matchesVersion(path))
      .crossJoin(listed)
    return {
      revision: validRevision(row?.revision),
      missing: row?.missing ?? null,
      version: {
        dataset: path.dataset,
        version: row?.version ?? path.version,
        is_latest: row?.isLatest ?? false,
        assets: row?.pairs ?? [],
      },
    }
  })
}

/**
 * The saved tile caches of a version that match the query, in the order of listings: one more than
 * MAX_CANDIDATES if there are more. Only a single one has its metadata, which can be large.
 *
 * @throws {ApiError} as `callDatabase`
 */
export function readTileCaches(
  settings: DatabaseSettings,
  path: VersionPath,
  query: TileCacheQuery,
): Promise<VersionRead & { tileCaches: Asset[] }> {
  const { createdOn, assetId, assetType } = assets
  return callDatabase(settings, async (db) => {
    const matching = matchesAsset({ ...query, ...path, status: 'saved' })
    const found = db
      .select({ createdOn, assetId })
      .from(assets)
      .where(and(matching, inArray(assetType, TILE_CACHE_TYPES)))
      .orderBy(createdOn, assetId)
      .limit(MAX_CANDIDATES + 1)
      .as('found')
    const isSingle = sql`count(*) over () = 1`
    const metadata = sql<Metadata>`case when ${isSingle} then ${assets.metadata} else '{}' end`
    const rows = await db
      .select({
        revision: currentRevision,
        missing: missingPart(path),
        asset: { ...assetColumns, metadata },
      })
      .from(catalogRevision)
      .leftJoin(datasets, eq(datasets.dataset, path.dataset))
      .leftJoin(found, sql`true`)
      .leftJoin(assets, eq(assets.assetId, found.assetId))
      .orderBy(found.createdOn, found.assetId)
    return {
      revision: validRevision(rows[0]?.revision),
      missing: rows[0]?.missing ?? null,
      tileCaches: rows.flatMap(({ asset }) => (asset ? [toAsset(asset)] : [])),
    }
  })
}
