/** The MapLibre style of a tile cache over the outline of the land. */

import type { FeatureCollection, MultiPolygon } from 'geojson'
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { TileJson } from '../../packages/client/src/client.ts'
import type { Scheme } from '../theme.ts'
import { ASSET, assetLayers, selectionLayers, tileSource } from './asset-layers.ts'
import { type Countries, countryLayers } from './country-layers.ts'
import { graticule, graticuleLayers } from './graticule.ts'
import { MAP_COLORS } from './map-colors.ts'
import type { TileFeature } from './tile-feature.ts'

/** How a map looks: what a reader can change without moving it. */
export type MapLook = {
  scheme: Scheme
  /** Of the asset's tiles, from 0 to 1. */
  opacity: number
  hasGraticule: boolean
  /** Undefined if they are not wanted, or not loaded yet. */
  countries: Countries | undefined
  selected: TileFeature | undefined
}

/** The id of the source of the feature under the pointer. */
export const HOVER = 'hover'

const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] }

/** The basemap is the land alone, because tiles of a basemap would come from a third-party host. */
export function mapStyle(
  tileJson: TileJson,
  land: MultiPolygon,
  { scheme, opacity, hasGraticule, countries, selected }: MapLook,
): StyleSpecification {
  const { sea, land: landColor, coast, line, text, asset, highlight } = MAP_COLORS[scheme]
  const isVector = tileJson.vector_layers !== undefined
  return {
    version: 8,
    sources: {
      land: geoJson(land),
      [ASSET]: tileSource(tileJson),
      ...(isVector && { [HOVER]: geoJson(NOTHING) }),
      ...(hasGraticule && { graticule: geoJson(graticule()) }),
      ...(countries && {
        borders: geoJson(countries.borders),
        'country names': geoJson(countries.names),
      }),
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': sea } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': landColor } },
      ...assetLayers(tileJson, { color: asset, stroke: landColor, opacity }),
      { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': coast } },
      ...(hasGraticule ? graticuleLayers(line, text, landColor) : []),
      ...(isVector ? hoverLayers(highlight) : []),
      ...(selected ? selectionLayers(selected, highlight) : []),
      ...(countries ? countryLayers(line, text, landColor) : []),
    ],
  }
}

/** Polygons have no outline here, because it would include the edge of the tile. */
function hoverLayers(color: string): LayerSpecification[] {
  return [
    {
      id: 'hover polygon',
      type: 'fill',
      source: HOVER,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': color, 'fill-opacity': 0.35 },
    },
    {
      id: 'hover line',
      type: 'line',
      source: HOVER,
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': color, 'line-width': 3 },
    },
    {
      id: 'hover point',
      type: 'circle',
      source: HOVER,
      filter: ['==', ['geometry-type'], 'Point'],
      paint: { 'circle-color': color, 'circle-radius': 7 },
    },
  ]
}

function geoJson(data: GeoJSON.GeoJSON): SourceSpecification {
  return { type: 'geojson', data }
}
