/** The MapLibre layers of countries. Their data is in `countries.ts`, which is loaded if it is wanted. */

import type { FeatureCollection, MultiLineString, Point } from 'geojson'
import type { LayerSpecification } from 'maplibre-gl'

export type Countries = {
  borders: MultiLineString
  /** A point in the largest part of each country, with its name and size. */
  names: FeatureCollection<Point, { name: string; area: number }>
}

export function countryLayers(lineColor: string, textColor: string, halo: string) {
  return [
    {
      id: 'borders',
      type: 'line',
      source: 'borders',
      paint: { 'line-color': lineColor, 'line-width': 0.75 },
    },
    {
      id: 'country names',
      type: 'symbol',
      source: 'country names',
      layout: {
        'text-field': ['get', 'name'],
        'text-size': ['interpolate', ['linear'], ['zoom'], 1, 10, 5, 14],
        'text-max-width': 7,
        'text-padding': 4,
        // Where names would overlap, the larger country keeps its own.
        'symbol-sort-key': ['-', ['get', 'area']],
      },
      paint: { 'text-color': textColor, 'text-halo-color': halo, 'text-halo-width': 1.5 },
    },
  ] satisfies LayerSpecification[]
}
