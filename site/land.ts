/** The outline of the land (Natural Earth, through world-atlas), for maps that are plane. Pure. */

import type { MultiPolygon, Position } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, MultiPolygon as Shape, Topology } from 'topojson-specification'
import atlas from 'world-atlas/land-110m.json'

const SOUTH_EDGE = -90

/** All land. Longitudes go on beyond ±180 where a shore crosses the antimeridian. */
export function landOutline(): MultiPolygon {
  // Boundary: what the package's JSON is, its documentation says.
  const topology = atlas as unknown as Topology<{ land: GeometryCollection }>
  const coordinates = topology.objects.land.geometries.flatMap(
    (shape) => feature(topology, shape as Shape).geometry.coordinates,
  )
  return { type: 'MultiPolygon', coordinates: coordinates.map((polygon) => polygon.map(unroll)) }
}

/** The atlas has its rings on a sphere: on a plane, no shore leaps from one side to the other. */
function unroll(ring: Position[]): Position[] {
  let turned = 0
  let last = 0
  const plane = ring.map(([longitude = 0, latitude = 0], index) => {
    if (index > 0 && Math.abs(longitude - last) > 180) turned += longitude < last ? 360 : -360
    last = longitude
    return [longitude + turned, latitude]
  })
  // Around the pole: closed along the edge of the map.
  if (turned !== 0) return [...plane, [180, SOUTH_EDGE], [-180, SOUTH_EDGE], ...plane.slice(0, 1)]
  // A lake stays in its land, though only one of them crosses the antimeridian.
  const middle = plane.reduce((sum, [longitude = 0]) => sum + longitude, 0) / plane.length
  const shift = 360 * Math.round(middle / 360)
  return plane.map(([longitude = 0, latitude = 0]) => [longitude - shift, latitude])
}
