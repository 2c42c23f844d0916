/** The limit of a page in bytes, and the page size that keeps it. */

import { desc, lte, sql } from 'drizzle-orm'
import type { NeonHttpDatabase } from 'drizzle-orm/neon-http'
import type { AssetQuery } from '../api/query.ts'
import { assetBytes } from './asset-bytes.ts'
import { matchesAsset } from './filters.ts'
import { assets } from './schema.ts'

const MIB = 1024 * 1024

/** The largest body of a page of assets. */
export const MAX_PAGE_BYTES = 6 * MIB

/**
 * A page whose `assetBytes` add up to this is never too large: its body, with links and counts, is
 * under 6 MiB, and Neon's response, in which quotes and backslashes of metadata count twice, is under
 * 10 MiB.
 */
const FITTING_BYTES = 5 * MIB

/** Counts the largest assets of a listing that fit into one page: that many of any others fit too. */
export function selectFittingSize(db: Pick<NeonHttpDatabase, 'select'>, query: AssetQuery) {
  const largest = db
    .select({ bytes: sql`${assetBytes}`.as('bytes') })
    .from(assets)
    .where(matchesAsset(query))
    .orderBy(desc(assetBytes))
    .limit(query['page[size]'])
    .as('largest')
  const order = sql`order by ${largest.bytes} desc rows unbounded preceding`
  const sums = db
    .select({ bytes: sql`sum(${largest.bytes}) over (${order})`.as('bytes_so_far') })
    .from(largest)
    .as('sums')
  return db
    .select({ fittingSize: sql<string>`count(*)` })
    .from(sums)
    .where(lte(sums.bytes, FITTING_BYTES))
}
