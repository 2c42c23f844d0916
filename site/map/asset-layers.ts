/** The MapLibre source and layers of a tile cache. */

import type { LayerSpecification, SourceSpecification } from 'maplibre-gl'
import type { TileJson } from '../../packages/client/src/client.ts'
import { sameFeature, type TileFeature } from './tile-feature.ts'

/** The id of the asset's source, and the prefix of its layers' ids. */
export const ASSET = 'asset'

export function tileSource(tileJson: TileJson): SourceSpecification {
  const { tiles, scheme, minzoom, maxzoom, tileSize, vector_layers } = tileJson
  const recorded = {
    ...(minzoom !== undefined && { minzoom }),
    ...(maxzoom !== undefined && { maxzoom }),
    ...(tileSize !== undefined && { tileSize }),
  }
  return { type: vector_layers ? 'vector' : 'raster', tiles, scheme, ...recorded }
}

/**
 * One layer for each geometry type, because a vector layer may contain any of them.
 *
 * @param opacity - from 0 to 1
 */
export function assetLayers(
  { vector_layers }: TileJson,
  { color, stroke, opacity }: { color: string; stroke: string; opacity: number },
): LayerSpecification[] {
  if (!vector_layers) {
    return [{ id: ASSET, type: 'raster', source: ASSET, paint: { 'raster-opacity': opacity } }]
  }
  return vector_layers.flatMap(({ id }): LayerSpecification[] => {
    const shared = { source: ASSET, 'source-layer': id } as const
    return [
      {
        ...shared,
        id: `${ASSET} ${id} polygons`,
        type: 'fill',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: {
          'fill-color': color,
          'fill-opacity': 0.45 * opacity,
          'fill-outline-color': color,
        },
      },
      {
        ...shared,
        id: `${ASSET} ${id} lines`,
        type: 'line',
        filter: ['==', ['geometry-type'], 'LineString'],
        paint: { 'line-color': color, 'line-width': 1.5, 'line-opacity': opacity },
      },
      {
        ...shared,
        id: `${ASSET} ${id} points`,
        type: 'circle',
        filter: ['==', ['geometry-type'], 'Point'],
        paint: {
          'circle-color': color,
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 0, 2, 12, 6],
          'circle-opacity': opacity,
          'circle-stroke-color': stroke,
          'circle-stroke-width': 0.5,
          'circle-stroke-opacity': opacity,
        },
      },
    ]
  })
}

/** Outlines a feature in all tiles that have a part of it. */
export function selectionLayers(feature: TileFeature, color: string): LayerSpecification[] {
  const shared = { source: ASSET, 'source-layer': feature.layer } as const
  const filter = sameFeature(feature)
  return [
    {
      ...shared,
      id: 'selected outline',
      type: 'line',
      filter: ['all', ['!=', ['geometry-type'], 'Point'], filter],
      paint: { 'line-color': color, 'line-width': 3 },
    },
    {
      ...shared,
      id: 'selected point',
      type: 'circle',
      filter: ['all', ['==', ['geometry-type'], 'Point'], filter],
      paint: {
        'circle-radius': 9,
        'circle-opacity': 0,
        'circle-stroke-color': color,
        'circle-stroke-width': 3,
      },
    },
  ]
}
