/** Where a map starts, and its view in the URL's fragment: `#map=zoom/latitude/longitude`. */

import type { TileJson } from '../../packages/client/src/client.ts'

export type MapView = { zoom: number; latitude: number; longitude: number }

/** West, south, east, north. */
export type Bounds = [number, number, number, number]

export type Start = { bounds: Bounds } | { view: MapView }

/** Which tiles MapLibre loads at a zoom, in the units of the tiles' URLs. */
export type TileZooms = {
  /** The zoom of the tiles shown, or undefined if there are none this far out. */
  shown: number | undefined
  min: number
  max: number | undefined
}

/** MapLibre's zoom is that of tiles of this width. */
const TILE_SIZE = 512

/** The smallest zoom that MapLibre allows. */
const MAPLIBRE_MIN_ZOOM = -2

const KEY = 'map'
/** Between the equator and Europe, so that most land is in view. */
const WORLD_LATITUDE = 12

/** The recorded bounds, or the world at the smallest zoom that has tiles. */
export function startOf(tileJson: TileJson, width: number): Start {
  const bounds = 'bounds' in tileJson ? readBounds(tileJson.bounds) : undefined
  if (bounds) return { bounds }
  const zoom = Math.max(worldZoom(width), smallestZoom(tileJson))
  return { view: { zoom, latitude: WORLD_LATITUDE, longitude: 0 } }
}

/** How far the reader can zoom out: until the world fits into a map of this width, and to 0 at least. */
export function minZoomOf(width: number): number {
  return Math.min(0, Math.max(MAPLIBRE_MIN_ZOOM, worldZoom(width)))
}

/** The zoom to read: it is below 0 if the map is narrower than a tile, which says nothing to a reader. */
export function zoomText(zoom: number): string {
  return `Zoom ${Math.max(0, zoom).toFixed(1)}`
}

/** The smallest zoom of the map at which there are tiles. */
export function smallestZoom(tileJson: TileJson): number {
  const { minzoom = 0 } = tileJson
  return minzoom === 0 ? Number.NEGATIVE_INFINITY : minzoom - extraZoom(tileJson)
}

/** Whether *Zoom to data* works: it reads the features of vector tiles at zoom 0, the whole world. */
export function canFindData({ vector_layers, minzoom = 0 }: TileJson): boolean {
  return vector_layers !== undefined && minzoom === 0
}

export function tileZooms(tileJson: TileJson, zoom: number): TileZooms {
  const { minzoom: min = 0, maxzoom: max, vector_layers } = tileJson
  const exact = zoom + extraZoom(tileJson)
  // MapLibre draws raster tiles at the nearest zoom, vector tiles from their zoom on.
  const ideal = vector_layers ? Math.floor(exact) : Math.round(exact)
  if (ideal < min && min > 0) return { shown: undefined, min, max }
  return { shown: Math.min(Math.max(ideal, min), max ?? Number.POSITIVE_INFINITY), min, max }
}

/** The view in a fragment, or undefined if there is none that a map can show. */
export function parseFragment(hash: string): MapView | undefined {
  const parts = new URLSearchParams(hash.slice(1)).get(KEY)?.split('/') ?? []
  const [zoom = Number.NaN, latitude = Number.NaN, longitude = Number.NaN] = parts.map(Number)
  const isValid =
    parts.every((part) => part !== '') &&
    between(zoom, MAPLIBRE_MIN_ZOOM, 24) &&
    between(latitude, -90, 90) &&
    between(longitude, -540, 540)
  return isValid ? { zoom, latitude, longitude } : undefined
}

/** The fragment with this view, with as many digits as half a pixel needs. */
export function toFragment({ zoom, latitude, longitude }: MapView): string {
  const digits = Math.max(0, Math.ceil((zoom * Math.LN2 + Math.log(TILE_SIZE / 180)) / Math.LN10))
  const place = [latitude, longitude].map((degrees) => Number(degrees.toFixed(digits)))
  return `#${KEY}=${[Number(zoom.toFixed(2)), ...place].join('/')}`
}

/** The zoom at which the world is as wide as the map. */
function worldZoom(width: number): number {
  return Math.log2(Math.max(width, 1) / TILE_SIZE)
}

/** How much larger the zoom of the tiles is than the map's. */
function extraZoom({ tileSize = TILE_SIZE }: TileJson): number {
  return Math.log2(TILE_SIZE / tileSize)
}

function readBounds(recorded: unknown): Bounds | undefined {
  if (!Array.isArray(recorded)) return undefined
  const [west, south, east, north] = recorded.map(Number)
  if (west === undefined || south === undefined) return undefined
  if (east === undefined || north === undefined) return undefined
  const isValid =
    between(west, -180, east) &&
    between(east, west, 180) &&
    west < east &&
    between(south, -90, north) &&
    between(north, south, 90) &&
    south < north
  return isValid ? [west, south, east, north] : undefined
}

function between(value: number, low: number, high: number): boolean {
  return value >= low && value <= high
}
