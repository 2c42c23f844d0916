/** The MapLibre style of a tile cache over the outline of the land. */

import type { MultiPolygon } from 'geojson'
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { TileJson } from '../../packages/client/src/client.ts'

export type Scheme = 'light' | 'dark'

const COLORS = {
  light: { sea: '#e8eef2', land: '#fbfaf6', coast: '#b9c4c9', asset: '#b3541e' },
  dark: { sea: '#15202b', land: '#26323c', coast: '#4a5a66', asset: '#ffb066' },
} as const

/** The id of the asset's source, and the prefix of its layers' ids. */
export const ASSET = 'asset'

/** The basemap is the land alone, because tiles of a basemap would come from a third-party host. */
export function mapStyle(
  tileJson: TileJson,
  land: MultiPolygon,
  scheme: Scheme,
): StyleSpecification {
  const { sea, land: landColor, coast, asset } = COLORS[scheme]
  return {
    version: 8,
    sources: { land: { type: 'geojson', data: land }, [ASSET]: tileSource(tileJson) },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': sea } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': landColor } },
      ...assetLayers(tileJson, asset),
      { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': coast } },
    ],
  }
}

function tileSource({ tiles, scheme, minzoom, maxzoom, tileSize, vector_layers }: TileJson) {
  const recorded = {
    ...(minzoom !== undefined && { minzoom }),
    ...(maxzoom !== undefined && { maxzoom }),
    ...(tileSize !== undefined && { tileSize }),
  }
  const type = vector_layers ? 'vector' : 'raster'
  return { type, tiles, scheme, ...recorded } satisfies SourceSpecification
}

/** One layer for each geometry type, because a vector layer may contain any of them. */
function assetLayers({ vector_layers }: TileJson, color: string): LayerSpecification[] {
  if (!vector_layers) return [{ id: ASSET, type: 'raster', source: ASSET }]
  return vector_layers.flatMap(({ id }): LayerSpecification[] => {
    const shared = { source: ASSET, 'source-layer': id } as const
    return [
      {
        ...shared,
        id: `${ASSET} ${id} polygons`,
        type: 'fill',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': color, 'fill-opacity': 0.45, 'fill-outline-color': color },
      },
      {
        ...shared,
        id: `${ASSET} ${id} lines`,
        type: 'line',
        filter: ['==', ['geometry-type'], 'LineString'],
        paint: { 'line-color': color, 'line-width': 1.5 },
      },
      {
        ...shared,
        id: `${ASSET} ${id} points`,
        type: 'circle',
        filter: ['==', ['geometry-type'], 'Point'],
        paint: {
          'circle-color': color,
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 0, 2, 12, 6],
          'circle-stroke-color': COLORS.light.land,
          'circle-stroke-width': 0.5,
        },
      },
    ]
  })
}
