/** Decides whether an asset can be drawn in a browser. */

import type { Asset } from '../../packages/client/src/client.ts'
import { TILE_CACHE_TYPES } from '../../src/api/asset-types.ts'

/** The reason why an asset has no map, or undefined if it has one. */
export function noMapReason({
  asset_type: type,
  asset_uri: uri,
  status,
}: Asset): string | undefined {
  if (uri.startsWith('s3://')) {
    return 'No map: browsers cannot read the bucket (s3://) that holds the asset. Read it as shown below.'
  }
  if (type.endsWith('table')) {
    return 'No map: a table has rows, not tiles. Query it as shown below.'
  }
  if (!TILE_CACHE_TYPES.some((cache) => cache === type)) {
    return `No map: an asset of type ${type} is a file, not tiles.`
  }
  if (status === 'pending') return 'No map yet: the tiles are being generated.'
  if (status === 'failed') return 'No map: generating the tiles failed.'
  return undefined
}
