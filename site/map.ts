/** MapLibre, and the land: a chunk of its own, as it is larger than the rest of the page. */

import {
  AttributionControl,
  Map as MapLibreMap,
  NavigationControl,
  type PointLike,
  setWorkerUrl,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { TileJson } from '../packages/client/src/client.ts'
import { landOutline } from './land.ts'
import { ASSET, mapStyle } from './map-style.ts'

const LAND = landOutline()

// The pages' policy allows no worker that is not a file.
setWorkerUrl(workerUrl)

/** Of a feature, as its tile has them; none where there is no feature. */
export type Attributes = Record<string, unknown>

export type AssetMap = { inspectCenter(): void; remove(): void }

type Listeners = {
  onAttributes: (attributes: Attributes) => void
  onZoom: (zoom: number) => void
  /** A sentence about tiles that cannot be had. */
  onError: (text: string) => void
}

/** Draws a tile cache. Throws where the browser has no WebGL. */
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
    on.onError(`Tiles that could not be loaded: ${failed}. There may be none here.`)
  })
  on.onZoom(map.getZoom())

  return {
    inspectCenter: () => inspect(map.project(map.getCenter())),
    remove: () => map.remove(),
  }
}
