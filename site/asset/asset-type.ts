/** Groups GFW's asset types by what one does with them. */

import { ASSET_TYPES, type AssetType, TILE_CACHE_TYPES } from '../../src/api/asset-types.ts'

/** `tiles` are drawn by maps, `raster` is read by GDAL, `table` is queried, `file` is downloaded. */
export type Kind = 'tiles' | 'raster' | 'table' | 'file'

export function kindOf(type: AssetType): Kind {
  if (TILE_CACHE_TYPES.some((cache) => cache === type)) return 'tiles'
  if (type === 'COG' || type === 'Raster tile set') return 'raster'
  return type.endsWith('table') ? 'table' : 'file'
}

/** Whether assets of this type are vector tiles. */
export function isVector(type: AssetType): boolean {
  return type.endsWith('vector tile cache')
}

/** The types in the order that they are listed in: what maps draw comes first. */
export const ORDERED_TYPES: readonly AssetType[] = [
  ...ASSET_TYPES.filter((type) => kindOf(type) === 'tiles'),
  ...ASSET_TYPES.filter((type) => kindOf(type) !== 'tiles'),
]

/** The distinct types among `names`, in the order that they are listed in. */
export function inOrder(names: readonly string[]): AssetType[] {
  const present = new Set(names)
  return ORDERED_TYPES.filter((type) => present.has(type))
}
