/** Meridians and parallels, with their names, as lines of a planar map. */

import type { FeatureCollection, LineString, Position } from 'geojson'
import type { LayerSpecification } from 'maplibre-gl'

/** Distances between lines in degrees, and the zoom from which they are drawn. */
const STEPS = [
  { step: 30, minzoom: 0 },
  { step: 10, minzoom: 3 },
  { step: 1, minzoom: 6 },
]

/** Where a Mercator map ends. */
const LAST_PARALLEL = 85

export type Lines = FeatureCollection<LineString, { name: string; step: number }>

/** Each line has the largest step that it is a multiple of. */
export function graticule(): Lines {
  const meridians = degrees(-180, 179).map((longitude) =>
    line(longitude, compass(longitude, 'E', 'W'), [
      [longitude, -LAST_PARALLEL],
      [longitude, LAST_PARALLEL],
    ]),
  )
  const parallels = degrees(-80, 80).map((latitude) =>
    line(latitude, compass(latitude, 'N', 'S'), [
      [-180, latitude],
      [180, latitude],
    ]),
  )
  return { type: 'FeatureCollection', features: [...meridians, ...parallels] }
}

export function graticuleLayers(lineColor: string, textColor: string, halo: string) {
  return STEPS.flatMap(({ step, minzoom }): LayerSpecification[] => {
    const shared = { source: 'graticule', minzoom, filter: ['==', ['get', 'step'], step] } as const
    return [
      {
        ...shared,
        id: `graticule ${step}`,
        type: 'line',
        filter: ['==', ['get', 'step'], step],
        paint: { 'line-color': lineColor, 'line-width': 0.75, 'line-dasharray': [4, 3] },
      },
      {
        ...shared,
        id: `graticule names ${step}`,
        type: 'symbol',
        filter: ['==', ['get', 'step'], step],
        layout: {
          'symbol-placement': 'line',
          'symbol-spacing': 300,
          'text-field': ['get', 'name'],
          'text-size': 10,
        },
        paint: { 'text-color': textColor, 'text-halo-color': halo, 'text-halo-width': 1.5 },
      },
    ]
  })
}

function line(degree: number, name: string, coordinates: Position[]): Lines['features'][number] {
  const step = STEPS.find((one) => degree % one.step === 0)?.step ?? 1
  return {
    type: 'Feature',
    properties: { name, step },
    geometry: { type: 'LineString', coordinates },
  }
}

function degrees(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** `30° W`; the equator and the prime meridian have no direction. */
function compass(degree: number, positive: string, negative: string): string {
  if (degree === 0 || degree === -180) return `${Math.abs(degree)}°`
  return `${Math.abs(degree)}° ${degree > 0 ? positive : negative}`
}
