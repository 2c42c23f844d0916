/** Whether an asset can be drawn in a browser, and why not. Pure. */

import type { Asset } from '../packages/client/src/client.ts'
import { TILE_CACHE_TYPES } from '../src/api/asset-types.ts'

/** Why there is no map of the asset; nothing where there is one. */
export function noMapReason({
  asset_type: type,
  asset_uri: uri,
  status,
}: Asset): string | undefined {
  if (uri.startsWith('s3://')) {
    return 'No map: the asset lies in a bucket (s3://) that browsers cannot read. Read it with GDAL or the AWS tools.'
  }
  if (type.endsWith('table')) {
    return 'No map: a table has rows, not tiles. Query it at its URI; a tile cache of its version can be drawn.'
  }
  if (!TILE_CACHE_TYPES.some((cache) => cache === type)) {
    return `No map: an asset of type ${type} is a file, not tiles.`
  }
  if (status === 'pending') return 'No map yet: the tiles are being made.'
  if (status === 'failed') return 'No map: making the tiles failed.'
  return undefined
}
