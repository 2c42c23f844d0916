/** Moves the map to where the features of vector tiles are. */

import type { Map as MapLibreMap } from 'maplibre-gl'
import type { TileJson } from '../../packages/client/src/client.ts'
import { ASSET } from './asset-layers.ts'
import { boundsOf } from './data-bounds.ts'
import { tileZooms } from './map-view.ts'

const PADDING = 24
/** A single point has no extent to fit. */
const MAX_ZOOM = 12
/** Makes a move one of the reader's, which the fragment of the URL follows. */
const BY_READER = { originalEvent: new Event('click') }

/**
 * Reads the features of the tiles of zoom 0, which cover the world.
 *
 * @returns false if they have none: tiles of zoom 0 may leave out what is too small to draw
 */
export async function zoomToData(map: MapLibreMap, tileJson: TileJson): Promise<boolean> {
  // MapLibre zooms out as far as the map has no empty border, which may be to zoom 1 on large screens.
  const isWorld = tileZooms(tileJson, map.getZoom()).shown === 0
  if (!isWorld) map.jumpTo({ center: [0, 0], zoom: 0 }, BY_READER)
  if (!isWorld || !map.areTilesLoaded()) await map.once('idle')
  const layers = tileJson.vector_layers ?? []
  const features = layers.flatMap(({ id }) => map.querySourceFeatures(ASSET, { sourceLayer: id }))
  const bounds = boundsOf(features.map(({ geometry }) => geometry))
  if (!bounds) return false
  const maxZoom = Math.min(MAX_ZOOM, tileJson.maxzoom ?? MAX_ZOOM)
  map.fitBounds(bounds, { padding: PADDING, maxZoom }, BY_READER)
  return true
}
