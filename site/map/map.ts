/** Draws a tile cache with MapLibre. Imported dynamically, since it is larger than the rest of the page. */

import {
  AttributionControl,
  FullscreenControl,
  GeoJSONSource,
  type MapGeoJSONFeature,
  Map as MapLibreMap,
  type MapSourceDataEvent,
  NavigationControl,
  type PointLike,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { TileJson } from '../../packages/client/src/client.ts'
import { ASSET } from './asset-layers.ts'
import { landOutline } from './land.ts'
import { HOVER, type MapLook, mapStyle } from './map-style.ts'
import {
  type MapView,
  minZoomOf,
  parseFragment,
  smallestZoom,
  startOf,
  toFragment,
} from './map-view.ts'
import { TileCount, type TileCounts } from './tile-count.ts'
import { type TileFeature, uniqueFeatures } from './tile-feature.ts'
import { zoomToData } from './zoom-to-data.ts'

const LAND = landOutline()

// The Content-Security-Policy does not allow `blob:` workers.
setWorkerUrl(workerUrl)

export type AssetMap = {
  setLook(look: MapLook): void
  inspectCenter(): void
  /** Resolves to false if no data are found. */
  zoomToData(): Promise<boolean>
  remove(): void
}

type Options = {
  container: HTMLElement
  /** What is shown in full screen: the map and what belongs to it. */
  frame: HTMLElement
  tileJson: TileJson
  look: MapLook
  /** Called with the features where the reader clicked; none if there is nothing. */
  onInspect: (features: TileFeature[]) => void
  onZoom: (zoom: number) => void
  onTiles: (counts: TileCounts) => void
}

/** Throws if the browser cannot create a WebGL context. */
export function showMap(options: Options): AssetMap {
  const { container, frame, tileJson, look, onInspect, onZoom, onTiles } = options
  const map = new MapLibreMap({
    container,
    style: mapStyle(tileJson, LAND, look),
    minZoom: minZoomOf(container.clientWidth),
    attributionControl: false,
    // For paper: the browser prints the canvas as it was drawn last.
    canvasContextAttributes: { preserveDrawingBuffer: true },
    // The page scrolls when the pointer is over the map.
    cooperativeGestures: true,
  })
  start(map, tileJson)
  map.addControl(new NavigationControl({ showCompass: false }))
  map.addControl(new FullscreenControl({ container: frame }))
  map.addControl(new ScaleControl())
  map.addControl(new AttributionControl({ customAttribution: 'Land: Natural Earth' }))
  const stopFollowing = followFragment(map)
  countTiles(map, onTiles)
  if (tileJson.vector_layers) highlightHovered(map)

  const inspect = (point: PointLike) =>
    onInspect(uniqueFeatures(featuresAt(map, point).map(toTileFeature)))
  map.on('click', ({ point }) => inspect(point))
  map.on('resize', () => map.setMinZoom(minZoomOf(container.clientWidth)))
  map.on('zoom', () => onZoom(map.getZoom()))
  onZoom(map.getZoom())

  let next = look
  let isStyled = false
  map.once('style.load', () => {
    isStyled = true
    if (next !== look) map.setStyle(mapStyle(tileJson, LAND, next))
  })
  return {
    setLook(look) {
      if (look === next) return
      next = look
      if (isStyled) map.setStyle(mapStyle(tileJson, LAND, look))
    },
    inspectCenter: () => inspect(map.project(map.getCenter())),
    zoomToData: () => zoomToData(map, tileJson),
    remove() {
      stopFollowing()
      map.remove()
    },
  }
}

/** Moves to the view in the URL, or to the start of the asset. */
function start(map: MapLibreMap, tileJson: TileJson) {
  const where = startOf(tileJson, map.getContainer().clientWidth)
  const view = parseFragment(location.hash) ?? ('view' in where ? where.view : undefined)
  if (view) jump(map, view)
  else if ('bounds' in where) {
    map.fitBounds(where.bounds, { padding: 24, animate: false })
    const smallest = smallestZoom(tileJson)
    if (map.getZoom() < smallest) map.setZoom(smallest)
  }
}

function jump(map: MapLibreMap, { zoom, latitude, longitude }: MapView) {
  map.jumpTo({ zoom, center: [longitude, latitude] })
}

/**
 * Keeps the fragment and the map's view the same. MapLibre's own `hash` would also write the view
 * that a map starts with, and clear the fragment of the page that *Back* has led to.
 */
function followFragment(map: MapLibreMap): () => void {
  const follow = () => {
    const view = parseFragment(location.hash)
    if (view) jump(map, view)
  }
  addEventListener('hashchange', follow)
  map.on('moveend', ({ originalEvent }) => {
    // Only the reader's own moves have such an event.
    if (!originalEvent) return
    const { lat: latitude, lng: longitude } = map.getCenter()
    const fragment = toFragment({ zoom: map.getZoom(), latitude, longitude })
    history.replaceState(history.state, '', fragment)
  })
  return () => removeEventListener('hashchange', follow)
}

function countTiles(map: MapLibreMap, onTiles: (counts: TileCounts) => void) {
  const count = new TileCount()
  const on = (
    type: 'sourcedataloading' | 'sourcedata' | 'sourcedataabort',
    update: (tile: string) => void,
  ) =>
    map.on(type, ({ sourceId, tile, coord }: MapSourceDataEvent) => {
      if (sourceId !== ASSET || !tile) return
      const { z, x, y } = coord.canonical
      update(`${z}/${x}/${y}`)
    })
  on('sourcedataloading', (tile) => count.ask(tile))
  on('sourcedata', (tile) => count.load(tile))
  on('sourcedataabort', (tile) => count.abort(tile))
  // Without a listener, MapLibre writes each error to the console.
  map.on('error', () => {})
  map.on('idle', () => {
    count.settle()
    onTiles(count.counts)
  })
}

function highlightHovered(map: MapLibreMap) {
  map.on('mousemove', ({ point }) => {
    const [feature] = featuresAt(map, point)
    map.getCanvas().style.cursor = feature ? 'pointer' : ''
    setHovered(map, feature ? [feature] : [])
  })
  map.on('mouseout', () => setHovered(map, []))
}

function setHovered(map: MapLibreMap, features: MapGeoJSONFeature[]) {
  const source = map.getSource(HOVER)
  if (!(source instanceof GeoJSONSource)) return
  const shown = features.map(({ geometry }) => ({
    type: 'Feature' as const,
    properties: {},
    geometry,
  }))
  source.setData({ type: 'FeatureCollection', features: shown })
}

function featuresAt(map: MapLibreMap, point: PointLike): MapGeoJSONFeature[] {
  const layers = map.getLayersOrder().filter((id) => id.startsWith(ASSET))
  return map.queryRenderedFeatures(point, { layers })
}

function toTileFeature({ sourceLayer = '', id, properties }: MapGeoJSONFeature): TileFeature {
  return { layer: sourceLayer, id, attributes: properties }
}
