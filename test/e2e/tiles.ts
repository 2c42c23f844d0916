/** Fakes of the tile host, with one polygon, one line, one point and a raster, and of the basemap's. */

import { geoJSONToTile } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import type { Route } from 'playwright-core'

/** The only tile host in the catalog. */
export const TILE_HOST = 'https://tiles.globalforestwatch.org'

/** The host of the basemap in the recipes' web pages. */
export const BASEMAP_HOST = 'https://tiles.openfreemap.org'

/** The color of the basemap's style. */
const BASEMAP_COLOR = [240, 200, 80]
const BASEMAP_STYLE = {
  version: 8,
  sources: {},
  layers: [
    {
      id: 'background',
      type: 'background',
      paint: { 'background-color': `rgb(${BASEMAP_COLOR})` },
    },
  ],
}

/** The color of every raster tile, also of the basemap's. */
export const RASTER_COLOR = [200, 30, 120]
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGM4IVcBAAMQAV/gYLjBAAAAAElFTkSuQmCC',
  'base64',
)

const FEATURES: GeoJSON.FeatureCollection = {
  type: 'FeatureCollection',
  features: [
    toFeature('polygon', {
      type: 'Polygon',
      coordinates: [
        [
          [-40, -20],
          [40, -20],
          [40, 40],
          [-40, 40],
          [-40, -20],
        ],
      ],
    }),
    toFeature('line', {
      type: 'LineString',
      coordinates: [
        [-100, 10],
        [-60, 10],
      ],
    }),
    toFeature('point', { type: 'Point', coordinates: [100, 10] }),
  ],
}

function toFeature(name: string, geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: 'Feature', properties: { name, area_ha: 12.5 }, geometry }
}

/** Answers a tile request and allows any origin, as the real host does. */
export async function serveTiles(route: Route): Promise<void> {
  const { pathname } = new URL(route.request().url())
  const headers = { 'Access-Control-Allow-Origin': '*' }
  const [, dataset, z, x, y] = /^\/(\w+)\/.*\/(\d+)\/(\d+)\/(\d+)\.pbf$/.exec(pathname) ?? []
  if (!dataset) return route.fulfill({ headers, contentType: 'image/png', body: PNG })
  const tile = geoJSONToTile(FEATURES, Number(z), Number(x), Number(y), { clip: true })
  const body = Buffer.from(fromGeojsonVt({ [dataset]: tile }))
  return route.fulfill({ headers, contentType: 'application/x-protobuf', body })
}

/** Answers a request for the basemap's style or one of its raster tiles. */
export async function serveBasemap(route: Route): Promise<void> {
  const headers = { 'Access-Control-Allow-Origin': '*' }
  if (route.request().url().includes('/styles/'))
    return route.fulfill({ headers, json: BASEMAP_STYLE })
  return route.fulfill({ headers, contentType: 'image/png', body: PNG })
}
