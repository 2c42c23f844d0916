/** Draws a tile cache with MapLibre. Imported dynamically, since it is larger than the rest of the page. */

import {
  AttributionControl,
  Map as MapLibreMap,
  NavigationControl,
  type PointLike,
  setWorkerUrl,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { TileJson } from '../../packages/client/src/client.ts'
import { landOutline } from './land.ts'
import { ASSET, mapStyle } from './map-style.ts'

const LAND = landOutline()

// The Content-Security-Policy does not allow `blob:` workers.
setWorkerUrl(workerUrl)

/** The attributes of a feature in its tile; empty if there is no feature. */
export type Attributes = Record<string, unknown>

export type AssetMap = { inspectCenter(): void; remove(): void }

type Listeners = {
  onAttributes: (attributes: Attributes) => void
  onZoom: (zoom: number) => void
  /** Called with a message if tiles fail to load. */
  onError: (text: string) => void
}

/** Throws if the browser has no WebGL. */
export function showMap(container: HTMLElement, tileJson: TileJson, on: Listeners): AssetMap {
  const scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  const map = new MapLibreMap({
    container,
    style: mapStyle(tileJson, LAND, scheme),
    center: [0, 10],
    zoom: Math.max(0.5, tileJson.minzoom ?? 0),
    attributionControl: false,
  })
  map.addControl(new NavigationControl({ showCompass: false }))
  map.addControl(new AttributionControl({ customAttribution: 'Land: Natural Earth' }))

  function inspect(point: PointLike) {
    const layers = map.getLayersOrder().filter((id) => id.startsWith(ASSET))
    on.onAttributes(map.queryRenderedFeatures(point, { layers })[0]?.properties ?? {})
  }

  let failed = 0
  map.on('click', ({ point }) => inspect(point))
  map.on('zoom', () => on.onZoom(map.getZoom()))
  map.on('error', () => {
    failed++
    on.onError(`Tiles that failed to load: ${failed}. There may be no data here.`)
  })
  on.onZoom(map.getZoom())

  return {
    inspectCenter: () => inspect(map.project(map.getCenter())),
    remove: () => map.remove(),
  }
}
