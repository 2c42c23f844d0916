/** The bounds of the features in tiles. */

import type { Geometry, Position } from 'geojson'
import type { Bounds } from './map-view.ts'

/** Tiles hold some features beyond the edges of the world. */
const WORLD: Bounds = [-180, -85, 180, 85]

/** Undefined if there is no coordinate. */
export function boundsOf(geometries: Geometry[]): Bounds | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [longitude = 0, latitude = 0] of geometries.flatMap(positionsOf)) {
    west = Math.min(west, longitude)
    south = Math.min(south, latitude)
    east = Math.max(east, longitude)
    north = Math.max(north, latitude)
  }
  if (west > east) return undefined
  const [left, bottom, right, top] = WORLD
  return [
    Math.max(west, left),
    Math.max(south, bottom),
    Math.min(east, right),
    Math.min(north, top),
  ]
}

function positionsOf(geometry: Geometry): Position[] {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates]
    case 'MultiPoint':
    case 'LineString':
      return geometry.coordinates
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.flat()
    case 'MultiPolygon':
      return geometry.coordinates.flat(2)
    case 'GeometryCollection':
      return geometry.geometries.flatMap(positionsOf)
  }
}
