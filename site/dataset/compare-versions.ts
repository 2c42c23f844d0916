/** What changed between two versions: their assets, and the fields of assets that both have. */

import type { Asset, MetadataField } from '../../packages/client/src/client.ts'
import type { AssetType } from '../../src/api/asset-types.ts'
import { uriEnd } from '../asset/asset-names.ts'
import { groupByType, type NamedAsset } from './version-assets.ts'

/** An asset of either version, or the assets of both that match, with their names there. */
export type Pair = {
  older: Asset | undefined
  olderName: string
  newer: Asset | undefined
  newerName: string
}
export type TypeComparison = { type: AssetType; pairs: Pair[] }

export type Change = 'added' | 'removed' | 'changed' | 'same'
export type FieldChange = {
  name: string
  change: Change
  /** `data_type` of either version. */
  older: string | undefined
  newer: string | undefined
}

const UNKNOWN_TYPE = 'not recorded'

/**
 * Matches assets of one type by the path of their URI after the version and, for what is left, by
 * short name: that of a lone asset differs from its name among others.
 */
export function comparePairs(older: readonly Asset[], newer: readonly Asset[]): TypeComparison[] {
  const olderGroups = new Map(groupByType(older).map(({ type, assets }) => [type, assets]))
  const newerGroups = new Map(groupByType(newer).map(({ type, assets }) => [type, assets]))
  return groupByType([...older, ...newer]).map(({ type }) => ({
    type,
    pairs: toPairs(olderGroups.get(type) ?? [], newerGroups.get(type) ?? []),
  }))
}

/** The asset of another version that has the type and the path or short name of `asset`. */
export function counterpart(
  asset: Asset,
  siblings: readonly Asset[],
  others: readonly Asset[],
): Asset | undefined {
  const pairs = comparePairs(siblings, others).flatMap((comparison) => comparison.pairs)
  return pairs.find(({ older }) => older?.asset_id === asset.asset_id)?.newer
}

export function compareFields(older: Asset, newer: Asset): FieldChange[] {
  const before = fieldsOf(older)
  const after = fieldsOf(newer)
  const removed = [...before].filter(([name]) => !after.has(name))
  return [
    ...[...after].map(([name, type]) => toFieldChange(name, before.get(name), type)),
    ...removed.map(([name, type]) => toFieldChange(name, type, undefined)),
  ]
}

function toPairs(older: NamedAsset[], newer: NamedAsset[]): Pair[] {
  const byPath = takeMatches(newer, older, pathOf)
  const taken = new Set(byPath.values())
  const byName = takeMatches(
    newer.filter((item) => !byPath.has(item)),
    older.filter((item) => !taken.has(item)),
    ({ name }) => name,
  )
  for (const item of byName.values()) taken.add(item)
  return [
    ...newer.map((item) => toPair(byPath.get(item) ?? byName.get(item), item)),
    ...older.filter((item) => !taken.has(item)).map((item) => toPair(item, undefined)),
  ]
}

/** For each item, one of the others with its key that no earlier item has taken. */
function takeMatches(
  items: NamedAsset[],
  others: NamedAsset[],
  keyOf: (item: NamedAsset) => string,
): Map<NamedAsset, NamedAsset> {
  const left = Map.groupBy(others, keyOf)
  return new Map(
    items.flatMap((item) => {
      const match = left.get(keyOf(item))?.shift()
      return match ? [[item, match]] : []
    }),
  )
}

function toPair(older: NamedAsset | undefined, newer: NamedAsset | undefined): Pair {
  return {
    older: older?.asset,
    olderName: older?.name ?? '',
    newer: newer?.asset,
    newerName: newer?.name ?? '',
  }
}

/** Files can repeat their version in their name. */
function pathOf({ asset }: NamedAsset): string {
  return uriEnd(asset).replaceAll(asset.version, '')
}

function fieldsOf({ metadata }: Asset): Map<string, string> {
  const fields: (MetadataField | null)[] = ('fields' in metadata && metadata.fields) || []
  return new Map(
    fields.flatMap((field) => (field?.name ? [[field.name, field.data_type ?? UNKNOWN_TYPE]] : [])),
  )
}

function toFieldChange(
  name: string,
  older: string | undefined,
  newer: string | undefined,
): FieldChange {
  if (older === undefined) return { name, change: 'added', older, newer }
  if (newer === undefined) return { name, change: 'removed', older, newer }
  return { name, change: older === newer ? 'same' : 'changed', older, newer }
}
