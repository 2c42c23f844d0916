/** A feature of a vector tile, and how the same feature is found in other tiles. */

import type { ExpressionFilterSpecification } from 'maplibre-gl'

export type Attributes = Record<string, unknown>

export type TileFeature = {
  /** The vector layer that the feature is in. */
  layer: string
  id: string | number | undefined
  attributes: Attributes
}

/**
 * Matches a feature in every tile that has a part of it: by its id, or by its attributes if the tiles
 * have no ids. Without either, it matches nothing.
 */
export function sameFeature({ id, attributes }: TileFeature): ExpressionFilterSpecification {
  if (id !== undefined) return ['==', ['id'], id]
  const entries = Object.entries(attributes).filter(isComparable)
  if (entries.length === 0) return ['==', 0, 1]
  return ['all', ...entries.map(equals)]
}

/** Leaves out repeated parts of one feature, which neighboring tiles and copies of the world have. */
export function uniqueFeatures(features: TileFeature[]): TileFeature[] {
  const byKey = new Map<string, TileFeature>()
  for (const feature of features) {
    const { layer, id, attributes } = feature
    const key = JSON.stringify([layer, id ?? attributes])
    if (!byKey.has(key)) byKey.set(key, feature)
  }
  return [...byKey.values()]
}

type Comparable = string | number | boolean

function isComparable(entry: [string, unknown]): entry is [string, Comparable] {
  return ['string', 'number', 'boolean'].includes(typeof entry[1])
}

function equals([name, value]: [string, Comparable]): ExpressionFilterSpecification {
  return ['==', ['get', name], value]
}
