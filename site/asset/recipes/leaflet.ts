/** Leaflet: raster tiles, which it draws without a plugin. */

import type { TileJson } from '../../../packages/client/src/client.ts'
import { toJs } from './js-literal.ts'
import type { Recipe } from './recipe.ts'
import { webPage } from './web-page.ts'

/** The version that the tests run the recipe with. */
export const LEAFLET_VERSION = '1.9.4'
const CDN = `https://unpkg.com/leaflet@${LEAFLET_VERSION}/dist`

export function leafletRecipe(id: string, { tiles, minzoom, maxzoom, name }: TileJson): Recipe {
  // Leaflet scales the tiles of other zoom levels.
  const options = { minNativeZoom: minzoom, maxNativeZoom: maxzoom }
  const layer = `L.tileLayer(${toJs(tiles[0])}, ${toJs(options)}).addTo(map)`
  const page = webPage({
    title: name,
    styles: [`${CDN}/leaflet.css`],
    scripts: [`${CDN}/leaflet.js`],
    code: `const map = L.map('map').setView([0, 0], ${Math.max(2, minzoom ?? 0)})\n${layer}`,
  })
  return {
    id: 'leaflet',
    label: 'Leaflet',
    blocks: [
      { label: 'Web page', text: page, fileName: `${id}.leaflet.html` },
      { label: 'Layer', text: layer, note: 'For your own map.' },
    ],
  }
}
