/** What a version's assets say about it: their types, and whether it has a map. */

import type { Asset } from '../../packages/client/src/client.ts'
import type { AssetType } from '../../src/api/asset-types.ts'
import { shortNames } from '../asset/asset-names.ts'
import { ORDERED_TYPES } from '../asset/asset-type.ts'
import { noMapReason } from '../asset/tiles.ts'

export type NamedAsset = { asset: Asset; name: string }
export type TypeGroup = { type: AssetType; assets: NamedAsset[] }

const collator = new Intl.Collator('en', { numeric: true })

/** The assets of one version by type, in the order of `ORDERED_TYPES`, and by name (`tcd_9` first). */
export function groupByType(assets: readonly Asset[]): TypeGroup[] {
  const byType = Map.groupBy(assets, (asset) => asset.asset_type)
  return ORDERED_TYPES.flatMap((type) => {
    const group = byType.get(type)
    if (!group) return []
    const names = shortNames(group)
    const named = group.map((asset) => ({ asset, name: names.get(asset.asset_id) ?? '' }))
    return [{ type, assets: named.sort((a, b) => collator.compare(a.name, b.name)) }]
  })
}

/** The number of assets of each type, in the order of `ORDERED_TYPES`. */
export function countTypes(assets: readonly Asset[]): { type: AssetType; count: number }[] {
  const byType = Map.groupBy(assets, (asset) => asset.asset_type)
  return ORDERED_TYPES.flatMap((type) => {
    const count = byType.get(type)?.length
    return count ? [{ type, count }] : []
  })
}

/** The asset whose map shows a version best: the default one, or else the first by type and name. */
export function mapOf(
  assets: readonly Asset[],
  defaultIds: ReadonlySet<string>,
): Asset | undefined {
  const drawn = groupByType(assets.filter((asset) => noMapReason(asset) === undefined)).flatMap(
    (group) => group.assets,
  )
  const first =
    drawn.find(({ asset }) => defaultIds.has(asset.asset_id)) ??
    drawn.find(({ name }) => name === 'default') ??
    drawn[0]
  return first?.asset
}

/** The map of the newest version that has one. `versions` are newest first. */
export function newestMap(
  versions: readonly string[],
  assets: readonly Asset[],
  defaultIds: ReadonlySet<string>,
): Asset | undefined {
  const byVersion = Map.groupBy(assets, (asset) => asset.version)
  for (const version of versions) {
    const map = mapOf(byVersion.get(version) ?? [], defaultIds)
    if (map) return map
  }
  return undefined
}
