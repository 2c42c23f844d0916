/** Natural Earth land polygons (from world-atlas) for a planar map. */

import type { MultiPolygon, Position } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, MultiPolygon as Shape, Topology } from 'topojson-specification'
import atlas from 'world-atlas/land-110m.json'

const SOUTH_EDGE = -90

/** All land. Longitudes exceed ±180 in polygons that cross the antimeridian. */
export function landOutline(): MultiPolygon {
  // Boundary: the package documents the shape of its JSON.
  const topology = atlas as unknown as Topology<{ land: GeometryCollection }>
  const coordinates = topology.objects.land.geometries.flatMap(
    (shape) => feature(topology, shape as Shape).geometry.coordinates,
  )
  return { type: 'MultiPolygon', coordinates: coordinates.map((polygon) => polygon.map(unroll)) }
}

/** Shifts longitudes so that a ring has no jump of 360° at the antimeridian. */
export function unroll(ring: Position[]): Position[] {
  let offset = 0
  let last = 0
  const plane = ring.map(([longitude = 0, latitude = 0], index) => {
    if (index > 0 && Math.abs(longitude - last) > 180) offset += longitude < last ? 360 : -360
    last = longitude
    return [longitude + offset, latitude]
  })
  // A ring around the pole is closed along the bottom edge of the map.
  if (offset !== 0) return [...plane, [180, SOUTH_EDGE], [-180, SOUTH_EDGE], ...plane.slice(0, 1)]
  // Centers the ring within ±180, so that a hole stays inside its unrolled outer ring.
  const middle = plane.reduce((sum, [longitude = 0]) => sum + longitude, 0) / plane.length
  const shift = 360 * Math.round(middle / 360)
  return plane.map(([longitude = 0, latitude = 0]) => [longitude - shift, latitude])
}
