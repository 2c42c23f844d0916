/**
 * Borders and names of countries (Natural Earth, from world-atlas). Imported dynamically, since most
 * readers of a map do without.
 */

import type { Position } from 'geojson'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import atlas from 'world-atlas/countries-110m.json'
import type { Countries } from './country-layers.ts'
import { unroll } from './land.ts'

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }> }>

export function readCountries(): Countries {
  // Boundary: the package documents the shape of its JSON.
  const topology = atlas as unknown as Atlas
  const { countries } = topology.objects
  const names = feature(topology, countries).features.flatMap(({ geometry, properties }) => {
    if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return []
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    const [largest] = polygons
      .map(([outline = []]) => middle(unroll(outline)))
      .sort((one, other) => other.area - one.area)
    if (!largest) return []
    return {
      type: 'Feature' as const,
      properties: { name: properties.name, area: largest.area },
      geometry: { type: 'Point' as const, coordinates: largest.center },
    }
  })
  return {
    borders: mesh(topology, countries, (one, other) => one !== other),
    names: { type: 'FeatureCollection', features: names },
  }
}

/** The centroid of a ring and its area in square degrees (shoelace formula). */
function middle(ring: Position[]): { center: Position; area: number } {
  let twice = 0
  let x = 0
  let y = 0
  for (const [index, [x1 = 0, y1 = 0]] of ring.entries()) {
    const [x2 = 0, y2 = 0] = ring[(index + 1) % ring.length] ?? []
    const cross = x1 * y2 - x2 * y1
    twice += cross
    x += (x1 + x2) * cross
    y += (y1 + y2) * cross
  }
  return { center: [x / (3 * twice), y / (3 * twice)], area: Math.abs(twice) / 2 }
}
